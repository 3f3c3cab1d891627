import { type Frame, signBit, valueMask } from './frame';
import { FINDER_SIZE, MAX_MODULES, MIN_MODULES, QUIET_ZONE, type SymbolPlace, symbolSide } from './symbol';
import { thresholds } from './thresholds';

/**
 * Finds QR symbols in stored values, at the exact pixel: finder patterns whose runs are 1:1:3:1:1
 * whole modules on the integer grid, two or three of them in the corners of a square; at last, one alone.
 * General QR readers look for distorted symbols in photographs; here the symbol is one that was drawn sample
 * by sample, so a scan of the rows is enough, and finds every symbol, in any size, at 1 pixel per module and up.
 */

/** Finder patterns looked at for one threshold and polarity, at most: an image is hostile input. */
const MAX_FINDERS = 64;
/** Squares with two or three finder patterns that are yielded, at most. */
const MAX_SYMBOLS = 256;
/** Squares with one finder pattern that are yielded, at most: six patterns have so many at 1 pixel per module. */
const MAX_LONE_SYMBOLS = 1024;
/** Pixels that are compared with finder patterns in one search, at most, for each pixel of the picture. */
const COMPARED_PER_PIXEL = 64;
/** Finder patterns of smaller modules are compared anew rather than remembered. */
const LEAST_REMEMBERED = 4;
/** Share of a finder pattern's pixels that may be wrong (a mark burned in later). */
const FINDER_TOLERANCE = 0.15;

interface FinderPattern {
  readonly x: number;
  readonly y: number;
  readonly modulePixels: number;
}

/** A frame split in two: a pixel is 1 where its code reaches the threshold, else 0. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly codes: Uint8Array | Uint16Array;
  readonly threshold: number;
  /** Of the whole search. */
  readonly work: Work;
}

/** What a search may still do: pixels that it may compare with finder patterns. */
interface Work {
  left: number;
}

/** True where module (column, row) of a finder pattern is dark. */
const isDarkInFinder = (column: number, row: number): boolean =>
  Math.max(Math.abs(column - 3), Math.abs(row - 3)) !== 2;

/**
 * Compares a finder pattern with the picture, pixel by pixel, and counts the wrong ones as far as `limit`, which
 * is also what it gives once all work is done; `upperIsDark`: its dark modules are 1.
 */
function countWrong(
  picture: Picture,
  { x, y, modulePixels }: FinderPattern,
  upperIsDark: boolean,
  limit: number,
): number {
  const side = FINDER_SIZE * modulePixels;
  let wrong = 0;
  for (let row = 0; row < side; row++) {
    picture.work.left -= side;
    if (picture.work.left < 0) return limit;
    const moduleRow = Math.floor(row / modulePixels);
    const start = (y + row) * picture.width + x;
    for (let column = 0; column < side; column++) {
      const dark = picture.codes[start + column] >= picture.threshold === upperIsDark;
      if (dark !== isDarkInFinder(Math.floor(column / modulePixels), moduleRow) && ++wrong >= limit)
        return limit;
    }
  }
  return wrong;
}

/** Modules of a finder pattern that may be wrong at their middles; a line hits at most one row of them. */
const MIDDLES_TOLERATED = FINDER_SIZE;

/** A look at the modules' middles alone: what fails it is not worth comparing pixel by pixel. */
function mayBeFinder(picture: Picture, { x, y, modulePixels }: FinderPattern, upperIsDark: boolean): boolean {
  const side = FINDER_SIZE * modulePixels;
  if (x < 0 || y < 0 || x + side > picture.width || y + side > picture.height) return false;
  const middle = modulePixels >> 1;
  let tolerated = MIDDLES_TOLERATED;
  for (let row = 0; row < FINDER_SIZE; row++) {
    const start = (y + row * modulePixels + middle) * picture.width + x + middle;
    for (let column = 0; column < FINDER_SIZE; column++) {
      const dark = picture.codes[start + column * modulePixels] >= picture.threshold === upperIsDark;
      if (dark !== isDarkInFinder(column, row) && --tolerated < 0) return false;
    }
  }
  return true;
}

/** True where row `y` crosses the central square of a finder pattern that begins at column `x`. */
const crosses = (finder: FinderPattern, x: number, y: number, modulePixels: number): boolean =>
  finder.x === x &&
  finder.modulePixels === modulePixels &&
  y >= finder.y + 2 * modulePixels &&
  y < finder.y + 5 * modulePixels;

