import QRCode from 'qrcode';
import type { Frame, Rectangle } from './frame';
import { gridOf, UPRIGHT } from './geometry';
import { HEADER_COPIES, headerLength } from './header';

/** Light modules that ISO/IEC 18004 asks for around a symbol. */
export const QUIET_ZONE = 4;
/** Modules along a side of a finder pattern. */
export const FINDER_SIZE = 7;
export const MIN_MODULES = 21;
export const MAX_MODULES = 177;

/** A QR code as a square of modules; 1 is dark. */
export interface QrSymbol {
  /** Modules along a side, without the quiet zone. */
  readonly size: number;
  /** `size * size` modules, row by row. */
  readonly modules: Uint8Array;
  /** What it says. */
  readonly text: string;
}

/** Where a symbol lies: `x`, `y` is the first pixel of its quiet zone. */
export interface SymbolPlace {
  /** Column, from 0. */
  readonly x: number;
  /** Row, from 0. */
  readonly y: number;
  /** Modules along a side, without the quiet zone. */
  readonly size: number;
  /** Pixels along a side of a module. */
  readonly modulePixels: number;
}

/** A part of a QR text, coded in its own mode. */
export interface QrSegment {
  /** Of the characters that its mode knows. */
  readonly text: string;
  /** ISO/IEC 18004, 7.4: bytes of UTF-8, or digits, capitals and nine signs. */
  readonly mode: 'byte' | 'alphanumeric';
}

/** Modules along a side of a symbol of `version` (1 to 40). */
export const modulesOfVersion = (version: number): number => 17 + 4 * version;

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

/**
 * Draws a QR code of `segments`. Returns undefined where they need a version above `maximumVersion`.
 */
export function drawSymbol(
  segments: readonly QrSegment[],
  level: 'L' | 'M',
  minimumVersion: number,
  maximumVersion: number,
): QrSymbol | undefined {
  const encoder = new TextEncoder();
  const parts = segments.map(({ text, mode }) =>
    mode === 'byte' ? { data: encoder.encode(text), mode } : { data: text, mode },
  ) as QRCode.QRCodeSegment[];
  const create = (version?: number) =>
    QRCode.create(parts, { errorCorrectionLevel: level, ...(version === undefined ? {} : { version }) });
  let code: QRCode.QRCode;
  try {
    code = create();
    if (code.version < minimumVersion) code = create(minimumVersion);
  } catch {
    return undefined; // longer than the largest symbol holds
  }
  if (code.version > maximumVersion) return undefined;
  const { size, data } = code.modules;
  return { size, modules: Uint8Array.from(data), text: segments.map(({ text }) => text).join('') };
}

/** Pixels along a side of a symbol with its quiet zone. */
export const symbolSide = (size: number, modulePixels = 1): number => (size + 2 * QUIET_ZONE) * modulePixels;

/** Centres a symbol of `size` modules, its modules as large as fit, in `area`. */
export function placeSymbol(size: number, area: Rectangle): SymbolPlace {
  const modulePixels = Math.floor(Math.min(area.width, area.height) / symbolSide(size));
  const side = symbolSide(size, modulePixels);
  return {
    x: area.x + Math.floor((area.width - side) / 2),
    y: area.y + Math.floor((area.height - side) / 2),
    size,
    modulePixels,
  };
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
