import { type BatchOptions, type Context, runBatch } from './batch';
import type { ExitCode } from './exitCode';
import { checkStandardInput } from './files';
import { type Input, listFiles } from './inputs';
import type { Outcome } from './results';
import type { Executor } from './work/task';

/** Works on each image of files and folders by itself, whatever its series; needs no key. */
export async function runOnEach(
  context: Context,
  paths: readonly string[],
  options: BatchOptions,
  one: (input: Input, executor: Executor) => Promise<Outcome>,
): Promise<ExitCode> {
  checkStandardInput(paths);
  return runBatch(context, await listFiles(paths, context), options, (executor) => ({
    firstAlone: false,
    begin: async () => undefined,
    one: (input) => one(input, executor),
  }));
}
