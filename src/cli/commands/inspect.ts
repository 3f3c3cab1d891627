import { describeFrames } from '../../dicom/frames';
import type { BatchOptions, Context } from '../batch';
import { runOnEach } from '../eachImage';
import { EXIT, type ExitCode } from '../exitCode';
import { CARRIER_NAMES, describeAreas, describeCarrier, plural } from './words';

/** Tells what protects files; needs no key. */
export function inspectCommand(
  context: Context,
  paths: readonly string[],
  options: BatchOptions,
): Promise<ExitCode> {
  return runOnEach(context, paths, options, async (input, executor) => {
    const inspection = await executor.perform({ task: 'inspect', file: await input.read() });
    const { carrier, coveredAreas, bitsPerSample, keys, qrText, notice } = inspection;
    const { frames, protectedFrames, lostFrames } = inspection;
    const isWhole = lostFrames.length === 0;
    const result = {
      ...(isWhole ? {} : { reason: 'damaged' }),
      carrier: CARRIER_NAMES[carrier],
      coveredAreas,
      bitsPerSample,
      keys,
      qrText,
      notice,
      frames,
      protectedFrames,
      ...(isWhole ? {} : { lostFrames }),
    };
    const lines = [
      `${input.name}: protected, ${protectedFrames} of ${plural(frames, 'frame')}`,
      `  covered: ${describeAreas(coveredAreas)}; ${describeCarrier(carrier, bitsPerSample)}`,
      `  opens with: ${keys.join(' or ')}`,
      ...(notice === '' ? [] : [`  notice: ${notice}`]),
      ...(isWhole ? [] : [`  was protected and cannot come back: ${describeFrames(lostFrames)}`]),
    ];
    return isWhole
      ? { result, lines, counted: 'protected' }
      : { result, lines, counted: 'damaged', code: EXIT.alteredOrDamaged };
  });
}
