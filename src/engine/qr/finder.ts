import { type Frame, signBit, valueMask } from '../pixels/frame';
import {
  type FinderPattern,
  findAllFinders,
  findFinders,
  MAX_FINDERS,
  nameOf,
  type Picture,
  transposed,
  workFor,
} from './finderPattern';
import { FINDER_SIZE, MAX_MODULES, MIN_MODULES, QUIET_ZONE, type SymbolPlace, symbolSide } from './symbol';
import { type CodePlane, thresholds } from './thresholds';

/**
 * Finds QR symbols in stored values, at the exact pixel: finder patterns whose runs are 1:1:3:1:1
 * whole modules on the integer grid, two or three of them in the corners of a square; at last, one alone.
 * General QR readers look for distorted symbols in photographs; here the symbol is one that was drawn sample
 * by sample, so a scan of the rows is enough, and finds every symbol, in any size, at 1 pixel per module and up.
 */

/** Pixels along a side, with the quiet zone. */
const SMALLEST_SYMBOL = symbolSide(MIN_MODULES);
/** Squares with two or three finder patterns that are yielded, at most. */
const MAX_SYMBOLS = 256;
/** Squares with one finder pattern that are yielded, at most: six patterns have so many at 1 pixel per module. */
const MAX_LONE_SYMBOLS = 1024;

/** The top left corners of the squares of finder patterns that two of them can belong to. */
function cornersOf(a: FinderPattern, b: FinderPattern): [number, number, number][] {
  const across = b.x - a.x;
  const down = b.y - a.y;
  if (down === 0) {
    const side = Math.abs(across);
    const x = Math.min(a.x, b.x);
    return [
      [x, a.y, side],
      [x, a.y - side, side],
    ];
  }
  if (across === 0) {
    const side = Math.abs(down);
    const y = Math.min(a.y, b.y);
    return [
      [a.x, y, side],
      [a.x - side, y, side],
    ];
  }
  return Math.abs(across) === Math.abs(down)
    ? [[Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(down)]]
    : [];
}

/** The place of a symbol whose first finder pattern is at (x, y); undefined where that is outside the picture. */
function placeWithin(
  { width, height }: Picture,
  x: number,
  y: number,
  size: number,
  modulePixels: number,
): SymbolPlace | undefined {
  const margin = QUIET_ZONE * modulePixels;
  const place = { x: x - margin, y: y - margin, size, modulePixels };
  const side = symbolSide(size, modulePixels);
  const fits = place.x >= 0 && place.y >= 0 && place.x + side <= width && place.y + side <= height;
  return fits ? place : undefined;
}

/**
 * Joins finder patterns to the squares of symbols, those with three of them first. Two are enough: a
 * mark may have hit the third, and what is under a symbol tells whether it is one.
 */
function joinFinders(finders: readonly FinderPattern[], picture: Picture): SymbolPlace[] {
  const squares = new Map<string, { place: SymbolPlace; pairs: number }>();
  finders.forEach((a, k) => {
    for (const b of finders.slice(k + 1)) {
      if (a.modulePixels !== b.modulePixels) continue;
      const { modulePixels } = a;
      for (const [x, y, distance] of cornersOf(a, b)) {
        const size = distance / modulePixels + FINDER_SIZE;
        if (size % 4 !== 1 || size < MIN_MODULES || size > MAX_MODULES) continue;
        const place = placeWithin(picture, x, y, size, modulePixels);
        if (place === undefined) continue;
        const name = `${nameOf({ x, y, modulePixels })},${size}`;
        const pairs = (squares.get(name)?.pairs ?? 0) + 1;
        squares.set(name, { place, pairs });
      }
    }
  });
  return [...squares.values()].sort((a, b) => b.pairs - a.pairs).map(({ place }) => place);
}

