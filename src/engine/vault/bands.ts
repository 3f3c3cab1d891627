import { type CodeRange, type Frame, valueMask } from '../pixels/frame';
import { usedRange } from '../pixels/usedValues';

/**
 * The two ranges of codes that modules are drawn with: `lower` to `lower + 2^bits - 1` and `upper`
 * to `upper + 2^bits - 1`. A sample's payload is its offset inside its band.
 *
 * Both bases are even, so that bit 0 of a sample is bit 0 of its payload whatever the bases are, and
 * `upper - lower >= 3 * 2^bits`, so that even with every payload bit set a dark module stays darker
 * than a light one by at least two band widths.
 */
export interface Bands {
  readonly lower: number;
  readonly upper: number;
  /** Payload bits per sample. */
  readonly bits: number;
}

/** Most payload bits a sample can carry: 16 stored bits less the two that keep the bands apart. */
export const MAX_BITS_PER_SAMPLE = 14;

/**
 * The ranges to try, best first: the one in use, which leaves the image's minimum and maximum and so
 * its automatic window undisturbed; then ever wider ones with the one in use in their middle, so that
 * in the image's own window the dark band is black and the light one white; at last all of Bits Stored.
 */
export function candidateRanges(frame: Frame): CodeRange[] {
  const legal = valueMask(frame);
  const used = usedRange(frame);
  const ranges = [used];
  const middle = (used.minimum + used.maximum) / 2;
  let size = Math.max(SMALLEST_RANGE / 2, used.maximum - used.minimum + 1);
  for (let last = used; last.minimum > 0 || last.maximum < legal; ranges.push(last)) {
    size = Math.min(2 * size, legal + 1);
    const minimum = Math.min(Math.max(0, Math.floor(middle - size / 2)), legal + 1 - size);
    last = { minimum, maximum: minimum + size - 1 };
  }
  return ranges;
}

/** The smallest range that holds bands of two payload bits. */
const SMALLEST_RANGE = 16;

/**
 * Places the two bands at the ends of `range`, out of the padding range.
 * Returns undefined where bands of `bits` payload bits do not keep apart.
 */
export function placeBands(range: CodeRange, bits: number, padding?: CodeRange): Bands | undefined {
  const width = 2 ** bits;
  let lower = range.minimum + (range.minimum & 1);
  let upper = range.maximum - width + 1;
  if (padding && lower <= padding.maximum && lower + width - 1 >= padding.minimum) {
    lower = padding.maximum + 1 + ((padding.maximum + 1) & 1);
  }
  if (padding && upper <= padding.maximum && upper + width - 1 >= padding.minimum) {
    upper = padding.minimum - width;
  }
  upper -= upper & 1;
  return upper - lower >= 3 * width ? { lower, upper, bits } : undefined;
}
