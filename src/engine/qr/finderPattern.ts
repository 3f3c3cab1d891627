import { inVectors, kernels, placeRows, rowsTogether, workspace } from '../kernels/memory';
import { FINDER_SIZE } from './symbol';
import { type CodePlane, planeOfCodes } from './thresholds';

/**
 * Finds the finder patterns of QR symbols in a picture that is split in two, at the exact pixel: runs of
 * 1:1:3:1:1 whole modules on the integer grid. What a search may cost is bounded, whatever the picture shows.
 */

/** Finder patterns looked at for one threshold and polarity, at most: an image is hostile input. */
export const MAX_FINDERS = 64;
/** Pixels that are compared with finder patterns in one search, at most, for each pixel of the picture. */
const COMPARED_PER_PIXEL = 64;
/** Finder patterns of smaller modules cost less to compare anew than to remember. */
const LEAST_REMEMBERED = 4;
/** Bytes that may be read behind a row. */
const OVERREAD = 128;
/** Share of a finder pattern's pixels that may be wrong (a mark burned in later). */
const FINDER_TOLERANCE = 0.15;

export interface FinderPattern {
  readonly x: number;
  readonly y: number;
  readonly modulePixels: number;
}

/** A frame split in two: a pixel is 1 where its code reaches the threshold, else 0. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly plane: CodePlane;
  readonly threshold: number;
  /** Of the whole search. */
  readonly work: Work;
}

/** What a search may still do: pixels that it may compare with finder patterns. */
interface Work {
  left: number;
}

/** The work of a search in a picture of so many pixels. */
export const workFor = (pixels: number): Work => ({ left: COMPARED_PER_PIXEL * pixels });

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
  const { cells, bits } = picture.plane;
  const { mask, flip } = bits;
  const side = FINDER_SIZE * modulePixels;
  let wrong = 0;
  for (let row = 0; row < side; row++) {
    picture.work.left -= side;
    if (picture.work.left < 0) return limit;
    const moduleRow = Math.floor(row / modulePixels);
    const start = (y + row) * picture.width + x;
    for (let column = 0; column < side; column++) {
      const code = (cells[start + column] & mask) ^ flip;
      const dark = code >= picture.threshold === upperIsDark;
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
  const { cells, bits } = picture.plane;
  const { mask, flip } = bits;
  const middle = modulePixels >> 1;
  let tolerated = MIDDLES_TOLERATED;
  for (let row = 0; row < FINDER_SIZE; row++) {
    const start = (y + row * modulePixels + middle) * picture.width + x + middle;
    for (let column = 0; column < FINDER_SIZE; column++) {
      const code = (cells[start + column * modulePixels] & mask) ^ flip;
      const dark = code >= picture.threshold === upperIsDark;
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
 * Visits the runs of 1:1:3:1:1 whole modules in every `step`th row: each begins at column `x`; `upperFirst`: its first
 * run reaches the threshold.
 */
function forEachFinderRun(
  { width, height, plane, threshold }: Picture,
  step: number,
  visit: (x: number, y: number, modulePixels: number, upperFirst: boolean) => void,
): void {
  const { cells, bits } = plane;
  const size = cells.BYTES_PER_ELEMENT;
  const together = rowsTogether(width * size);
  for (let top = 0; top < height; top += step * together) {
    const count = Math.min(together, Math.ceil((height - top) / step));
    const end = placeRows(cells, { start: top * width, stride: step * width, length: width, count }, 0);
    const found = inVectors(end);
    // A run ends where none did before.
    const { buffer } = workspace(found + Math.max(8 * width, OVERREAD));
    const runs = new Uint32Array(buffer, found, 2 * width);
    for (let row = 0; row < count; row++) {
      const first = row * width * size;
      const all = kernels().finderRuns(first, width, size, bits.mask, bits.flip, threshold, found);
      for (let k = 0; k < 2 * all; k += 2) {
        visit(runs[k], top + row * step, runs[k + 1] >> 1, (runs[k + 1] & 1) === 1);
      }
    }
  }
}

/**
 * Finder patterns by polarity: those whose dark modules are 0, and those whose are 1. Of three rows one
 * crosses the central square of any pattern; `step` says which rows are looked at.
 */
export function findFinders(picture: Picture, step: 1 | 3): [FinderPattern[], FinderPattern[]] {
  const found: [FinderPattern[], FinderPattern[]] = [[], []];
  const failed = [new Set<number>(), new Set<number>()];
  forEachFinderRun(picture, step, (x, y, modulePixels, upperIsDark) => {
    const polarity = upperIsDark ? 1 : 0;
    const list = found[polarity];
    if (list.length >= MAX_FINDERS || list.some((finder) => crosses(finder, x, y, modulePixels))) return;
    const finder = finderAcross(picture, x, y, modulePixels, upperIsDark, failed[polarity]);
    if (finder) list.push(finder);
  });
  return found;
}

export const nameOf = ({ x, y, modulePixels }: FinderPattern): string => `${x},${y},${modulePixels}`;

/** The codes of a picture with rows and columns exchanged. */
export function transposed({ width, height, plane }: Picture): CodePlane {
  const { cells, bits } = plane;
  const columns = new Uint16Array(cells.length);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) columns[x * height + y] = (cells[k] & bits.mask) ^ bits.flip;
  }
  return planeOfCodes(columns);
}

/** Finder patterns by polarity, looked for in the columns too: a line through one breaks all its rows. */
export function findAllFinders(picture: Picture, columns: CodePlane): [FinderPattern[], FinderPattern[]] {
  const { width, height } = picture;
  const byRows = findFinders(picture, 1);
  const byColumns = findFinders({ ...picture, width: height, height: width, plane: columns }, 1);
  const joined = byRows.map((finders, polarity) => {
    const turned = byColumns[polarity].map(({ x, y, modulePixels }) => ({ x: y, y: x, modulePixels }));
    return [...new Map([...finders, ...turned].map((finder) => [nameOf(finder), finder])).values()];
  });
  return [joined[0], joined[1]];
}
