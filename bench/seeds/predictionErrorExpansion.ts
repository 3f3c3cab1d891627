import type { Frame } from '../../src/engine/pixels/frame';

/**
 * Prediction-error expansion with histogram shifting (Thodi, Rodríguez, "Expansion embedding techniques for
 * reversible watermarking", IEEE Transactions on Image Processing 16(3), 2007): an error in [-3, 3] doubles
 * and takes a bit, larger ones make way. Samples are predicted from those above and to the left by the median
 * edge detector (the one of JPEG-LS), in blocks, row by row, so that a decoder always has the originals.
 */

/** Errors from -RANGE to RANGE carry a bit. */
const RANGE = 3;

/** Pixels along a side of a block. */
export const BLOCK = 8;

/** The codes of a frame, and which of its blocks carry bits. */
export interface Carriers {
  readonly shape: Pick<Frame, 'width' | 'height' | 'samplesPerPixel'>;
  /** The original codes as far as they are known; whatever may not be predicted from is the same number in both directions. */
  readonly codes: Uint16Array;
  /** The number of each block that carries bits, in raster order. */
  readonly blocks: readonly number[];
  /** Largest code. */
  readonly largest: number;
}

export const blocksAcross = (width: number): number => Math.ceil(width / BLOCK);

/** Calls `visit` with the place of each sample of a block, row by row. */
export function forEachSample(
  { width, height, samplesPerPixel }: Carriers['shape'],
  block: number,
  visit: (index: number) => void,
): void {
  const across = blocksAcross(width);
  const left = (block % across) * BLOCK;
  const top = Math.floor(block / across) * BLOCK;
  for (let y = top; y < Math.min(top + BLOCK, height); y++) {
    const end = (y * width + Math.min(left + BLOCK, width)) * samplesPerPixel;
    for (let index = (y * width + left) * samplesPerPixel; index < end; index++) visit(index);
  }
}

/** What a sample is expected to be, from its neighbours of the same colour. */
export function predict(
  { width, samplesPerPixel }: Carriers['shape'],
  codes: Uint16Array,
  index: number,
): number {
  const row = width * samplesPerPixel;
  const hasLeft = index % row >= samplesPerPixel;
  if (index < row) return hasLeft ? codes[index - samplesPerPixel] : 0;
  const above = codes[index - row];
  if (!hasLeft) return above;
  const left = codes[index - samplesPerPixel];
  const corner = codes[index - row - samplesPerPixel];
  if (corner >= Math.max(left, above)) return Math.min(left, above);
  if (corner <= Math.min(left, above)) return Math.max(left, above);
  return left + above - corner;
}

/** True where a sample with this error carries a bit. */
export const carries = (error: number): boolean => Math.abs(error) <= RANGE;

/** The error once it carries a bit, or has made way. */
function expand(error: number, bit: () => number): number {
  if (carries(error)) return 2 * error + bit();
  return error > 0 ? error + RANGE + 1 : error - RANGE;
}

/** True where a sample can be expanded whichever bit comes: it stays within the legal values. */
export function fits(code: number, prediction: number, largest: number): boolean {
  const error = code - prediction;
  const [low, high] = [expand(error, () => 0), expand(error, () => 1)];
  return prediction + low >= 0 && prediction + high <= largest;
}

/**
 * Writes `count` bits into the blocks; gives the marked codes. Samples that would leave the legal values
 * stay as they are; their places, as counted along the blocks, are added to `skipped`.
 */
export function embed(
  { shape, codes, blocks, largest }: Carriers,
  count: number,
  bit: () => number,
  skipped: number[],
): Uint16Array {
  const marked = codes.slice();
  let left = count;
  let visited = 0;
  for (const block of blocks) {
    forEachSample(shape, block, (index) => {
      if (left === 0) return;
      const prediction = predict(shape, codes, index);
      const error = codes[index] - prediction;
      if (fits(codes[index], prediction, largest)) {
        marked[index] = prediction + expand(error, bit);
        if (carries(error)) left--;
      } else skipped.push(visited);
      visited++;
    });
  }
  return marked;
}

/** Undoes {@link embed}, in `codes`; gives the bits to `take`. */
export function extract(
  { shape, codes, blocks }: Carriers,
  count: number,
  take: (bit: number) => void,
  skipped: ReadonlySet<number>,
): void {
  let left = count;
  let visited = 0;
  for (const block of blocks) {
    forEachSample(shape, block, (index) => {
      if (left === 0 || skipped.has(visited++)) return;
      const prediction = predict(shape, codes, index);
      const error = codes[index] - prediction;
      if (error > 2 * RANGE + 1) codes[index] -= RANGE + 1;
      else if (error < -2 * RANGE) codes[index] += RANGE;
      else {
        take(error & 1);
        codes[index] = prediction + (error >> 1);
        left--;
      }
    });
  }
}
