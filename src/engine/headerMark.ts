import type { Frame } from './frame';
import { MAGIC_BYTES } from './header';

/**
 * A quick look for the first bits of a vault's header: they lie in bit 0 of neighbouring samples of a row,
 * or of a column where the picture was turned, forwards or backwards.
 */

/** Bits that lie in one row even of the narrowest symbol, 29 pixels with its quiet zone. */
const bitsOf = (samplesPerPixel: number): number => (samplesPerPixel === 3 ? 30 : 29);

/** The first bits of a header as a number, whole pixels one after the other, and with the pixels backwards. */
function patternsOf(samplesPerPixel: number): [number, number] {
  const count = bitsOf(samplesPerPixel);
  const bits = Array.from({ length: count }, (_, k) => (MAGIC_BYTES[k >> 3] >> (7 - (k & 7))) & 1);
  const pixels = Array.from({ length: count / samplesPerPixel }, (_, k) =>
    bits.slice(k * samplesPerPixel, (k + 1) * samplesPerPixel),
  );
  const numberOf = (all: number[][]) => all.flat().reduce((number, bit) => 2 * number + bit, 0);
  return [numberOf(pixels), numberOf(pixels.toReversed())];
}

/** Bit 0 of each pixel's samples, the first sample's highest. */
function lowBitsOf({ samples, samplesPerPixel }: Frame): Uint8Array {
  const bits = new Uint8Array(samples.length / samplesPerPixel);
  for (let pixel = 0, i = 0; pixel < bits.length; pixel++, i += samplesPerPixel) {
    const first = samples[i] & 1;
    bits[pixel] =
      samplesPerPixel === 1 ? first : (first << 2) | ((samples[i + 1] & 1) << 1) | (samples[i + 2] & 1);
  }
  return bits;
}

/** False where there is surely no vault's header whose copies are whole. */
export function mayHoldHeader(frame: Frame): boolean {
  const { samplesPerPixel, width } = frame;
  const [forwards, backwards] = patternsOf(samplesPerPixel);
  const mask = 2 ** bitsOf(samplesPerPixel) - 1;
  const bits = lowBitsOf(frame);
  const columns = new Int32Array(width);
  let row = 0;
  for (let first = 0; first < bits.length; first += width) {
    for (let x = 0; x < width; x++) {
      row = ((row << samplesPerPixel) | bits[first + x]) & mask;
      const column = ((columns[x] << samplesPerPixel) | bits[first + x]) & mask;
      columns[x] = column;
      if (row === forwards || row === backwards || column === forwards || column === backwards) return true;
    }
  }
  return false;
}
