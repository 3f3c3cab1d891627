import type { CDPSession } from 'playwright-core';

/** A page or worker, which has a JavaScript heap of its own. */
export interface Heap {
  readonly worker: string;
  send(method: string, parameters?: object): Promise<Answer>;
  on(event: string, listener: (parameters: Answer) => void): void;
}

/** The parts of the debugger's answers that are used here. */
interface Answer {
  readonly chunk?: string;
  readonly result?: { readonly objectId?: string; readonly value?: unknown };
  readonly objects?: { readonly objectId: string };
  readonly exceptionDetails?: unknown;
}

/** Those of the workers that there are, and the page's. */
export async function heapsOf(session: CDPSession): Promise<Heap[]> {
  const workers: Heap[] = [];
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    workers.push(workerHeap(session, sessionId, targetInfo.url));
  });
  // The workers that there are attach before this is answered.
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const page: Heap = {
    worker: '',
    send: (method, parameters) => session.send(method as never, parameters as never) as Promise<Answer>,
    on: (event, listener) => void session.on(event as never, listener as never),
  };
  return [...workers, page];
}

/** A worker, whose messages travel inside those of its page. */
function workerHeap(session: CDPSession, sessionId: string, worker: string): Heap {
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const listeners = new Map<string, (parameters: Answer) => void>();
  let messages = 0;
  session.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return;
    const { id, method, params, result, error } = JSON.parse(event.message);
    if (method !== undefined) listeners.get(method)?.(params);
    else if (error !== undefined) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
  });
  return {
    worker,
    on: (event, listener) => void listeners.set(event, listener),
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = ++messages;
        waiting.set(id, { resolve, reject });
        const message = JSON.stringify({ id, method, params });
        session.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject);
      }),
  };
}
