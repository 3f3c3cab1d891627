import type { WorkerChannel } from './connection';

/**
 * Starts the worker from its own file beside the extension's entry, as a strict content security policy
 * asks; `url` names another place where a site serves it from.
 */
export function startWorker(url?: string): WorkerChannel {
  if (url !== undefined) return new Worker(url, { type: 'module' });
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}
