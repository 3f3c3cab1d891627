import { type CodeBits, codesOf, rangeOf } from '../kernels/cells';
import { codeBits, type Frame, upperBitsOf } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';

/** The codes of a frame's pixels. */
type Codes = Frame['samples'];

/** The codes of each pixel's first sample; the frame's own cells where they are that already. */
function firstSampleCodes(frame: Frame): Codes {
  const { samples, samplesPerPixel, signed } = frame;
  if (samplesPerPixel === 1 && !signed && upperBitsOf(frame) === 'zero') return samples;
  return codesOf(samples, codeBits(frame), samplesPerPixel);
}

/** Codes as they are. */
const AS_THEY_ARE: CodeBits = { mask: 0xffff, flip: 0 };

/** Pixels at either end of the range that a mark may have put there, in the order in which they are left out. */
const STRAY_PIXELS = [16, 128, 1024, 8192];

/**
 * The thresholds to try: the middles between the smallest and the largest code, with known padding
 * left out and with the outermost values left out (unknown padding). Bands lie in the outer quarters
 * of the range in use, so the first one nearly always does. With `marked`, at last those with ever more of the
 * outermost pixels left out: any mark that was drawn over the picture since may have values beyond that range.
 */
export function* thresholds(frame: Frame, marked: boolean): Generator<[threshold: number, codes: Codes]> {
  const codes = firstSampleCodes(frame);
  const { minimum, maximum } = rangeOf(codes, AS_THEY_ARE);
  if (minimum === maximum) return;
  const first = Math.ceil((minimum + maximum) / 2);
  yield [first, codes];
  const counts = new Uint32Array(65536);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  const further = usedRanges(frame, counts, minimum, maximum);
  if (marked) further.push(...STRAY_PIXELS.map((stray) => trimmedRange(counts, codes.length, stray)));
  const middles = further
    .filter(([low, high]) => low >= 0 && high > low)
    .map(([low, high]) => Math.ceil((low + high) / 2));
  for (const threshold of new Set(middles)) {
    if (threshold !== first) yield [threshold, codes];
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
