import { bitOf } from './bytes';
import type { Frame } from './frame';
import { MAGIC_BYTES } from './header';
import { inVectors, kernels, place, rowsTogether } from './kernels/memory';

/**
 * A quick look for the first bits of a vault's header: they lie in bit 0 of neighbouring samples of a row,
 * or of a column where the picture was turned, forwards or backwards. Bit 0 of all samples is packed, and many
 * positions are looked at together: nearly all are passed over after a few bits.
 */

/** Pixels that lie in one row even of the narrowest symbol, 29 with its quiet zone, as far as is looked at. */
const markPixels = (samplesPerPixel: number): number => (samplesPerPixel === 3 ? 10 : 29);

/** A header's first bits, those of a pixel side by side: forwards, and with the pixels backwards. */
function marksOf(samplesPerPixel: number): [Uint8Array, Uint8Array] {
  const pixels = Array.from({ length: markPixels(samplesPerPixel) }, (_, pixel) =>
    Array.from({ length: samplesPerPixel }, (_, sample) => {
      const k = pixel * samplesPerPixel + sample;
      return bitOf(MAGIC_BYTES, k);
    }),
  );
  return [Uint8Array.from(pixels.flat()), Uint8Array.from(pixels.toReversed().flat())];
}

/** How many bits each bit of a mark lies behind the first, where a pixel's neighbour lies `step` bits on. */
const offsetsOf = (samplesPerPixel: number, step: number): Uint32Array =>
  Uint32Array.from(
    { length: markPixels(samplesPerPixel) * samplesPerPixel },
    (_, k) => Math.floor(k / samplesPerPixel) * step + (k % samplesPerPixel),
  );

/** Rows whose bits are in memory together. */
const STRIP = 128;
/** Bytes that may be read behind the last bit. */
const OVERREAD = 24;

/** Packs bit 0 of the samples of up to `STRIP` rows from `top` on, to `address`, `stride` bytes a row. */
function packRows(frame: Frame, top: number, address: number, stride: number): void {
  const { samples, width, height, samplesPerPixel } = frame;
  const length = width * samplesPerPixel;
  const size = samples.BYTES_PER_ELEMENT;
  const together = rowsTogether(length * size);
  const bottom = Math.min(height, top + STRIP);
  for (let y = top; y < bottom; y += together) {
    const rows = Math.min(together, bottom - y);
    const cells = address + STRIP * stride + OVERREAD;
    const aligned = inVectors(cells);
    place(samples.subarray(y * length, (y + rows) * length), aligned);
    for (let row = 0; row < rows; row++) {
      const from = aligned + row * length * size;
      kernels().pack(from, from + length * size, address + (y + row - top) * stride, size);
    }
  }
}

/** False where there is surely no vault's header whose copies are whole. */
export function mayHoldHeader(frame: Frame): boolean {
  const { samplesPerPixel, width, height } = frame;
  const pixels = markPixels(samplesPerPixel);
  const bits = pixels * samplesPerPixel;
  // A vector of cells more may be packed than a row has.
  const stride = Math.ceil((width * samplesPerPixel) / 8) + 2;
  const tables = [
    ...marksOf(samplesPerPixel),
    offsetsOf(samplesPerPixel, samplesPerPixel),
    offsetsOf(samplesPerPixel, 8 * stride),
  ];
  for (let top = 0; top < height; top += STRIP - pixels + 1) {
    let address = 0;
    const [forwards, backwards, across, down] = tables.map((table) => {
      const start = address;
      address = place(table, start);
      return start;
    });
    packRows(frame, top, address, stride);
    const bottom = Math.min(height, top + STRIP - pixels + 1);
    for (let y = top; y < bottom; y++) {
      const row = address + (y - top) * stride;
      for (const mark of [forwards, backwards]) {
        const inRow = (width - pixels + 1) * samplesPerPixel;
        if (kernels().hasMark(row, inRow, samplesPerPixel, mark, across, bits) === 1) return true;
        if (y + pixels > height) continue;
        const inColumns = width * samplesPerPixel;
        if (kernels().hasMark(row, inColumns, samplesPerPixel, mark, down, bits) === 1) return true;
      }
    }
  }
  return false;
}
