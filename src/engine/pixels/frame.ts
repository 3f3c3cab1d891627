import { KeyAreaError } from '../errors';
import { areSame, type CodeBits, codesOf as codesOfCells, isExtended, unionOf } from '../kernels/cells';
import type { Rows } from '../kernels/memory';

/** A rectangle in whole image pixels. `x` runs along a row, `y` along a column; both start at 0. */
export interface Rectangle {
  /** Column of its left edge. */
  readonly x: number;
  /** Row of its top edge. */
  readonly y: number;
  /** Columns, 1 or more. */
  readonly width: number;
  /** Rows, 1 or more. */
  readonly height: number;
}

/** A closed range of stored values. */
export interface ValueRange {
  /** The smallest value in it. */
  readonly minimum: number;
  /** The largest value in it. */
  readonly maximum: number;
}

/** A closed range of codes, see {@link signBit}. */
export interface CodeRange {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * One frame of stored pixel data, exactly as its cells lie in the file.
 *
 * `samples` holds `width * height * samplesPerPixel` cells, row by row, the samples of a pixel side
 * by side (DICOM Planar Configuration 0). A cell is the raw 8 or 16 bits: the stored value is its
 * lowest `bitsStored` bits (High Bit is Bits Stored - 1), two's complement where `signed`.
 */
export interface Frame {
  /** Columns, 1 to 65535. */
  readonly width: number;
  /** Rows, 1 to 65535. */
  readonly height: number;
  /** 1 (grayscale) or 3 (RGB). */
  readonly samplesPerPixel: 1 | 3;
  /** 3 to 8 for `Uint8Array` cells, 3 to 16 for `Uint16Array` cells. */
  readonly bitsStored: number;
  /** DICOM Pixel Representation 1. */
  readonly signed: boolean;
  /** High stored values are shown dark (MONOCHROME1). */
  readonly inverted: boolean;
  /** Pixel Padding Value (and Range Limit) as stored values, where the image has one. */
  readonly padding?: ValueRange;
  /**
   * PALETTE COLOR: the rank of each of the 2^bitsStored entries by displayed luminance, see
   * {@link rankPalette}. Such a frame is unsigned, has one sample per pixel and no padding.
   */
  readonly paletteRanks?: Uint16Array;
  /** `width * height * samplesPerPixel` cells: bytes at 8 Bits Allocated, words at 16. */
  readonly samples: Uint8Array | Uint16Array;
}

/** The bits of a cell that hold its stored value. */
export const valueMask = (frame: Pick<Frame, 'bitsStored'>): number => 2 ** frame.bitsStored - 1;

/**
 * Flipping this bit of a stored value's bits gives its **code**: the value counted up from the
 * smallest one that Bits Stored and Pixel Representation allow (offset binary).
 */
export const signBit = (frame: Pick<Frame, 'bitsStored' | 'signed'>): number =>
  frame.signed ? 2 ** (frame.bitsStored - 1) : 0;

/** What makes codes of the frame's cells. */
export const codeBits = (frame: Pick<Frame, 'bitsStored' | 'signed'>): CodeBits => ({
  mask: valueMask(frame),
  flip: signBit(frame),
});

/** The codes of all samples of a frame. */
export function codesOf(frame: Frame): Uint16Array {
  const codes = codesOfCells(frame.samples, codeBits(frame));
  return codes instanceof Uint16Array ? codes : new Uint16Array(codes);
}

/** Bits Allocated of the frame's cells. */
export const bitsAllocated = (frame: Pick<Frame, 'samples'>): number => 8 * frame.samples.BYTES_PER_ELEMENT;

/** How the bits above Bits Stored are filled throughout a frame. */
export type UpperBits = 'zero' | 'sign' | 'other';

/** Tells how the bits above Bits Stored are filled; 'zero' where there are none. */
export function upperBitsOf(frame: Pick<Frame, 'samples' | 'bitsStored' | 'signed'>): UpperBits {
  const { samples, bitsStored, signed } = frame;
  if (bitsStored === bitsAllocated(frame)) return 'zero';
  const zero = unionOf(samples) >>> bitsStored === 0;
  if (!signed) return zero ? 'zero' : 'other';
  if (isExtended(samples, bitsStored, true)) return 'sign';
  return zero ? 'zero' : 'other';
}

/** The same frame with other cells. */
export function withSamples(frame: Frame, samples: Frame['samples']): Frame {
  return { ...frame, samples };
}

/** The same frame with other padding. */
export function withPadding({ padding: _, ...frame }: Frame, padding: ValueRange | undefined): Frame {
  return padding ? { ...frame, padding } : frame;
}

/** True where `ranks` has each rank once. */
function isPermutation(ranks: Uint16Array): boolean {
  const seen = new Uint8Array(ranks.length);
  return ranks.every((rank) => rank < seen.length && seen[rank]++ === 0);
}

/** Checks a frame's fields against each other. Throws `unsupported-pixels` or `invalid-argument`. */
export function checkFrame(frame: Frame): void {
  const { width, height, samplesPerPixel, bitsStored, samples } = frame;
  const isDimension = (n: number) => Number.isInteger(n) && n >= 1 && n <= 65535;
  if (!isDimension(width) || !isDimension(height) || samples.length !== width * height * samplesPerPixel) {
    throw new KeyAreaError('invalid-argument', 'The frame has not as many samples as its size says.');
  }
  if (bitsStored < 3 || bitsStored > bitsAllocated(frame)) {
    throw new KeyAreaError('unsupported-pixels', `Bits Stored ${bitsStored} is not supported: 3 to 16 are.`);
  }
  const { paletteRanks } = frame;
  if (paletteRanks && (paletteRanks.length !== 2 ** bitsStored || !isPermutation(paletteRanks))) {
    throw new KeyAreaError('invalid-argument', 'The palette ranks are not a ranking of all entries.');
  }
}

/** Pixels of all areas together; where areas overlap, of each. */
export const pixelsIn = (areas: readonly Rectangle[]): number =>
  areas.reduce((sum, { width, height }) => sum + width * height, 0);

/** True where `outer` holds all of `inner`. */
export function contains(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** True where two rectangles share a pixel. */
export function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The whole frame as a rectangle. */
export const boundsOf = (frame: Frame): Rectangle => ({
  x: 0,
  y: 0,
  width: frame.width,
  height: frame.height,
});

/**
 * Calls `visit(start, length)` for each run of samples that one row of `area` covers, in order:
 * `start` indexes `frame.samples`, `length` counts samples.
 */
export function forEachRow(
  frame: Frame,
  area: Rectangle,
  visit: (start: number, length: number) => void,
): void {
  const length = area.width * frame.samplesPerPixel;
  for (let y = area.y; y < area.y + area.height; y++) {
    visit((y * frame.width + area.x) * frame.samplesPerPixel, length);
  }
}

/** The rows of samples that `area` covers. */
export const rowsOf = ({ width, samplesPerPixel }: Frame, { x, y, ...area }: Rectangle): Rows => ({
  start: (y * width + x) * samplesPerPixel,
  stride: width * samplesPerPixel,
  length: area.width * samplesPerPixel,
  count: area.height,
});

/** What of `block` lies outside all of `areas`: rectangles that do not overlap, from top to bottom and left to right. */
export function partsOutside(block: Rectangle, areas: readonly Rectangle[]): Rectangle[] {
  if (!areas.some((area) => overlap(area, block))) return [block];
  const near = areas.filter((area) => overlap(area, block)).sort((a, b) => a.x - b.x);
  if (near.some((area) => contains(area, block))) return [];
  const right = block.x + block.width;
  const bottom = block.y + block.height;
  const edges = near.flatMap(({ y, height }) => [y, y + height]).filter((y) => y > block.y && y < bottom);
  const tops = [...new Set([block.y, ...edges])].sort((a, b) => a - b);
  return tops.flatMap((y, k) => {
    const height = (tops[k + 1] ?? bottom) - y;
    const parts: Rectangle[] = [];
    let x = block.x;
    for (const area of near) {
      if (y < area.y || y >= area.y + area.height) continue;
      if (area.x > x) parts.push({ x, y, width: area.x - x, height });
      x = Math.max(x, area.x + area.width);
    }
    if (x < right) parts.push({ x, y, width: right - x, height });
    return parts;
  });
}

/** True where two frames of one shape have the same cells. */
export const sameCells = ({ samples: a }: Frame, { samples: b }: Frame): boolean => areSame(a, b);
