import { KeyAreaError } from '../engine/errors';
import type { CallOptions } from '../viewer/service';
import type { Answer, Channel, Command, Results } from './protocol';

/** A channel that can fail as a whole and be ended: what a `Worker` is. */
export interface WorkerChannel extends Channel {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: Event) => void): void;
  terminate(): void;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: CallOptions['onProgress'];
}

/** What has to be closed again where its number arrives and nobody waits for it any more. */
const CLOSING: { readonly [command in Command['command']]?: (number: number) => Command } = {
  'open-job': (job) => ({ command: 'close-job', job }),
  'open-keyring': (keyring) => ({ command: 'close-keyring', keyring }),
  'open-file': (file) => ({ command: 'close-file', file }),
};

/**
 * The page's end of one worker that runs `serve`. The worker is started at the first command, so a
 * connection that is not used costs nothing; after a failure the next command starts another.
 */
export class WorkerConnection {
  readonly #start: () => WorkerChannel;
  readonly #pending = new Map<number, Pending>();
  #channel: WorkerChannel | undefined;
  #requests = 0;
  #ended = false;

  constructor(start: () => WorkerChannel) {
    this.#start = start;
  }

  /** Sends a command; `transfer` lists the buffers that are handed over. Throws what the worker throws. */
  send<C extends Command>(
    command: C,
    call: CallOptions = {},
    transfer: Transferable[] = [],
  ): Promise<Results[C['command']]> {
    const { signal, onProgress } = call;
    if (signal?.aborted || this.#ended) return Promise.reject(cancelled());
    try {
      this.#channel ??= this.#connect();
    } catch (cause) {
      return Promise.reject(notWorking(cause));
    }
    const request = ++this.#requests;
    const sent = this.#channel;
    return new Promise<Results[C['command']]>((resolve, reject) => {
      const settle = () => signal?.removeEventListener('abort', cancel);
      const cancel = () => {
        // The caller need not wait for a worker that is busy deriving a key; what still comes is tidied up.
        reject(cancelled());
        settle();
        this.#pending.set(request, {
          resolve: (late) => this.#tidyUp(command.command, late),
          reject: ignore,
          onProgress: ignore,
        });
        sent.postMessage({ request: ++this.#requests, command: 'cancel', target: request }, []);
      };
      this.#pending.set(request, {
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

  /** Closes something in the worker. Where the worker has ended, everything in it is closed. */
  async close(command: Extract<Command, { command: `close-${string}` }>): Promise<void> {
    if (this.#channel !== undefined) await this.send(command);
  }

  /** Ends the worker, and with it every key and file that it holds. Commands under way are cancelled. */
  end(): void {
    this.#ended = true;
    this.#stop(cancelled());
  }

  #connect(): WorkerChannel {
    const started = this.#start();
    started.addEventListener('message', (event) => this.#receive(event.data as Answer));
    const onFailure = () => {
      // What is told late of a worker that has ended is not the next one's failure.
      if (this.#channel === started) this.#stop(notWorking());
    };
    started.addEventListener('error', onFailure);
    started.addEventListener('messageerror', onFailure);
    return started;
  }

  #receive(answer: Answer): void {
    const call = this.#pending.get(answer.request);
    if (call === undefined) return;
    if (answer.kind === 'progress') {
      call.onProgress?.(answer.done, answer.total);
      return;
    }
    this.#pending.delete(answer.request);
    if (answer.kind === 'result') call.resolve(answer.result as never);
    else call.reject(revive(answer));
  }

  #stop(error: Error): void {
    this.#channel?.terminate();
    this.#channel = undefined;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(error);
  }

  #tidyUp(command: Command['command'], late: unknown): void {
    const closing = CLOSING[command]?.(late as number);
    if (closing !== undefined) void this.send(closing);
  }
}

function revive(answer: Extract<Answer, { kind: 'error' }>): Error {
  return answer.code === undefined
    ? new Error(answer.message)
    : new KeyAreaError(answer.code, answer.message);
}

const notWorking = (cause?: unknown): Error =>
  new Error(
    'The background worker could not be started or stopped working. Reload the page; if it happens again, the extension is not installed completely.',
    { cause },
  );

const ignore = () => {};

export const cancelled = () => new KeyAreaError('cancelled', 'Cancelled.');
