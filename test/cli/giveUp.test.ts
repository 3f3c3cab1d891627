import { existsSync, writeFileSync } from 'node:fs';
import { run } from '../../src/cli/program';
import type * as dicom from '../../src/dicom/index';
import { buildImage } from '../dicom/builder';
import { commandLine, REGION, slice } from './support';

/** Here the user gives up when the work is done, and nothing is written yet. */
let controller = new AbortController();
jest.mock('../../src/dicom/index', () => {
  const actual = jest.requireActual<typeof dicom>('../../src/dicom/index');
  const givingUp =
    <Arguments extends unknown[], Result>(work: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments) => {
      const result = await work(...args);
      controller.abort();
      return result;
    };
  return {
    ...actual,
    protectFile: givingUp(actual.protectFile),
    restoreFile: givingUp(actual.restoreFile),
  };
});

const cli = commandLine();
const { path } = cli;
beforeEach(() => {
  controller = new AbortController();
});

test.each([
  ['protect', ['--region', REGION, '--work-factor', '10'], slice(10)],
  ['restore', [], 'protected.dcm'],
])(
  '%s: given up before writing, nothing is written, and it is no failure of an image',
  async (verb, more, input) => {
    const key = ['--passphrase-file', path('passphrase.txt')];
    if (verb === 'restore') {
      const protecting = ['protect', slice(10), '-o', path(input), '--region', REGION, '--work-factor', '10'];
      expect(await run([...protecting, ...key])).toBe(0);
      controller = new AbortController();
      cli.output();
    }
    const argv = [
      verb,
      verb === 'restore' ? path(input) : input,
      '-o',
      path('out.dcm'),
      '--json',
      ...more,
      ...key,
    ];
    expect(await run(argv, { signal: controller.signal })).toBe(1);
    expect(cli.output()).toBe('');
    expect(cli.errors()).toBe('Stopped. Nothing was written.\n');
    expect(existsSync(path('out.dcm'))).toBe(false);
  },
);

test.each(['inspect', 'verify'])('%s: giving up is heard while frames are searched', async (verb) => {
  writeFileSync(path('many.dcm'), buildImage({ width: 40, height: 40, bitsAllocated: 8, frames: 4000 }));
  // As soon as the thread has a moment for it, as for a signal of the system.
  const timer = setTimeout(() => controller.abort(), 50);
  const key = verb === 'verify' ? ['--passphrase-file', path('passphrase.txt')] : [];
  const code = await run([verb, path('many.dcm'), ...key], { signal: controller.signal });
  clearTimeout(timer);
  expect(code).toBe(1);
  expect(cli.output()).toBe('');
  expect(cli.errors()).toBe('Stopped. Nothing was written.\n');
});
