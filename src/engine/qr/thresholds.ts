import { type CodeBits, codesOf, rangeOf } from '../kernels/cells';
import { codeBits, type Frame } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';

/** One cell of each pixel, and what makes codes of them. */
export interface CodePlane {
  readonly cells: Frame['samples'];
  readonly bits: CodeBits;
}

/** Codes as they are. */
const AS_THEY_ARE: CodeBits = { mask: 0xffff, flip: 0 };

/** The plane of codes that were taken out of a picture. */
export const planeOfCodes = (codes: Frame['samples']): CodePlane => ({ cells: codes, bits: AS_THEY_ARE });

/** Each pixel's first sample; the frame's own cells where there are no others. */
function firstSamples(frame: Frame): CodePlane {
  const { samples, samplesPerPixel } = frame;
  const bits = codeBits(frame);
  return samplesPerPixel === 1
    ? { cells: samples, bits }
    : planeOfCodes(codesOf(samples, bits, samplesPerPixel));
}

/** Pixels at either end of the range that a mark may have put there, in the order in which they are left out. */
const STRAY_PIXELS = [16, 128, 1024, 8192];

/**
 * The thresholds to try: the middles between the smallest and the largest code, with known padding
 * left out and with the outermost values left out (unknown padding). Bands lie in the outer quarters
 * of the range in use, so the first one nearly always does. With `marked`, at last those with ever more of the
 * outermost pixels left out: any mark that was drawn over the picture since may have values beyond that range.
 */
export function* thresholds(frame: Frame, marked: boolean): Generator<[threshold: number, plane: CodePlane]> {
  const plane = firstSamples(frame);
  const { cells, bits } = plane;
  const { minimum, maximum } = rangeOf(cells, bits);
  if (minimum === maximum) return;
  const first = Math.ceil((minimum + maximum) / 2);
  yield [first, plane];
  const counts = new Uint32Array(65536);
  const { mask, flip } = bits;
  for (let i = 0; i < cells.length; i++) counts[(cells[i] & mask) ^ flip]++;
  const further = usedRanges(frame, counts, minimum, maximum);
  if (marked) further.push(...STRAY_PIXELS.map((stray) => trimmedRange(counts, cells.length, stray)));
  const middles = further
    .filter(([low, high]) => low >= 0 && high > low)
    .map(([low, high]) => Math.ceil((low + high) / 2));
  for (const threshold of new Set(middles)) {
    if (threshold !== first) yield [threshold, plane];
  }
}

type Range = [low: number, high: number];

function usedRanges(frame: Frame, counts: Uint32Array, minimum: number, maximum: number): Range[] {
  const occurs = Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0));
  const padding = paddingCodes(frame) ?? { minimum: -1, maximum: -1 };
  const second = occurs.indexOf(1, minimum + 1);
  const secondLast = occurs.lastIndexOf(1, maximum - 1);
  const inUse = occurs.fill(0, Math.max(0, padding.minimum), padding.maximum + 1);
  return [
    [inUse.indexOf(1), inUse.lastIndexOf(1)],
    [second, maximum],
    [minimum, secondLast],
    [second, secondLast],
  ];
}

/** The range of the codes without the `stray` smallest and the `stray` largest pixels. */
function trimmedRange(counts: Uint32Array, pixels: number, stray: number): Range {
  if (2 * stray >= pixels) return [0, 0];
  let low = 0;
  for (let left = stray - counts[0]; left >= 0; left -= counts[low]) low++;
  let high = counts.length - 1;
  for (let left = stray - counts[high]; left >= 0; left -= counts[high]) high--;
  return [low, high];
}
