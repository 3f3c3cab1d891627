import type { Frame } from './frame';
import { MAGIC_BYTES } from './header';

/**
 * A quick look for the first bits of a vault's header: they lie in bit 0 of neighbouring samples of a row,
 * or of a column where the picture was turned, forwards or backwards.
 *
 * Rows and columns are cut into groups of pixels. Any place of a header's bits holds a whole group, and few
 * of all values that a group can have occur in them, so nearly every group is passed over at one glance.
 */

/** Bit 0 of the samples of a group's pixels: 15 pixels with one sample, or 5 with three. */
const GROUP_BITS = 15;

/** Pixels that lie in one row even of the narrowest symbol, 29 with its quiet zone, as far as is looked at. */
const markPixels = (samplesPerPixel: number): number => (samplesPerPixel === 3 ? 10 : 29);

/** A header's first bits, those of a pixel together, the first sample's highest: forwards, and with the pixels backwards. */
function marksOf(samplesPerPixel: number): [Uint8Array, Uint8Array] {
  const bits = (first: number): number =>
    Array.from({ length: samplesPerPixel }, (_, k) => first + k).reduce(
      (value, k) => 2 * value + ((MAGIC_BYTES[k >> 3] >> (7 - (k & 7))) & 1),
      0,
    );
  const forwards = Uint8Array.from({ length: markPixels(samplesPerPixel) }, (_, pixel) =>
    bits(pixel * samplesPerPixel),
  );
  return [forwards, forwards.toReversed()];
}

/** Where in a mark a group begins. */
interface GroupPlace {
  readonly mark: Uint8Array;
  readonly offset: number;
}

/** For each value of a group that occurs in a mark where it does. */
function groupPlaces(samplesPerPixel: number): Map<number, GroupPlace[]> {
  const length = GROUP_BITS / samplesPerPixel;
  const places = new Map<number, GroupPlace[]>();
  for (const mark of marksOf(samplesPerPixel)) {
    for (let offset = 0; offset + length <= mark.length; offset++) {
      const group = mark
        .subarray(offset, offset + length)
        .reduce((value, pixel) => (value << samplesPerPixel) | pixel, 0);
      places.set(group, [...(places.get(group) ?? []), { mark, offset }]);
    }
  }
  return places;
}

/** Bit 0 of a pixel's samples, the first sample's highest. */
function pixelBits({ samples, samplesPerPixel }: Frame, pixel: number): number {
  if (samplesPerPixel === 1) return samples[pixel] & 1;
  const first = 3 * pixel;
  return ((samples[first] & 1) << 2) | ((samples[first + 1] & 1) << 1) | (samples[first + 2] & 1);
}

/** A row or a column: its first pixel, the step from one to the next, and their number. */
interface Line {
  readonly first: number;
  readonly step: number;
  readonly length: number;
}

/** True where a line has a mark of which `group` is the group at `position`. */
function hasMark(
  frame: Frame,
  { first, step, length }: Line,
  position: number,
  places: readonly GroupPlace[],
): boolean {
  return places.some(({ mark, offset }) => {
    const start = position - offset;
    if (start < 0 || start + mark.length > length) return false;
    return mark.every((bits, k) => pixelBits(frame, first + (start + k) * step) === bits);
  });
}

/** False where there is surely no vault's header whose copies are whole. */
export function mayHoldHeader(frame: Frame): boolean {
  const { samplesPerPixel, width, height } = frame;
  const groupPixels = GROUP_BITS / samplesPerPixel;
  const places = groupPlaces(samplesPerPixel);
  const occurs = new Uint8Array(1 << GROUP_BITS);
  for (const group of places.keys()) occurs[group] = 1;
  const columns = new Uint16Array(width);
  let rowOfGroup = 0;
  for (let y = 0; y < height; y++) {
    const first = y * width;
    let row = 0;
    let left = groupPixels;
    rowOfGroup++;
    for (let x = 0; x < width; x++) {
      const bits = pixelBits(frame, first + x);
      row = (row << samplesPerPixel) | bits;
      columns[x] = (columns[x] << samplesPerPixel) | bits;
      if (--left > 0) continue;
      if (occurs[row] === 1) {
        const line = { first, step: 1, length: width };
        if (hasMark(frame, line, x + 1 - groupPixels, places.get(row) ?? [])) return true;
      }
      row = 0;
      left = groupPixels;
    }
    if (rowOfGroup < groupPixels) continue;
    for (let x = 0; x < width; x++) {
      if (occurs[columns[x]] === 0) continue;
      const line = { first: x, step: width, length: height };
      if (hasMark(frame, line, y + 1 - groupPixels, places.get(columns[x]) ?? [])) return true;
    }
    columns.fill(0);
    rowOfGroup = 0;
  }
  return false;
}
