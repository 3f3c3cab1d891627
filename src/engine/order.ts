import type { Frame, Rectangle } from './frame';
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

const SMALLEST_BLOCK = 4;

/**
 * The order in which samples carry the payload: area by area, in each area square block by block in
 * raster order, in each block pixel by pixel. There are about as many blocks as segments, so each
 * segment lies in a compact patch of the picture, and local damage costs few of them.
 */
export function areaOrder(frame: Frame, areas: readonly Rectangle[], segments: number): Uint32Array {
  const { width, samplesPerPixel } = frame;
  const pixels = areas.reduce((sum, area) => sum + area.width * area.height, 0);
  const side = Math.max(SMALLEST_BLOCK, Math.ceil(Math.sqrt(pixels / segments)));
  const order = new Uint32Array(pixels * samplesPerPixel);
  let next = 0;
  for (const area of areas) {
    const bottom = area.y + area.height;
    const right = area.x + area.width;
    for (let top = area.y; top < bottom; top += side) {
      for (let left = area.x; left < right; left += side) {
        for (let y = top; y < Math.min(top + side, bottom); y++) {
          const end = (y * width + Math.min(left + side, right)) * samplesPerPixel;
          for (let index = (y * width + left) * samplesPerPixel; index < end; index++) order[next++] = index;
        }
      }
    }
  }
  return order;
}
