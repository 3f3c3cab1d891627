import { usedRange } from '../bands';
import { type Frame, type Rectangle, valueMask } from '../frame';
import { attempt } from './attempt';
import { sampleBytes, surroundingsCapacity } from './capacity';
import { codesOf } from './carriers';

/** What embedding would do. */
export interface SurroundingsPlan {
  readonly fits: boolean;
  /** Payload bits that fit, at least; a little more may. */
  readonly capacityBits: number;
  /** Samples that would change; 0 where the payload does not fit. */
  readonly changedSamples: number;
  /**
   * Peak signal-to-noise ratio over the whole frame, in decibels, excluded areas counted as
   * unchanged; infinite where nothing changes. The peak is the largest code of as many bits as the
   * span of the used codes has.
   */
  readonly psnr: number;
}

/** Largest code of as few bits as hold the span of the codes in use. */
function peakOf(frame: Frame): number {
  const { minimum, maximum } = usedRange(frame);
  return Math.min(valueMask(frame), 2 ** (32 - Math.clz32(maximum - minimum)) - 1);
}

/**
 * Tells what `embedSurroundings` would do with a payload of `payloadBits` bits and a header of
 * `headerLength` bytes, by doing it with other bytes. The real ones may choose other rules: the
 * noise ratio then differs by a tenth of a decibel or so, the count of changes by a tenth.
 */
export function planSurroundings(
  frame: Frame,
  excluded: readonly Rectangle[],
  payloadBits: number,
  headerLength = 0,
): SurroundingsPlan {
  const capacityBits = 8 * surroundingsCapacity(frame, excluded, headerLength);
  const payload = sampleBytes(Math.ceil(payloadBits / 8));
  const result = attempt(frame, excluded, sampleBytes(headerLength), payload);
  if (result === undefined) return { fits: false, capacityBits, changedSamples: 0, psnr: Infinity };
  const before = codesOf(frame);
  const after = codesOf(result);
  let changedSamples = 0;
  let errors = 0;
  for (let i = 0; i < before.length; i++) {
    const error = after[i] - before[i];
    if (error !== 0) changedSamples++;
    errors += error * error;
  }
  const psnr = 10 * Math.log10((peakOf(frame) ** 2 * before.length) / errors);
  return { fits: true, capacityBits: Math.max(capacityBits, payloadBits), changedSamples, psnr };
}
