import { readFile } from '../../src/dicom/dataset/reader';
import { join } from '../dicom/builder';
import type { Draw } from './draw';

/** Changes to bytes, whatever they say. None writes to what it is given. */

/** Numbers at which readers go wrong. */
const EDGES = [0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 32768, 65534, 65535, 65536];
const WIDE_EDGES = [...EDGES, 2 ** 24 - 1, 2 ** 24, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];

type Mutation = (bytes: Uint8Array, draw: Draw) => Uint8Array;

const flipBits: Mutation = (bytes, draw) => {
  const changed = bytes.slice();
  for (let count = draw.between(1, 8); count > 0; count--)
    changed[draw.below(bytes.length)] ^= 1 << draw.below(8);
  return changed;
};

const overwrite: Mutation = (bytes, draw) => {
  const changed = bytes.slice();
  const start = draw.below(bytes.length);
  changed.set(draw.bytes(Math.min(draw.between(1, 8), bytes.length - start)), start);
  return changed;
};

/** Puts a number at the edge of its kind somewhere, in either byte order. */
const overwriteNumber: Mutation = (bytes, draw) => {
  const size = draw.pick([1, 2, 4] as const);
  if (bytes.length < size) return bytes;
  return writeNumber(bytes, draw.below(bytes.length - size + 1), size, edge(draw, size), draw.chance(0.5));
};

const truncate: Mutation = (bytes, draw) => bytes.slice(0, draw.below(bytes.length));

const remove: Mutation = (bytes, draw) => {
  const [start, end] = range(bytes, draw);
  return join([bytes.subarray(0, start), bytes.subarray(end)]);
};

const repeat: Mutation = (bytes, draw) => {
  const [start, end] = range(bytes, draw);
  return join([bytes.subarray(0, end), bytes.subarray(start)]);
};

const fill: Mutation = (bytes, draw) => {
  const [start, end] = range(bytes, draw);
  return bytes.slice().fill(draw.pick([0, 255, draw.below(256)]), start, end);
};

const insert: Mutation = (bytes, draw) => {
  const at = draw.below(bytes.length + 1);
  return join([bytes.subarray(0, at), draw.bytes(draw.between(1, 16)), bytes.subarray(at)]);
};

const MUTATIONS = [flipBits, overwrite, overwriteNumber, truncate, remove, repeat, fill, insert];

/** The ends of a stretch of bytes, mostly a short one. */
function range(bytes: Uint8Array, draw: Draw): [number, number] {
  const start = draw.below(bytes.length);
  const longest = draw.chance(0.2) ? bytes.length : 32;
  return [start, Math.min(bytes.length, start + draw.between(1, longest))];
}

/** A number at the edge of what `size` bytes hold, or any. */
export function edge(draw: Draw, size: 1 | 2 | 4): number {
  const limit = 2 ** (8 * size);
  return draw.chance(0.8) ? draw.pick(WIDE_EDGES.filter((n) => n < limit)) : draw.below(limit);
}

/** The same bytes with a number of `size` bytes written at `at`. */
export function writeNumber(
  bytes: Uint8Array,
  at: number,
  size: 1 | 2 | 4,
  value: number,
  bigEndian: boolean,
): Uint8Array {
  const changed = bytes.slice();
  for (let k = 0; k < size; k++) {
    const shift = 8 * (bigEndian ? size - 1 - k : k);
    changed[at + k] = Math.floor(value / 2 ** shift);
  }
  return changed;
}

/** Changes bytes one to three times over. */
export function mutate(bytes: Uint8Array, draw: Draw): Uint8Array {
  let changed = bytes;
  for (let count = draw.between(1, 3); count > 0 && changed.length > 0; count--)
    changed = draw.pick(MUTATIONS)(changed, draw);
  return changed;
}

/** Of files the first bytes matter most: beyond them lie pixels. */
const HEAD = 2048;

/** Changes the first bytes alone. */
export const mutateHead = (bytes: Uint8Array, draw: Draw): Uint8Array =>
  join([mutate(bytes.subarray(0, HEAD), draw), bytes.subarray(HEAD)]);

/** The beginning of one and the end of another. */
export function spliceTogether(a: Uint8Array, b: Uint8Array, draw: Draw): Uint8Array {
  return join([a.subarray(0, draw.below(a.length + 1)), b.subarray(draw.below(b.length + 1))]);
}

/** A DICOM file of which one element, mostly an outer one, lies about its length. */
export function lieAboutLength(bytes: Uint8Array, draw: Draw): Uint8Array {
  const { meta, elements } = readFile(bytes);
  const element = draw.pick([...meta, ...elements]);
  const size = element.vr === undefined || element.valueStart - element.start > 8 ? 4 : 2;
  const length = element.valueEnd - element.valueStart;
  const value = draw.chance(0.5) ? edge(draw, size) : Math.max(0, length + draw.between(-9, 9));
  return writeNumber(bytes, element.valueStart - size, size, value, false);
}
