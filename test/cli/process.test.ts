import type { Context } from '../../src/cli/batch';
import { EXIT } from '../../src/cli/exitCode';

/** The process around the command line: what becomes of it where its readers go. */

const streams = [process.stdout, process.stderr].map((stream) => ({
  stream,
  before: stream.listeners('error'),
}));
const exitCode = process.exitCode;
let finish: (code: number) => void;
let signal: AbortSignal;
jest.mock('../../src/cli/program', () => ({
  run: (_: readonly string[], context: Context) =>
    new Promise<number>((resolve) => {
      signal = context.signal;
      finish = resolve;
    }),
}));
jest.mock('../../src/cli/work/threads', () => ({ serveAsThread: () => false }));

beforeEach(() => jest.isolateModules(() => void require('../../src/cli/index')));
afterEach(() => {
  for (const { stream, before } of streams) {
    for (const listener of stream.listeners('error')) {
      if (!before.includes(listener)) stream.removeListener('error', listener as () => void);
    }
  }
  process.exitCode = exitCode;
});

const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });

test('standard output has no reader any more: the work stops', () => {
  process.stdout.emit('error', broken);
  expect(signal.aborted).toBe(true);
  finish(EXIT.internalError);
});

test('standard error has no reader any more: the work goes on, and its exit code is its own', async () => {
  process.stderr.emit('error', broken);
  expect(signal.aborted).toBe(false);
  finish(EXIT.wrongKey);
  await new Promise(setImmediate);
  expect(process.exitCode).toBe(EXIT.wrongKey);
});
