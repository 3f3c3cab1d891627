import { type BatchOptions, type Context, runBatch } from '../batch';
import type { ExitCode } from '../exitCode';
import { checkStandardInput } from '../files';
import { listFiles } from '../inputs';

export interface SuggestCommand extends BatchOptions {
  readonly frame: number;
}

/** Proposes key areas, as they are given to `--region`. */
export async function suggestCommand(
  context: Context,
  paths: readonly string[],
  options: SuggestCommand,
): Promise<ExitCode> {
  checkStandardInput(paths);
  const inputs = await listFiles(paths);
  return runBatch(context, inputs, options, (executor) => ({
    firstAlone: false,
    begin: async () => undefined,
    one: async (input) => {
      const { frame } = options;
      const suggestions = await executor.perform({ task: 'suggest', file: await input.read(), frame });
      const regions = suggestions.map(({ rectangle, kind, score }) => ({
        ...rectangle,
        kind,
        score: Math.round(100 * score) / 100,
      }));
      const lines = [
        `${input.name}: ${regions.length === 0 ? 'nothing to propose' : 'proposed key areas'}`,
        ...regions.map(
          ({ x, y, width, height, kind, score }) => `  ${x},${y},${width},${height}  ${kind}, ${score}`,
        ),
      ];
      return { result: { regions }, lines, counted: 'examined' };
    },
  }));
}
