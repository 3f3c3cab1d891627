import { bitOf } from '../bytes';
import { MAGIC_BYTES } from '../header';
import { inVectors, kernels, place, rowsTogether } from '../kernels/memory';
import type { Frame } from '../pixels/frame';

/**
 * A quick look for the first bits of a vault's header: they lie in bit 0 of neighbouring samples of a row,
 * or of a column where the picture was turned, forwards or backwards. Bit 0 of all samples is packed, and many
 * positions are looked at together: nearly all are passed over after a few bits.
 */

/** Pixels that lie in one row even of the narrowest symbol, 29 with its quiet zone, as far as is looked at. */
const markPixels = (samplesPerPixel: number): number => (samplesPerPixel === 3 ? 10 : 29);

/**
 * A header's first bits, those of a pixel side by side, forwards and with the pixels backwards: for each place eight words,
 * four of the one and four of the other, zeros where the bit is 1 and ones where it is 0.
 */
function marksOf(samplesPerPixel: number): Uint32Array {
  const pixels = Array.from({ length: markPixels(samplesPerPixel) }, (_, pixel) =>
    Array.from({ length: samplesPerPixel }, (_, sample) =>
      bitOf(MAGIC_BYTES, pixel * samplesPerPixel + sample),
    ),
  );
  const backwards = pixels.toReversed().flat();
  const wordsOf = (bit: number): number[] => Array(4).fill(bit === 1 ? 0 : 0xffffffff);
  return Uint32Array.from(pixels.flat().flatMap((bit, k) => [...wordsOf(bit), ...wordsOf(backwards[k])]));
}

const MARKS = { 1: marksOf(1), 3: marksOf(3) };

/** How many bits each bit of a mark lies behind the first, where a pixel's neighbour lies `step` bits on. */
function offsetsOf(samplesPerPixel: number, step: number): Uint32Array {
  const offsets = new Uint32Array(markPixels(samplesPerPixel) * samplesPerPixel);
  for (let k = 0; k < offsets.length; k++) {
    offsets[k] = Math.floor(k / samplesPerPixel) * step + (k % samplesPerPixel);
  }
  return offsets;
}

/** Rows whose bits are in memory together, at least. */
const LEAST_STRIP = 128;
/** Bytes that may be read behind the last bit. */
const OVERREAD = 24;

/** Packs bit 0 of the samples of up to `strip` rows from `top` on, to `address`, `stride` bytes a row. */
function packRows(frame: Frame, top: number, strip: number, address: number, stride: number): void {
  const { samples, width, height, samplesPerPixel } = frame;
  const length = width * samplesPerPixel;
  const size = samples.BYTES_PER_ELEMENT;
  const together = rowsTogether(length * size);
  const bottom = Math.min(height, top + strip);
  for (let y = top; y < bottom; y += together) {
    const rows = Math.min(together, bottom - y);
    const cells = address + strip * stride + OVERREAD;
    const aligned = inVectors(cells);
    place(samples.subarray(y * length, (y + rows) * length), aligned);
    kernels().pack(aligned, rows, length * size, address + (y - top) * stride, stride, size);
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
    MARKS[samplesPerPixel],
    offsetsOf(samplesPerPixel, samplesPerPixel),
    offsetsOf(samplesPerPixel, 8 * stride),
  ];
  const strip = Math.max(LEAST_STRIP, rowsTogether(stride));
  const step = strip - pixels + 1;
  for (let top = 0; top < height; top += step) {
    let address = 0;
    const [marks, across, down] = tables.map((table) => {
      const start = address;
      address = place(table, start);
      return start;
    });
    packRows(frame, top, strip, address, stride);
    const holds = (rows: number, columns: number, offsets: number): boolean =>
      kernels().hasMark(
        address,
        rows,
        stride,
        columns * samplesPerPixel,
        samplesPerPixel,
        marks,
        offsets,
        bits,
      ) === 1;
    const rows = Math.min(step, height - top);
    if (holds(rows, width - pixels + 1, across)) return true;
    if (holds(Math.min(rows, height - top - pixels + 1), width, down)) return true;
  }
  return false;
}
