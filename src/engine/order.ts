import { type Frame, pixelsIn, type Rectangle } from './frame';
import { HEADER_COPIES } from './header';
import { hasHeaderSlots, headerSlots, type SymbolPlace } from './symbol';

/** The samples whose bit 0 is the header's. */
export interface HeaderSlots {
  /** For each sample of the frame: 0 no header bit, 1 header bit 0, 2 header bit 1. */
  readonly bitAt: Uint8Array;
  readonly count: number;
}

/** Counts the samples that hold a header under all symbols. Undefined where one is too small for it. */
export function countHeaderSlots(
  frame: Frame,
  places: readonly SymbolPlace[],
  length: number,
): Pick<HeaderSlots, 'count'> | undefined {
  const fits = places.every((place) => hasHeaderSlots(frame, place, length));
  return fits ? { count: places.length * HEADER_COPIES * 8 * length } : undefined;
}

/** Lays a header's bits out under all symbols. Undefined where a symbol is too small for it. */
export function layOutHeader(
  frame: Frame,
  places: readonly SymbolPlace[],
  header: Uint8Array,
): HeaderSlots | undefined {
  const bitAt = new Uint8Array(frame.samples.length);
  let count = 0;
  for (const place of places) {
    for (let copy = 0; copy < HEADER_COPIES; copy++) {
      const indices = headerSlots(frame, place, header.length, copy);
      if (indices === undefined) return undefined;
      indices.forEach((index, k) => {
        bitAt[index] = 1 + ((header[k >> 3] >> (7 - (k & 7))) & 1);
      });
      count += indices.length;
    }
  }
  return { bitAt, count };
}

/** Fewest rows of a band. */
const SMALLEST_BAND = 4;

/** Rows that a band has at most, where there are `segments` segments. */
export function bandHeight(areas: readonly Rectangle[], segments: number): number {
  return Math.max(SMALLEST_BAND, Math.ceil(Math.sqrt(pixelsIn(areas) / segments)));
}

/** Bands that an area is cut into, of at most `highest` rows each. */
export const bandsIn = ({ height }: Rectangle, highest: number): number => Math.ceil(height / highest);

/**
 * The order in which samples carry the payload: area by area; each area in bands of about equally many rows,
 * each band column by column, each column from the top. A band is about as high as a segment is wide, so
 * each segment lies in a compact patch of the picture. Where one patch ends and the next begins differs from
 * band to band, so a vertical line hits in most bands one segment, wherever it is drawn.
 *
 * Gives the blocks of whole columns that make up this order, of at most `most` pixels each or of one column.
 */
export function* carrierBlocks(
  areas: readonly Rectangle[],
  segments: number,
  most: number,
): Generator<Rectangle> {
  const highest = bandHeight(areas, segments);
  for (const area of areas) {
    const bands = bandsIn(area, highest);
    for (let band = 0; band < bands; band++) {
      const y = area.y + Math.floor((band * area.height) / bands);
      const height = area.y + Math.floor(((band + 1) * area.height) / bands) - y;
      const columns = Math.max(1, Math.floor(most / height));
      const right = area.x + area.width;
      for (let x = area.x; x < right; x += columns) {
        yield { x, y, width: Math.min(columns, right - x), height };
      }
    }
  }
}
