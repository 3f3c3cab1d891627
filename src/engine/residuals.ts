import { codeBits, type Frame, type Rectangle, rowsOf } from './frame';

/** Rows of an area that are looked at, about. */
const ROWS = 24;

/** What a sample takes besides the bits of its residual, on average. */
const BITS_BESIDES = 0.7;

/** What the median edge detector predicts (ITU-T T.87, A.4.2). */
function predict(left: number, above: number, aboveLeft: number): number {
  const smaller = Math.min(left, above);
  const larger = Math.max(left, above);
  if (aboveLeft >= larger) return smaller;
  return aboveLeft <= smaller ? larger : left + above - aboveLeft;
}

/**
 * About how many bits the prediction residuals of the samples in `areas` take, by some of their rows; of colour,
 * those of green and of what red and blue differ from it by, as they are coded. Ratios of it foretell those of JPEG-LS
 * codings: where a sample takes some bits, of an area and one within it mostly to a tenth.
 */
export function residualBits(frame: Frame, areas: readonly Rectangle[]): number {
  const { samples, samplesPerPixel: group } = frame;
  const { mask, flip } = codeBits(frame);
  const code = (at: number): number => (samples[at] & mask) ^ flip;
  const valueAt = (at: number): number => {
    const place = group === 1 ? 1 : at % 3;
    return place === 1 ? code(at) : code(at) - code(at - place + 1);
  };
  return areas.reduce((sum, area) => {
    const { start, stride, length, count: rows } = rowsOf(frame, area);
    let bits = 0;
    let count = 0;
    for (let row = 1; row < rows; row += Math.ceil(rows / ROWS)) {
      const first = start + row * stride;
      for (let at = first + group; at < first + length; at++) {
        const expected = predict(valueAt(at - group), valueAt(at - stride), valueAt(at - stride - group));
        bits += 32 - Math.clz32(Math.abs(valueAt(at) - expected)) + BITS_BESIDES;
      }
      count += length - group;
    }
    return sum + (bits / count) * length * rows;
  }, 0);
}
