import type { CodeBits } from './cells';
import {
  type Cells,
  inVectors,
  kernels,
  PIECE,
  place,
  placeRows,
  type Rows,
  take,
  takeRows,
  workspace,
} from './memory';

/** The way between the cells of an area and the planes that are coded. */

/** What a plane's samples mean. */
export interface PlaneCoding extends CodeBits {
  /** Cells of a pixel: one makes one plane, three make three. */
  readonly group: 1 | 3;
  /** Of one plane, the smallest code; of three, what stands for no difference between colours. */
  readonly zero: number;
}

/** Pixels that are worked on together. */
const pixelsTogether = ({ group }: PlaneCoding, { BYTES_PER_ELEMENT }: Cells): number =>
  Math.floor(PIECE / (group * BYTES_PER_ELEMENT));

/** Bytes that may be written behind pixels. */
const OVERRUN = 4;

/** Of each plane the samples of the same pixels. */
const samplesOf = (pixels: number, first: number, count: number, { group }: PlaneCoding): Rows => ({
  start: first,
  stride: pixels,
  length: count,
  count: group,
});

/** Writes the planes of `cells`, one behind the other. */
export function toPlanes(cells: Cells, planes: Cells, coding: PlaneCoding): void {
  const { group, mask, flip, zero } = coding;
  const size = planes.BYTES_PER_ELEMENT;
  const pixels = cells.length / group;
  const together = pixelsTogether(coding, cells);
  for (let first = 0; first < pixels; first += together) {
    const count = Math.min(together, pixels - first);
    const to = place(cells.subarray(first * group, (first + count) * group), 0);
    workspace(to + count * group * size);
    kernels().toPlanes(0, to, count, group, cells.BYTES_PER_ELEMENT, size, mask, flip, zero);
    takeRows(planes, samplesOf(pixels, first, count, coding), to);
  }
}

/** Writes the cells of planes, the bits above the code's zero. Gives the largest code of the first plane. */
export function fromPlanes(planes: Cells, cells: Cells, coding: PlaneCoding): number {
  const { group, mask, flip, zero } = coding;
  const size = planes.BYTES_PER_ELEMENT;
  const pixels = cells.length / group;
  const together = pixelsTogether(coding, cells);
  let largest = 0;
  for (let first = 0; first < pixels; first += together) {
    const count = Math.min(together, pixels - first);
    const to = inVectors(placeRows(planes, samplesOf(pixels, first, count, coding), 0));
    const part = cells.subarray(first * group, (first + count) * group);
    workspace(to + part.byteLength + OVERRUN);
    const code = kernels().fromPlanes(0, to, count, group, cells.BYTES_PER_ELEMENT, size, mask, flip, zero);
    largest = Math.max(largest, code >>> 0);
    take(part, to);
  }
  return largest;
}
