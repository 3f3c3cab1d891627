import type { CodeBits } from './cells';
import { type Cells, inVectors, kernels, PIECE, workspace } from './memory';

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

const bytesOf = ({ buffer, byteOffset }: Cells, first: number, length: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset + first, length);

/** Writes the planes of `cells`, one behind the other. */
export function toPlanes(cells: Cells, planes: Cells, coding: PlaneCoding): void {
  const { group, mask, flip, zero } = coding;
  const cellSize = cells.BYTES_PER_ELEMENT;
  const size = planes.BYTES_PER_ELEMENT;
  const pixels = cells.length / group;
  const together = pixelsTogether(coding, cells);
  for (let first = 0; first < pixels; first += together) {
    const count = Math.min(together, pixels - first);
    const length = count * group * cellSize;
    const to = inVectors(length);
    const space = workspace(to + count * group * size);
    space.set(bytesOf(cells, first * group * cellSize, length), 0);
    kernels().toPlanes(0, to, count, group, cellSize, size, mask, flip, zero);
    for (let plane = 0; plane < group; plane++) {
      const start = to + plane * count * size;
      const part = space.subarray(start, start + count * size);
      bytesOf(planes, (plane * pixels + first) * size, part.length).set(part);
    }
  }
}

/** Writes the cells of planes, the bits above the code's zero. Gives the largest code of the first plane. */
export function fromPlanes(planes: Cells, cells: Cells, coding: PlaneCoding): number {
  const { group, mask, flip, zero } = coding;
  const cellSize = cells.BYTES_PER_ELEMENT;
  const size = planes.BYTES_PER_ELEMENT;
  const pixels = cells.length / group;
  const together = pixelsTogether(coding, cells);
  let largest = 0;
  for (let first = 0; first < pixels; first += together) {
    const count = Math.min(together, pixels - first);
    const to = inVectors(count * group * size);
    const length = count * group * cellSize;
    const space = workspace(to + length);
    for (let plane = 0; plane < group; plane++) {
      space.set(bytesOf(planes, (plane * pixels + first) * size, count * size), plane * count * size);
    }
    largest = Math.max(
      largest,
      kernels().fromPlanes(0, to, count, group, cellSize, size, mask, flip, zero) >>> 0,
    );
    bytesOf(cells, first * group * cellSize, length).set(space.subarray(to, to + length));
  }
  return largest;
}
