import { KeyAreaError } from '../engine/errors';
import type { CallOptions, Handle, KeyAreaService } from '../viewer/service';
import type { Answer, Channel, Command, Results } from './protocol';

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: CallOptions['onProgress'];
}

/** What has to be closed again where a handle arrives that nobody waits for any more. */
const CLOSING = {
  'open-job': (job: Handle): Command => ({ command: 'close-job', job }),
  'open-keyring': (keyring: Handle): Command => ({ command: 'close-keyring', keyring }),
} as const;

/** A channel that can fail as a whole and be ended: what a `Worker` is. */
export interface WorkerChannel extends Channel {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: Event) => void): void;
  terminate(): void;
}

/**
 * The page's end of a worker that runs `serve`. The worker is started by `start` at the first request,
 * so a client that is not used costs nothing. `dispose` ends the worker.
 */
export function createKeyAreaClient(start: () => WorkerChannel): KeyAreaService {
  const pending = new Map<number, Pending>();
  let channel: WorkerChannel | undefined;
  let requests = 0;
  let disposed = false;

  function failAll(error: Error): void {
    const waiting = [...pending.values()];
    pending.clear();
    for (const { reject } of waiting) reject(error);
  }

  function end(error: Error): void {
    channel?.terminate();
    channel = undefined;
    failAll(error);
  }

  function connect(): WorkerChannel {
    const started = start();
    started.addEventListener('message', (event) => receive(event.data as Answer));
    const onFailure = () =>
      end(
        new Error(
          'The background worker could not be started or stopped working. Reload the page; if it happens again, the extension is not installed completely.',
        ),
      );
    started.addEventListener('error', onFailure);
    started.addEventListener('messageerror', onFailure);
    return started;
  }

  function receive(answer: Answer): void {
    const call = pending.get(answer.request);
    if (call === undefined) return;
    if (answer.kind === 'progress') {
      call.onProgress?.(answer.done, answer.total);
      return;
    }
    pending.delete(answer.request);
    if (answer.kind === 'result') call.resolve(answer.result as never);
    else call.reject(revive(answer));
  }

  function send<C extends Command>(
    command: C,
    call: CallOptions = {},
    transfer: Transferable[] = [],
  ): Promise<Results[C['command']]> {
    const { signal, onProgress } = call;
    if (signal?.aborted || disposed) return Promise.reject(cancelled());
    channel ??= connect();
    const request = ++requests;
    const sent = channel;
    return new Promise<Results[C['command']]>((resolve, reject) => {
      const settle = () => signal?.removeEventListener('abort', cancel);
      const cancel = () => {
        // The caller need not wait for a worker that is busy deriving a key; what still comes is tidied up.
        reject(cancelled());
        settle();
        pending.set(request, {
          resolve: (late) => tidyUp(command.command, late),
          reject: ignore,
          onProgress: ignore,
        });
        sent.postMessage({ request: ++requests, command: 'cancel', target: request }, []);
      };
      pending.set(request, {
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress,
      });
      signal?.addEventListener('abort', cancel);
      sent.postMessage({ request, ...command }, transfer);
    });
  }

  /** Where the worker has ended, everything in it is closed. */
  const close = async (command: ReturnType<(typeof CLOSING)[keyof typeof CLOSING]>): Promise<void> => {
    if (channel !== undefined) await send(command);
  };

  function tidyUp(command: Command['command'], late: unknown): void {
    if (command === 'open-job' || command === 'open-keyring') void send(CLOSING[command](late as Handle));
  }

  return {
    openJob: (options, call) => send({ command: 'open-job', options }, call),
    protect: (job, file, options, call) => send({ command: 'protect', job, file, options }, call, [file]),
    closeJob: (job) => close({ command: 'close-job', job }),
    openKeyring: (secret, call) => send({ command: 'open-keyring', secret }, call),
    restore: (keyring, file, call) => send({ command: 'restore', keyring, file }, call, [file]),
    closeKeyring: (keyring) => close({ command: 'close-keyring', keyring }),
    inspect: (file, call) => send({ command: 'inspect', file }, call, [file]),
    dispose: () => {
      disposed = true;
      end(cancelled());
    },
  };
}

function revive(answer: Extract<Answer, { kind: 'error' }>): Error {
  return answer.code === undefined
    ? new Error(answer.message)
    : new KeyAreaError(answer.code, answer.message);
}

const ignore = () => {};

const cancelled = () => new KeyAreaError('cancelled', 'Cancelled.');
