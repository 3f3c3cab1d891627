import { spawnSync } from 'node:child_process';

/**
 * Programs that read our output independently of us. A user's machine may lack them: their tests are
 * then skipped. Where `KEY_AREA_REQUIRE_READERS` is set, a missing one fails.
 */
export function hasReader(command: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
  if (!found && process.env.KEY_AREA_REQUIRE_READERS)
    throw new Error(`${command} is required here and not installed`);
  return found;
}

/** `test` where the reader is there, else `test.skip`. */
export const testWith = (command: string): jest.It => (hasReader(command) ? test : test.skip);
