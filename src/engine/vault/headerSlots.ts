import { bitOf } from '../bytes';
import { HEADER_COPIES, headerLength } from '../header';
import type { Frame } from '../pixels/frame';
import { gridOf, UPRIGHT } from '../pixels/geometry';
import { modulesOfVersion, type SymbolPlace, symbolSide } from '../qr/symbol';

/** Where the copies of a vault's header lie: in bit 0 of samples under each symbol. */

/**
 * The number of the sample, of those of a symbol's square, that a header copy begins at: for each copy a
 * third of the rows and a third of a row further on, so that a bar, horizontal or vertical, has to be wider
 * than `floor(side / 3)` pixels to hit a bit in more than one of them.
 */
function headerStart(side: number, samplesPerPixel: number, copy: number): number {
  const row = side * samplesPerPixel;
  return copy * (Math.floor(side / HEADER_COPIES) * row + Math.floor(row / HEADER_COPIES));
}

/** True where a square has room for all copies of a header of `bits` bits, none of which overlaps another. */
const hasRoomForHeader = (side: number, samplesPerPixel: number, bits: number): boolean =>
  bits <= headerStart(side, samplesPerPixel, 1) &&
  headerStart(side, samplesPerPixel, HEADER_COPIES - 1) + bits <= side * side * samplesPerPixel;

/**
 * The smallest version whose square, at one pixel a module, has room for a header that lists `areas`
 * covered areas.
 */
export function smallestVersion(areas: number, samplesPerPixel: number): number {
  let version = 1;
  while (!hasRoomForHeader(symbolSide(modulesOfVersion(version)), samplesPerPixel, 8 * headerLength(areas)))
    version++;
  return version;
}

/** True where the square of a symbol has room for a header of `length` bytes. */
export const hasHeaderSlots = (
  { samplesPerPixel }: Frame,
  { size, modulePixels }: SymbolPlace,
  length: number,
): boolean => hasRoomForHeader(symbolSide(size, modulePixels), samplesPerPixel, 8 * length);

/**
 * Says for a symbol which sample's bit 0 holds bit `bit` (first bit of the first byte is 0) of copy `copy` of a
 * header: a copy is a run of the samples of its square, quiet zone included, in raster order of the upright symbol.
 */
export function headerSlotIn(
  { samplesPerPixel, width }: Frame,
  { x, y, size, modulePixels }: SymbolPlace,
  orientation = UPRIGHT,
): (copy: number, bit: number) => number {
  const side = symbolSide(size, modulePixels);
  const { origin, across, down } = gridOf(x, y, side, side, width, orientation);
  return (copy, bit) => {
    const position = headerStart(side, samplesPerPixel, copy) + bit;
    const pixel = Math.floor(position / samplesPerPixel);
    const index = origin + (pixel % side) * across + Math.floor(pixel / side) * down;
    return index * samplesPerPixel + (position % samplesPerPixel);
  };
}

/**
 * The samples whose bit 0 holds copy `copy` of a header of `length` bytes under a symbol, first bit
 * first. Returns undefined where a square is too small.
 */
export function headerSlots(
  frame: Frame,
  place: SymbolPlace,
  length: number,
  copy: number,
  orientation = UPRIGHT,
): Uint32Array | undefined {
  if (!hasHeaderSlots(frame, place, length)) return undefined;
  const slotOf = headerSlotIn(frame, place, orientation);
  const slots = new Uint32Array(8 * length);
  for (let bit = 0; bit < slots.length; bit++) slots[bit] = slotOf(copy, bit);
  return slots;
}

/** Samples of a row that hold bits of a header one after the other. */
export interface HeaderRun {
  readonly y: number;
  /** Of its first sample, in samples. */
  readonly column: number;
  /** The number of its first bit. */
  readonly bit: number;
  readonly length: number;
}

/** What `headerSlots` gives for an upright symbol that has room, row by row. */
export function* headerRuns(
  { samplesPerPixel }: Frame,
  { x, y, size, modulePixels }: SymbolPlace,
  length: number,
  copy: number,
): Generator<HeaderRun> {
  const side = symbolSide(size, modulePixels);
  const row = side * samplesPerPixel;
  const start = headerStart(side, samplesPerPixel, copy);
  for (let bit = 0, run = 0; bit < 8 * length; bit += run) {
    const column = (start + bit) % row;
    run = Math.min(row - column, 8 * length - bit);
    yield { y: y + Math.floor((start + bit) / row), column: x * samplesPerPixel + column, bit, length: run };
  }
}

/** The samples whose bit 0 is the header's. */
export interface HeaderSlots {
  readonly runs: readonly SlotRun[];
  readonly count: number;
}

/** Slots side by side in a row. */
interface SlotRun {
  readonly y: number;
  /** Of the first one, in samples. */
  readonly column: number;
  /** 1 for a header bit 0, 2 for a header bit 1. */
  readonly marks: Uint8Array;
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
  const counted = countHeaderSlots(frame, places, header.length);
  if (counted === undefined) return undefined;
  const marks = new Uint8Array(8 * header.length);
  for (let k = 0; k < marks.length; k++) marks[k] = 1 + bitOf(header, k);
  const runs: SlotRun[] = [];
  for (const place of places) {
    for (let copy = 0; copy < HEADER_COPIES; copy++) {
      for (const { y, column, bit, length } of headerRuns(frame, place, header.length, copy)) {
        runs.push({ y, column, marks: marks.subarray(bit, bit + length) });
      }
    }
  }
  return { runs, count: counted.count };
}
