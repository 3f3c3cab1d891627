import { inspectFile, protectFile, restoreFile } from '../dicom/index';
import {
  createKeyring,
  createProtectionJob,
  KeyAreaError,
  type Keyring,
  type ProtectionJob,
} from '../engine/index';
import { describeFile } from './description';
import type { Answer, Channel, Command, Request } from './protocol';

type Progress = (done: number, total: number) => void;

/**
 * Answers requests on `channel` until the worker ends. Jobs and keyrings live here, so that content
 * keys and secrets are derived once per series and never leave the worker.
 */
export function serve(channel: Channel): void {
  const jobs = new Map<number, ProtectionJob>();
  const keyrings = new Map<number, Keyring>();
  const running = new Map<number, AbortController>();
  let handles = 0;

  const answer = (message: Answer, transfer: Transferable[] = []) => channel.postMessage(message, transfer);

  async function run(command: Command, signal: AbortSignal, onProgress: Progress): Promise<unknown> {
    switch (command.command) {
      case 'open-job': {
        const job = await createProtectionJob(command.options);
        if (signal.aborted) {
          job.dispose();
          throw new KeyAreaError('cancelled', 'Cancelled.');
        }
        jobs.set(++handles, job);
        return handles;
      }
      case 'close-job':
        jobs.get(command.job)?.dispose();
        jobs.delete(command.job);
        return undefined;
      case 'protect': {
        const job = open(jobs, command.job);
        const file = new Uint8Array(command.file);
        const result = await protectFile(file, job, { ...command.options, onProgress, signal });
        return handOver(result);
      }
      case 'open-keyring':
        keyrings.set(++handles, createKeyring(command.secret));
        return handles;
      case 'close-keyring':
        keyrings.get(command.keyring)?.dispose();
        keyrings.delete(command.keyring);
        return undefined;
      case 'restore': {
        const keyring = open(keyrings, command.keyring);
        const result = await restoreFile(new Uint8Array(command.file), keyring, { onProgress, signal });
        return handOver(result);
      }
      case 'inspect':
        return inspectFile(new Uint8Array(command.file));
      case 'cancel':
        running.get(command.target)?.abort();
        return undefined;
    }
  }

  channel.addEventListener('message', async (event: MessageEvent<Request>) => {
    const { request, ...command } = event.data;
    const controller = new AbortController();
    running.set(request, controller);
    const onProgress: Progress = (done, total) => answer({ request, kind: 'progress', done, total });
    try {
      const result = await run(command as Command, controller.signal, onProgress);
      const file = (result as { file?: unknown } | undefined)?.file;
      answer({ request, kind: 'result', result }, file instanceof ArrayBuffer ? [file] : []);
    } catch (error) {
      answer(failure(request, error));
    } finally {
      running.delete(request);
    }
  });
}

function open<T>(handles: Map<number, T>, handle: number): T {
  const found = handles.get(handle);
  if (found === undefined) throw new KeyAreaError('invalid-argument', 'This job was closed. Start again.');
  return found;
}

/** The result with its file described, and as a buffer that can be transferred. */
function handOver<T extends { readonly file: Uint8Array }>(result: T) {
  const { file } = result;
  const whole = file.byteOffset === 0 && file.byteLength === file.buffer.byteLength;
  const bytes = whole && file.buffer instanceof ArrayBuffer ? file : file.slice();
  return { ...result, file: bytes.buffer, description: describeFile(file) };
}

function failure(request: number, error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof KeyAreaError
    ? { request, kind: 'error', code: error.code, message }
    : { request, kind: 'error', message };
}
