import { throwIfCancelled } from './options';

/** Milliseconds that a thread works in one go: whoever waits for it hardly notices. */
const STRETCH = 30;

/**
 * For long loops: the function that is returned, called in each round, lets the thread see to whatever else has
 * come in by now (messages, signals of the system, timers), each time it worked for a while. It throws `cancelled`
 * once `signal` is aborted.
 */
export function givingWay(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    throwIfCancelled(signal);
    if (performance.now() - since < STRETCH) return;
    await nextTask();
    since = performance.now();
    throwIfCancelled(signal);
  };
}

/** By a message: browsers delay timers that follow one another. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
