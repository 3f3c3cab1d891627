import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** What tests need that start a server of others on this machine. */

/** A port of the loopback interface that is free now; another process may take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was found');
  return address.port;
}

/**
 * True as soon as `url` is answered with a text that holds `mark`, which tells the program from others that
 * may have its port; false where the program ends before.
 */
export async function answers(child: ChildProcess, url: string, mark: string): Promise<boolean> {
  const runs = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  while (runs()) {
    const text = await fetch(url)
      .then((response) => (response.ok ? response.text() : undefined))
      .catch(() => undefined);
    if (text?.includes(mark)) return runs();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
