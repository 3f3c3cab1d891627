import type { BatchOptions, Context } from '../batch';
import { runOnEach } from '../eachImage';
import type { ExitCode } from '../exitCode';
import { CARRIER_NAMES, describeAreas, describeCarrier, plural } from './words';

/** Tells what protects files; needs no key. */
export function inspectCommand(
  context: Context,
  paths: readonly string[],
  options: BatchOptions,
): Promise<ExitCode> {
  return runOnEach(context, paths, options, async (input, executor) => {
    const { carrier, coveredAreas, bitsPerSample, keys, qrText, notice, frames, protectedFrames } =
      await executor.perform({ task: 'inspect', file: await input.read() });
    const result = {
      carrier: CARRIER_NAMES[carrier],
      coveredAreas,
      bitsPerSample,
      keys,
      qrText,
      notice,
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
  });
}