/**
 * The finder pattern whose central square row `y` of the picture crosses best; undefined where there is none.
 * `failed` remembers places where there is none: every row through them would lead there again.
 */
function finderAcross(
  picture: Picture,
  x: number,
  y: number,
  modulePixels: number,
  upperIsDark: boolean,
  failed: Set<number>,
): FinderPattern | undefined {
  let best: FinderPattern | undefined;
  const tooMany = Math.floor(FINDER_TOLERANCE * (FINDER_SIZE * modulePixels) ** 2) + 1;
  let fewest = tooMany;
  for (let above = 0; above < 3 * modulePixels && fewest > 0; above++) {
    const finder = { x, y: y - above - 2 * modulePixels, modulePixels };
    const place = (modulePixels * picture.height + finder.y) * picture.width + x;
    if (failed.has(place) || !mayBeFinder(picture, finder, upperIsDark)) continue;
    const wrong = countWrong(picture, finder, upperIsDark, fewest);
    if (wrong < fewest) best = finder;
    else if (fewest === tooMany && modulePixels >= LEAST_REMEMBERED) failed.add(place);
    fewest = wrong;
  }
  return best;
}

/**
 * Finder patterns by polarity: those whose dark modules are 0, and those whose are 1. Of three rows one
 * crosses the central square of any pattern; `step` says which rows are looked at.
 */
function findFinders(picture: Picture, step: 1 | 3): [FinderPattern[], FinderPattern[]] {
  const found: [FinderPattern[], FinderPattern[]] = [[], []];
  const failed = [new Set<number>(), new Set<number>()];
  const { width, height, codes, threshold } = picture;
  for (let y = 0; y < height; y += step) {
    const row = y * width;
    // Starts of the five newest runs, the oldest first.
    let a = -1;
    let b = -1;
    let c = -1;
    let d = -1;
    let e = 0;
    let value = codes[row] >= threshold;
    for (let x = 1; x <= width; x++) {
      if (x < width && codes[row + x] >= threshold === value) continue;
      const modulePixels = b - a;
      const isRatio =
        a >= 0 &&
        c - b === modulePixels &&
        d - c === 3 * modulePixels &&
        e - d === modulePixels &&
        x - e === modulePixels;
      if (isRatio) {
        const polarity = value ? 1 : 0;
        const list = found[polarity];
        const isNew =
          list.length < MAX_FINDERS && !list.some((finder) => crosses(finder, a, y, modulePixels));
        const finder = isNew ? finderAcross(picture, a, y, modulePixels, value, failed[polarity]) : undefined;
        if (finder) list.push(finder);
      }
      // One by one: destructuring would allocate an array at every edge.
      a = b;
      b = c;
      c = d;
      d = e;
      e = x;
      value = !value;
    }
  }
  return found;
}

const nameOf = ({ x, y, modulePixels }: FinderPattern): string => `${x},${y},${modulePixels}`;

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

/** The codes of a picture with rows and columns exchanged. */
function transposed({ width, height, codes }: Picture): Uint16Array {
  const columns = new Uint16Array(codes.length);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) columns[x * height + y] = codes[k];
  }
  return columns;
}

/** Finder patterns by polarity, looked for in the columns too: a line through one breaks all its rows. */
function findAllFinders(picture: Picture, columns: Uint16Array): [FinderPattern[], FinderPattern[]] {
  const { width, height } = picture;
  const byRows = findFinders(picture, 1);
  const byColumns = findFinders({ ...picture, width: height, height: width, codes: columns }, 1);
  const joined = byRows.map((finders, polarity) => {
    const turned = byColumns[polarity].map(({ x, y, modulePixels }) => ({ x: y, y: x, modulePixels }));
    return [...new Map([...finders, ...turned].map((finder) => [nameOf(finder), finder])).values()];
  });
  return [joined[0], joined[1]];
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
  const everywhere = effort === 'everywhere';
  const looks: Look[] = [];
  // The codes are the same at every threshold.
  let columns: Uint16Array | undefined;
  let left = MAX_SYMBOLS;
  const work = { left: COMPARED_PER_PIXEL * width * height };
  for (const [threshold, codes] of thresholds(frame, everywhere)) {
    const picture = { width, height, codes, threshold, work };
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
