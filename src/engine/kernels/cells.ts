import type { CodeRange } from '../pixels/frame';
import {
  type Cells,
  inVectors,
  kernels,
  PIECE,
  place,
  placeRows,
  type Rows,
  rowsTogether,
  take,
  workspace,
} from './memory';

/** Passes over all cells of an array. */

/** What makes a code of a cell: the bits that are kept, and those of them that are flipped. */
export interface CodeBits {
  readonly mask: number;
  readonly flip: number;
}

/** An array in pieces of `length` cells. */
function* pieces<T extends Cells>(cells: T, length = PIECE / cells.BYTES_PER_ELEMENT): Generator<T> {
  for (let start = 0; start < cells.length; start += length) {
    yield cells.subarray(start, start + length) as T;
  }
}

/** The bits that are set in any cell. */
export function unionOf(cells: Cells): number {
  let union = 0;
  for (const piece of pieces(cells)) union |= kernels().union(0, place(piece, 0));
  // A word holds several cells side by side.
  union |= union >>> 16;
  return cells.BYTES_PER_ELEMENT === 2 ? union & 0xffff : (union | (union >>> 8)) & 0xff;
}

/** True where two arrays have the same cells. */
export function areSame(a: Cells, b: Cells): boolean {
  if (a.length !== b.length || a.BYTES_PER_ELEMENT !== b.BYTES_PER_ELEMENT) return false;
  let at = 0;
  for (const piece of pieces(a)) {
    const end = place(piece, 0);
    place(b.subarray(at, at + piece.length), end);
    if (kernels().differ(0, end, end) !== 0) return false;
    at += piece.length;
  }
  return true;
}

/** True where rows of two arrays of one kind have the same cells. */
export function areSameRows(a: Cells, b: Cells, { start, stride, length, count }: Rows): boolean {
  if (length === stride) {
    const end = start + length * count;
    return areSame(a.subarray(start, end), b.subarray(start, end));
  }
  const together = rowsTogether(length * a.BYTES_PER_ELEMENT);
  for (let row = 0; row < count; row += together) {
    const some = { start: start + row * stride, stride, length, count: Math.min(together, count - row) };
    const end = placeRows(a, some, 0);
    const other = inVectors(end);
    const space = workspace(2 * other).fill(0, end, other);
    space.fill(0, placeRows(b, some, other), 2 * other);
    if (kernels().differ(0, other, other) !== 0) return false;
  }
  return true;
}

/** True where the bits above `bitsStored` of all cells are zero, or where `signed` the sign. */
export function isExtended(cells: Cells, bitsStored: number, signed: boolean): boolean {
  const size = cells.BYTES_PER_ELEMENT;
  for (const piece of pieces(cells)) {
    if (kernels().extend(0, place(piece, 0), size, 8 * size - bitsStored, signed) !== 0) return false;
  }
  return true;
}

/** Makes the bits above `bitsStored` of all cells zero, or where `signed` the sign. */
export function extend(cells: Cells, bitsStored: number, signed: boolean): void {
  const size = cells.BYTES_PER_ELEMENT;
  for (const piece of pieces(cells)) {
    if (kernels().extend(0, place(piece, 0), size, 8 * size - bitsStored, signed) !== 0) take(piece, 0);
  }
}

/** The smallest and the largest code, those of `leftOut` left out; the smallest is the larger where there is none. */
export function rangeOf(cells: Cells, { mask, flip }: CodeBits, leftOut?: CodeRange): CodeRange {
  const low = Math.max(0, leftOut?.minimum ?? 0);
  const high = Math.min(mask, leftOut?.maximum ?? -1);
  const size = cells.BYTES_PER_ELEMENT;
  const largestPossible = Math.min(mask, 2 ** (8 * size) - 1);
  let minimum = Infinity;
  let maximum = -1;
  for (const piece of pieces(cells)) {
    const end = place(piece, 0);
    const range = kernels().range(0, end, size, mask, flip, low, high, low <= high);
    const [smallest, largest] = [range & 0xffff, range >>> 16];
    if (smallest > largest) continue;
    minimum = Math.min(minimum, smallest);
    maximum = Math.max(maximum, largest);
    if (minimum === 0 && maximum === largestPossible) break;
  }
  return { minimum, maximum };
}

/** Bytes that may be read or written behind the cells at hand. */
const OVERRUN = 48;

/** The code of every cell, or of every third one, each as large as a cell. */
export function codesOf<T extends Cells>(cells: T, { mask, flip }: CodeBits, step: 1 | 3 = 1): T {
  const size = cells.BYTES_PER_ELEMENT;
  const length = Math.ceil(cells.length / step);
  const codes = (size === 1 ? new Uint8Array(length) : new Uint16Array(length)) as T;
  let first = 0;
  for (const piece of pieces(cells, Math.floor(PIECE / (step * size)) * step)) {
    const count = Math.ceil(piece.length / step);
    const to = place(piece, 0) + OVERRUN;
    workspace(to + count * size + OVERRUN);
    kernels().codes(0, to, count, size, step, mask, flip);
    take(codes.subarray(first, first + count), to);
    first += count;
  }
  return codes;
}
