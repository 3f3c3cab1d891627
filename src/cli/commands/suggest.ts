import type { BatchOptions, Context } from '../batch';
import { runOnEach } from '../eachImage';
import type { ExitCode } from '../exitCode';

export interface SuggestCommand extends BatchOptions {
  readonly frame: number;
}

/** Proposes key areas, as they are given to `--region`. */
export function suggestCommand(
  context: Context,
  paths: readonly string[],
  options: SuggestCommand,
): Promise<ExitCode> {
  const { frame } = options;
  return runOnEach(context, paths, options, async (input, executor) => {
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
  });
}
