import type { CodeBits } from '../kernels/cells';
import { codeBits, type Frame, type Rectangle, rowsOf } from '../pixels/frame';

/** Rows of an area that are looked at, about. */
const ROWS = 16;

/** What a sample takes besides the bits of its residual, on average. */
const BITS_BESIDES = 0.7;

/** What the median edge detector predicts (ITU-T T.87, A.4.2). */
function predict(left: number, above: number, aboveLeft: number): number {
  const smaller = Math.min(left, above);
  const larger = Math.max(left, above);
  if (aboveLeft >= larger) return smaller;
  return aboveLeft <= smaller ? larger : left + above - aboveLeft;
}

/** Samples of one plane of a frame, and where another one's lie that is taken off them; 0 where none is. */
interface Plane {
  readonly samples: Frame['samples'];
  readonly bits: CodeBits;
  /** From a sample to the one at its right. */
  readonly right: number;
  /** From a sample to the one below it. */
  readonly down: number;
  readonly other: number;
}

/** Bits of the residuals of the samples from `first` to before `end`, but for the first one's. */
function bitsAlong({ samples, bits, right, down, other }: Plane, first: number, end: number): number {
  const { mask, flip } = bits;
  let sum = 0;
  let left = 0;
  let aboveLeft = 0;
  for (let at = first; at < end; at += right) {
    let value = (samples[at] & mask) ^ flip;
    let above = (samples[at - down] & mask) ^ flip;
    if (other !== 0) {
      value -= (samples[at + other] & mask) ^ flip;
      above -= (samples[at - down + other] & mask) ^ flip;
    }
    if (at > first) sum += 32 - Math.clz32(Math.abs(value - predict(left, above, aboveLeft)));
    left = value;
    aboveLeft = above;
  }
  return sum;
}

/**
 * About how many bits the prediction residuals of the samples in `areas` take, by some of their rows; of colour,
 * those of green and of what red and blue differ from it by, as they are coded. Ratios of it foretell those of JPEG-LS
 * codings: where a sample takes some bits, of an area and one within it mostly to a tenth.
 */
export function residualBits(frame: Frame, areas: readonly Rectangle[]): number {
  const { samples, samplesPerPixel: right } = frame;
  const bits = codeBits(frame);
  const down = frame.width * right;
  const planes = (right === 1 ? [0] : [1, 0, -1]).map((other) => ({ samples, bits, right, down, other }));
  return areas.reduce((sum, area) => {
    const { start, length, count: rows } = rowsOf(frame, area);
    let taken = 0;
    let count = 0;
    for (let row = 1; row < rows; row += Math.ceil(rows / ROWS)) {
      const first = start + row * down;
      planes.forEach((plane, place) => {
        taken += bitsAlong(plane, first + place, first + length);
      });
      count += length - right;
    }
    return sum + (taken / count + BITS_BESIDES) * length * rows;
  }, 0);
}
