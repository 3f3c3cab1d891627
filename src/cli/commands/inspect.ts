import { type BatchOptions, type Context, runBatch } from '../batch';
import type { ExitCode } from '../exitCode';
import { checkStandardInput } from '../files';
import { listFiles } from '../inputs';
import { CARRIER_NAMES, describeAreas, describeCarrier, plural } from './words';

/** Tells what protects files; needs no key. */
export async function inspectCommand(
  context: Context,
  paths: readonly string[],
  options: BatchOptions,
): Promise<ExitCode> {
  checkStandardInput(paths);
  const inputs = await listFiles(paths);
  return runBatch(context, inputs, options, (executor) => ({
    firstAlone: false,
    begin: async () => undefined,
    one: async (input) => {
      const { carrier, coveredAreas, bitsPerSample, keys, qrText, notice, frames, protectedFrames } =
        await executor.perform({ task: 'inspect', file: await input.read() });
      const result = {
        carrier: CARRIER_NAMES[carrier],
        coveredAreas,
        bitsPerSample,
        keys,
        qrText,
        frames,
        protectedFrames,
      };
      const lines = [
        `${input.name}: protected, ${protectedFrames} of ${plural(frames, 'frame')}`,
        `  covered: ${describeAreas(coveredAreas)}; ${describeCarrier(carrier, bitsPerSample)}`,
        `  opens with: ${keys.join(' or ')}`,
        ...(notice === '' ? [] : [`  notice: ${notice}`]),
      ];
      return { result, lines, counted: 'protected' };
    },
  }));
}
