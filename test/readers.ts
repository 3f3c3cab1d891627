import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Programs that read our output independently of us. A user's machine may lack them: their tests are
 * then skipped. Where `KEY_AREA_REQUIRE_READERS` is set, a missing one fails.
 */
export function hasReader(command: string): boolean {
  return present(command, spawnSync('sh', ['-c', `command -v ${command}`]).status === 0);
}

/** The system's Python, for which distributions package pydicom; else the first one found. */
export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Whether Python and these modules of it are there. */
export function hasPython(...modules: readonly string[]): boolean {
  const found = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`]).status === 0;
  return present(`Python with ${modules.join(', ')}`, found);
}

function present(name: string, found: boolean): boolean {
  if (!found && process.env.KEY_AREA_REQUIRE_READERS)
    throw new Error(`${name} is required here and not installed`);
  return found;
}

/** `test` where the reader is there, else `test.skip`. */
export const testWith = (command: string): jest.It => (hasReader(command) ? test : test.skip);

/** What a program writes to its standard output; throws where it fails. */
export function run(command: string, ...args: string[]): string {
  return runWith('', command, ...args);
}

/** Does what {@link run} does, with this text on the program's standard input. */
export function runWith(input: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/**
 * Runs a line of shell for each of these paths, `"$1"` in it, two at a time. What fails leaves nothing
 * behind: the caller looks for what should be there.
 */
export function runForEach(line: string, paths: readonly string[]): void {
  const each = ['--null', '--max-procs=2', '--max-args=1', 'sh', '-c', `${line} || true`, 'sh'];
  runWith(paths.join('\0'), 'xargs', ...each);
}
