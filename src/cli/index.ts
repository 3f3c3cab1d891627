import { run } from './program';
import { serveAsThread } from './work/threads';

/** Signals that ask a program to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the command line until it is done or told to end; then no file is left half written. */
async function main(): Promise<void> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    received = signal;
    // A second one ends the program where it stands.
    for (const name of SIGNALS) process.removeListener(name, stop);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  // Whoever read the results has gone: like any other program in a pipe, this one stops.
  process.stdout.on('error', () => controller.abort());
  // Messages that nobody reads any more change neither the work nor its exit code.
  process.stderr.on('error', () => {});
  process.exitCode = await run(process.argv.slice(2), { signal: controller.signal, script: __filename });
  for (const name of SIGNALS) process.removeListener(name, stop);
  // Whoever started the program learns that it was told to end.
  if (received !== undefined) process.kill(process.pid, received);
}

if (!serveAsThread()) void main();
