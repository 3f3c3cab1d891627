import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, rmSync } from 'node:fs';
import { run } from '../../src/cli/program';
import { commandLine, REGION, slice } from './support';

/** A named pipe in place of a file: it can be read once. */

const cli = commandLine();
const { path } = cli;
const key = () => ['--passphrase-file', path('passphrase.txt')];
const protect = (output: string) => [
  ...['protect', path('pipe'), '-o', path(output), '--region', REGION, '--work-factor', '10', '--json'],
  ...key(),
];

const describeWithPipes = process.platform === 'win32' ? describe.skip : describe;

describeWithPipes('a named pipe', () => {
  beforeEach(() => execFileSync('mkfifo', [path('pipe')]));

  /** Another program, which writes into the pipe once. */
  const write = (file: string) => spawn('sh', ['-c', `cat "$1" > "$2"`, 'sh', file, path('pipe')]);

  test('is read as a file is', async () => {
    write(slice(10));
    expect(await cli.run(...protect('out.dcm'))).toBe(0);
    write(path('out.dcm'));
    expect(await cli.run('verify', path('pipe'), ...key())).toBe(0);
    write(path('out.dcm'));
    expect(await cli.run('restore', path('pipe'), '-o', path('back.dcm'), ...key())).toBe(0);
    expect(readFileSync(path('back.dcm')).equals(readFileSync(slice(10)))).toBe(true);
  });

  test('is read once where a run is gone on with, too', async () => {
    write(slice(10));
    expect(await cli.run(...protect('out/'))).toBe(0);
    write(slice(10));
    expect(await cli.run(...protect('out/'))).toBe(0);
    expect(cli.results()).toMatchObject([{ ok: true }, { ok: true, kept: true }]);
  });

  test('that nobody writes to is waited for until the user gives up', async () => {
    const controller = new AbortController();
    const waiting = run(protect('out.dcm'), { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    expect(await waiting).toBe(1);
    expect(cli.errors()).toBe('Stopped. Nothing was written.\n');
    letGo(path('pipe'));
    rmSync(path('pipe'));
  });
});

/** Lets a thread go that waits for a pipe's other end; on a busy machine none came so far. */
function letGo(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
  }
}