/** The squares of symbols, of every size, that each finder pattern by itself can be a corner of. */
function squaresAround(finders: readonly FinderPattern[], picture: Picture): SymbolPlace[] {
  const places: SymbolPlace[] = [];
  for (const { x, y, modulePixels } of finders) {
    for (let size = MIN_MODULES; size <= MAX_MODULES; size += 4) {
      const distance = (size - FINDER_SIZE) * modulePixels;
      for (const left of [x, x - distance]) {
        for (const top of [y, y - distance]) {
          const place = placeWithin(picture, left, top, size, modulePixels);
          if (place) places.push(place);
        }
      }
    }
  }
  return places;
}

/** A symbol that was found, with the threshold that splits its modules. */
export interface FoundSymbol {
  readonly place: SymbolPlace;
  /** Codes from here on are the upper band's. */
  readonly threshold: number;
  /** Dark modules are the upper band's (MONOCHROME1). */
  readonly inverted: boolean;
  /** It was supposed from one finder pattern: nearly always there is nothing. */
  readonly lone: boolean;
}

/**
 * How hard to look: `rows` finds every symbol that is as it was drawn, `everywhere` those too that
 * something was drawn across.
 */
export type Effort = 'rows' | 'everywhere';

/** Finder patterns of one threshold, by polarity. */
interface Look {
  readonly picture: Picture;
  readonly finders: readonly [FinderPattern[], FinderPattern[]];
}

/** The symbols that `squares` makes of finder patterns, those of the picture's own polarity first. */
const symbolsOf = (
  { inverted: own }: Frame,
  { picture, finders }: Look,
  lone: boolean,
  squares: (finders: readonly FinderPattern[], picture: Picture) => SymbolPlace[],
): FoundSymbol[] =>
  [own, !own].flatMap((inverted) =>
    squares(finders[inverted ? 1 : 0], picture).map((place) => ({
      place,
      threshold: picture.threshold,
      inverted,
      lone,
    })),
  );

/**
 * Yields what may be symbols, foreign ones and turned ones included, all of one threshold at a time; with
 * all effort, at last those of which one finder pattern is left.
 */
export function* findSymbols(frame: Frame, effort: Effort): Generator<FoundSymbol[]> {
  const { width, height } = frame;
  if (Math.min(width, height) < SMALLEST_SYMBOL) return;
  const everywhere = effort === 'everywhere';
  const looks: Look[] = [];
  // The same at every threshold.
  let columns: CodePlane | undefined;
  let left = MAX_SYMBOLS;
  const work = workFor(width * height);
  for (const [threshold, plane] of thresholds(frame, everywhere)) {
    const picture = { width, height, plane, threshold, work };
    if (everywhere) columns ??= transposed(picture);
    const look = { picture, finders: columns ? findAllFinders(picture, columns) : findFinders(picture, 3) };
    looks.push(look);
    const found = symbolsOf(frame, look, false, joinFinders);
    yield found.slice(0, left);
    left -= found.length;
    if (left <= 0) break;
  }
  if (!everywhere) return;
  left = MAX_LONE_SYMBOLS;
  for (const look of looks) {
    const found = symbolsOf(frame, look, true, squaresAround);
    yield found.slice(0, left);
    left -= found.length;
    if (left <= 0) return;
  }
}

/** True where a frame shows so many finder patterns that a search for symbols passes over some of them. */
export function isCrowded(frame: Frame): boolean {
  const { width, height } = frame;
  for (const [threshold, plane] of thresholds(frame, false)) {
    const picture = { width, height, plane, threshold, work: workFor(width * height) };
    if (findFinders(picture, 3).some(({ length }) => length >= MAX_FINDERS)) return true;
  }
  return false;
}

/** Samples a found symbol's modules at their middles; 1 is dark. */
export function readModules(frame: Frame, { place, threshold, inverted }: FoundSymbol): Uint8Array {
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const { size, modulePixels } = place;
  const middle = modulePixels >> 1;
  return Uint8Array.from({ length: size * size }, (_, k) => {
    const x = place.x + ((k % size) + QUIET_ZONE) * modulePixels + middle;
    const y = place.y + (Math.floor(k / size) + QUIET_ZONE) * modulePixels + middle;
    const code = (frame.samples[(y * frame.width + x) * frame.samplesPerPixel] & mask) ^ flip;
    return code >= threshold === inverted ? 1 : 0;
  });
}
