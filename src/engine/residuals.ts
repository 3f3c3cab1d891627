import { codeBits, type Frame, pixelsIn, type Rectangle, rowsOf } from './frame';

/** Rows of an area that are looked at, about. */
const ROWS = 24;

/** What a sample takes besides the bits of its residual, on average. */
const BITS_BESIDES = 0.7;

/**
 * About how many bits the residuals of the median edge detector (ITU-T T.87, A.4.2) take in `areas`, by some of
 * their rows. Ratios of it foretell those of JPEG-LS codings: of an area and one within it mostly to a twentieth.
 */
export function residualBits(frame: Frame, areas: readonly Rectangle[]): number {
  const { samples, samplesPerPixel } = frame;
  const { mask, flip } = codeBits(frame);
  let bits = 0;
  let count = 0;
  for (const area of areas) {
    const { start, stride, length, count: rows } = rowsOf(frame, area);
    for (let row = 1; row < rows; row += Math.ceil(rows / ROWS)) {
      const first = start + row * stride;
      for (let at = first + samplesPerPixel; at < first + length; at++) {
        const left = (samples[at - samplesPerPixel] & mask) ^ flip;
        const above = (samples[at - stride] & mask) ^ flip;
        const aboveLeft = (samples[at - stride - samplesPerPixel] & mask) ^ flip;
        const smaller = Math.min(left, above);
        const larger = Math.max(left, above);
        const expected =
          aboveLeft >= larger ? smaller : aboveLeft <= smaller ? larger : left + above - aboveLeft;
        bits += 32 - Math.clz32(Math.abs(((samples[at] & mask) ^ flip) - expected));
      }
      count += length - samplesPerPixel;
    }
  }
  return (bits / count + BITS_BESIDES) * pixelsIn(areas) * samplesPerPixel;
}
