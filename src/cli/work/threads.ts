import { type MessagePort, parentPort, type TransferListItem, Worker } from 'node:worker_threads';
import { type ErrorCode, KeyAreaError } from '../../engine/index';
import { Performer } from './perform';
import type { Executor, OnProgress, Result, Task, TaskName } from './task';

/** Does all work in the calling thread, for one file: starting another one takes longer. */
export function localExecutor(): Executor {
  const performer = new Performer();
  const controller = new AbortController();
  return {
    size: 1,
    perform: (task, onProgress = ignore) => performer.perform(task, onProgress, controller.signal),
    dispose: async () => {
      controller.abort();
      performer.dispose();
    },
  };
}

interface Request {
  readonly request: number;
  readonly task: Task;
}

type Answer =
  | { readonly request: number; readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly request: number; readonly kind: 'result'; readonly result: Result }
  /** `code` is missing where the failure is a defect of this software. */
  | {
      readonly request: number;
      readonly kind: 'error';
      readonly code?: ErrorCode;
      readonly message: string;
      readonly acceptable?: boolean;
    };

/** Serves requests as long as the thread lives. */
export function serve(port: Pick<MessagePort, 'on' | 'postMessage'>): void {
  const performer = new Performer();
  port.on('message', async ({ request, task }: Request) => {
    const answer = (message: Answer) => port.postMessage(message, buffersOf(message));
    try {
      const result = await performer.perform(task, (done, total) =>
        answer({ request, kind: 'progress', done, total }),
      );
      answer({ request, kind: 'result', result: handedOver(result) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const ours = error instanceof KeyAreaError ? { code: error.code, acceptable: error.acceptable } : {};
      answer({ request, kind: 'error', ...ours, message });
    }
  });
}

/** Serves the pool that started this thread; false in the main thread. */
export function serveAsThread(): boolean {
  if (parentPort === null) return false;
  serve(parentPort);
  return true;
}

/** A thread of a pool. */
export type Thread = Pick<Worker, 'on' | 'postMessage' | 'terminate'>;

interface Waiting {
  readonly task: Task;
  readonly onProgress: OnProgress;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does work in threads that run `script`, which has to call {@link serveAsThread}. Each thread does one
 * piece at a time; the next free one takes the next piece.
 */
export function threadPool(size: number, script: string): Executor {
  return poolOf(size, () => new Worker(script));
}

/** A pool of the threads that `start` starts; each is started when it is needed. */
export function poolOf(size: number, start: () => Thread): Executor {
  const queue: Waiting[] = [];
  const idle: ReturnType<typeof open>[] = [];
  const threads = new Set<ReturnType<typeof open>>();
  let disposed = false;

  function open() {
    const thread = start();
    let requests = 0;
    let current: Waiting | undefined;
    const opened = {
      take(waiting: Waiting): void {
        current = waiting;
        const message: Request = { request: ++requests, task: handedOver(waiting.task) };
        thread.postMessage(message, buffersOf(message));
      },
      async end(error: unknown): Promise<void> {
        threads.delete(opened);
        if (idle.includes(opened)) idle.splice(idle.indexOf(opened), 1);
        current?.reject(error);
        current = undefined;
        await thread.terminate();
      },
    };
    thread.on('message', (answer: Answer) => {
      if (current === undefined || answer.request !== requests) return;
      if (answer.kind === 'progress') {
        current.onProgress(answer.done, answer.total);
        return;
      }
      const { resolve, reject } = current;
      current = undefined;
      idle.push(opened);
      if (answer.kind === 'result') resolve(answer.result as never);
      else reject(revive(answer));
      next();
    });
    thread.on('error', (error: Error) => {
      void opened.end(new Error(`A thread stopped working: ${error.message}`, { cause: error }));
      next();
    });
    threads.add(opened);
    return opened;
  }

  function next(): void {
    while (!disposed && queue.length > 0) {
      const free = idle.pop() ?? (threads.size < size ? open() : undefined);
      const waiting = free && queue.shift();
      if (free === undefined || waiting === undefined) return;
      free.take(waiting);
    }
  }

  return {
    size,
    perform: <N extends TaskName>(task: Task<N>, onProgress: OnProgress = ignore) =>
      new Promise<Result<N>>((resolve, reject) => {
        if (disposed) {
          reject(cancelled());
          return;
        }
        queue.push({ task: task as Task, onProgress, resolve, reject });
        next();
      }),
    dispose: async () => {
      disposed = true;
      for (const { reject } of queue.splice(0)) reject(cancelled());
      await Promise.all([...threads].map((thread) => thread.end(cancelled())));
    },
  };
}

const ignore = () => {};

const cancelled = () => new KeyAreaError('cancelled', 'Cancelled.');

const revive = ({ code, message, acceptable = false }: Extract<Answer, { kind: 'error' }>): Error =>
  code === undefined ? new Error(message) : new KeyAreaError(code, message, { acceptable });

/** The fields in which files travel. */
const FILE_FIELDS = ['file', 'protected', 'original'] as const;

/** The same, its files each in a buffer of its own, so that handing it over takes nothing else along. */
function handedOver<T extends object>(message: T): T {
  const files = Object.entries(message).filter(
    ([field, value]) => (FILE_FIELDS as readonly string[]).includes(field) && value instanceof Uint8Array,
  );
  return { ...message, ...Object.fromEntries(files.map(([field, bytes]) => [field, alone(bytes)])) };
}

function alone(bytes: Uint8Array): Uint8Array {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  // `slice` of Node's Buffer would not copy.
  return whole ? bytes : Uint8Array.prototype.slice.call(bytes);
}

/** The buffers of the files in a message. */
function buffersOf(message: Request | Answer): TransferListItem[] {
  const content = 'task' in message ? message.task : message.kind === 'result' ? message.result : {};
  return FILE_FIELDS.flatMap((field) => {
    const value: unknown = (content as Record<string, unknown>)[field];
    return value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
  });
}
