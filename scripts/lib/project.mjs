import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What scripts fetch or make and can make again; ignored by git. */
export const cacheFolder = join(projectFolder, '.cache');

export const distFolder = join(projectFolder, 'dist');

/** Screenshots and other findings of test runs; ignored by git. */
export const artifactsFolder = join(projectFolder, 'artifacts');

/** A failure that is told to the user in its own words, without a stack. */
export class ScriptError extends Error {}

/**
 * Runs a script's body; a `ScriptError` becomes its message and exit code 1.
 *
 * @param {() => Promise<void>} body
 */
export async function runScript(body) {
  try {
    await body();
  } catch (error) {
    process.stderr.write(
      `${error instanceof ScriptError ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 1;
  }
}
