import { KERNELS } from './wasm';

type PlanesPass<Result> = (
  from: number,
  to: number,
  pixels: number,
  group: number,
  cellSize: number,
  planeSize: number,
  mask: number,
  flip: number,
  zero: number,
) => Result;

/** What the folder `assembly` is compiled to, which says what each pass does. Addresses and lengths are bytes. */
interface Kernels {
  readonly memory: WebAssembly.Memory;
  union(start: number, end: number): number;
  differ(a: number, b: number, length: number): number;
  extend(start: number, end: number, cellSize: number, shift: number, isSigned: boolean): number;
  range(
    start: number,
    end: number,
    cellSize: number,
    mask: number,
    flip: number,
    low: number,
    high: number,
    leavesOut: boolean,
  ): number;
  codes(
    from: number,
    to: number,
    count: number,
    cellSize: number,
    step: number,
    mask: number,
    flip: number,
  ): void;
  pack(from: number, rows: number, length: number, to: number, stride: number, cellSize: number): void;
  hasMark(
    packed: number,
    rows: number,
    stride: number,
    positions: number,
    group: number,
    marks: number,
    offsets: number,
    length: number,
  ): number;
  products(
    cells: number,
    cellStride: number,
    keys: number,
    keyStride: number,
    width: number,
    height: number,
    cellSize: number,
    mask: number,
    flip: number,
  ): number;
  finderRuns(
    row: number,
    width: number,
    cellSize: number,
    mask: number,
    flip: number,
    threshold: number,
    found: number,
  ): number;
  addParity(
    parity: number,
    parityCount: number,
    data: number,
    dataCount: number,
    length: number,
    quotients: number,
  ): void;
  checksums(
    rows: number,
    stride: number,
    length: number,
    first: number,
    count: number,
    table: number,
    to: number,
  ): void;
  readonly toPlanes: PlanesPass<void>;
  readonly fromPlanes: PlanesPass<number>;
  startBits(cells: number, size: number, carried: number, used: number): void;
  spreadBits(slots: number, work: number, width: number, height: number, from: number): number;
  gatherBits(
    slots: number,
    offsets: number,
    width: number,
    height: number,
    flip: number,
    lower: number,
    upper: number,
    to: number,
  ): number;
}

/** Cells of a frame, or other words. */
export type Cells = Uint8Array | Uint16Array;

const VECTOR = 16;
const PAGE = 65536;

/** Bytes of an array that are worked on in one go: as many as stay near the processor. */
export const PIECE = 131072;

/** Rows of so many bytes that are worked on in one go. */
export const rowsTogether = (bytes: number): number => Math.max(1, Math.floor(PIECE / bytes));

let instance: Kernels | undefined;
let memory = new Uint8Array(0);

/** The kernels, compiled at the first use. Throws an Error that is no `KeyAreaError` where there is no WebAssembly. */
export function kernels(): Kernels {
  instance ??= start();
  return instance;
}

function start(): Kernels {
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(KERNELS), (sign) => sign.charCodeAt(0)));
    return new WebAssembly.Instance(module).exports as unknown as Kernels;
  } catch (cause) {
    throw new Error('Pixels cannot be worked on: the page forbids WebAssembly, or the browser is too old.', {
      cause,
    });
  }
}

/** The kernels' memory, at least `length` bytes of it. What lies there is good for the pass at hand alone. */
export function workspace(length: number): Uint8Array<ArrayBuffer> {
  if (memory.length >= length) return memory;
  const { memory: pages } = kernels();
  const missing = length - pages.buffer.byteLength;
  if (missing > 0) pages.grow(Math.ceil(missing / PAGE));
  memory = new Uint8Array(pages.buffer);
  return memory;
}

/** `length` in whole vectors. */
export const inVectors = (length: number): number => Math.ceil(length / VECTOR) * VECTOR;

/**
 * Puts an array at an address of the workspace, a multiple of a vector, and fills the last vector up with its last
 * cell. Gives the address behind, where one vector more is free.
 */
export function place(cells: Cells | Uint32Array, address: number): number {
  const { byteLength, BYTES_PER_ELEMENT } = cells;
  const end = address + inVectors(byteLength);
  const space = workspace(end + VECTOR);
  space.set(bytesOf(cells), address);
  for (let at = address + byteLength; at < end; at++) space[at] = space[at - BYTES_PER_ELEMENT];
  return end;
}

/** Takes an array out of the workspace, from an address on. */
export function take(cells: Cells, address: number): void {
  bytesOf(cells).set(workspace(0).subarray(address, address + cells.byteLength));
}

/** Rows of a part of an array. */
export interface Rows {
  /** The first cell. */
  readonly start: number;
  /** Cells from one row to the next. */
  readonly stride: number;
  /** Cells of a row. */
  readonly length: number;
  readonly count: number;
}

/** Puts rows at an address of the workspace, one behind the other. Gives the address behind. */
export function placeRows(cells: Cells, { start, stride, length, count }: Rows, address: number): number {
  const bytes = bytesOf(cells);
  const size = cells.BYTES_PER_ELEMENT;
  const space = workspace(address + size * length * count);
  for (let row = 0, at = address; row < count; row++, at += size * length) {
    const from = size * (start + row * stride);
    space.set(bytes.subarray(from, from + size * length), at);
  }
  return address + size * length * count;
}

/** Takes rows out of the workspace again. */
export function takeRows(cells: Cells, { start, stride, length, count }: Rows, address: number): void {
  const bytes = bytesOf(cells);
  const size = cells.BYTES_PER_ELEMENT;
  const space = workspace(0);
  for (let row = 0, at = address; row < count; row++, at += size * length) {
    bytes.set(space.subarray(at, at + size * length), size * (start + row * stride));
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Cells | Uint32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
