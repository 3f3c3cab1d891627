import { MAX_MODULES, MIN_MODULES } from '../qr/symbol';
import type { FinderCandidate } from './finderPatterns';
import { type GrayPicture, valueAt } from './grayPicture';
import { knownModules } from './knownModules';
import { type Corners, FINDER_MIDDLE, type Point, perspectiveOf } from './perspective';

/** Where a symbol lies, or may lie, in a picture. */
export interface PicturedSymbol {
  /** Modules along a side, without the quiet zone. */
  readonly size: number;
  readonly corners: Corners;
  /** The symbol's dark modules are light in the picture. */
  readonly inverted: boolean;
  /** How well the modules that are the same in all symbols match: 1 is perfect, 0 is chance. */
  readonly match: number;
}

/** Triples of finder patterns looked at in one picture and colour, at most. */
const MAX_TRIPLES = 40;
/** A first guess that matches less than this is dropped. */
const LEAST_FIRST_MATCH = 0.25;
/** A size is looked for within this share of the estimate. */
const SIZE_DOUBT = 0.15;
/** Steps of the search for the best place, in modules. */
const SEARCH_STEPS = [4, 2, 1, 0.5, 0.25, 0.12, 0.06];
/** Rounds for each step, at most. */
const MAX_ROUNDS = 6;
/** A move that gains less match is not worth it. */
const LEAST_GAIN = 1e-4;

interface Triple {
  readonly topLeft: FinderCandidate;
  readonly topRight: FinderCandidate;
  readonly bottomLeft: FinderCandidate;
  readonly badness: number;
}

/** Three patterns as the corners of half a square, unless they cannot be. */
function tripleOf(a: FinderCandidate, b: FinderCandidate, c: FinderCandidate): Triple | undefined {
  const modules = [a.module, b.module, c.module];
  const [smallest, largest] = [Math.min(...modules), Math.max(...modules)];
  if (largest > 1.5 * smallest) return undefined;
  const squared = (p: Point, q: Point) => (p.x - q.x) ** 2 + (p.y - q.y) ** 2;
  const sides = [squared(b, c), squared(a, c), squared(a, b)];
  const longest = sides.indexOf(Math.max(...sides));
  const [corner, first, second] = [
    [a, b, c],
    [b, c, a],
    [c, a, b],
  ][longest];
  const [u, v] = [
    { x: first.x - corner.x, y: first.y - corner.y },
    { x: second.x - corner.x, y: second.y - corner.y },
  ];
  const [lengthU, lengthV] = [Math.hypot(u.x, u.y), Math.hypot(v.x, v.y)];
  const ratio = Math.max(lengthU, lengthV) / Math.min(lengthU, lengthV);
  const cosine = Math.abs(u.x * v.x + u.y * v.y) / (lengthU * lengthV);
  const modulesAcross = (lengthU + lengthV) / (2 * ((a.module + b.module + c.module) / 3));
  if (ratio > 1.35 || cosine > 0.35 || modulesAcross < 11 || modulesAcross > 200) return undefined;
  const isRightHanded = u.x * v.y - u.y * v.x > 0;
  return {
    topLeft: corner,
    topRight: isRightHanded ? first : second,
    bottomLeft: isRightHanded ? second : first,
    badness: ratio - 1 + cosine + (largest / smallest - 1) / 2,
  };
}

/** The triples that look most like a symbol's corners. */
function findTriples(candidates: readonly FinderCandidate[]): Triple[] {
  const triples: Triple[] = [];
  for (let i = 0; i < candidates.length; i++) {
    for (let j = i + 1; j < candidates.length; j++) {
      for (let k = j + 1; k < candidates.length; k++) {
        const triple = tripleOf(candidates[i], candidates[j], candidates[k]);
        if (triple) triples.push(triple);
      }
    }
  }
  return triples.sort((a, b) => a.badness - b.badness).slice(0, MAX_TRIPLES);
}

/** Correlation of the picture at the known modules with their colours. */
function matchOf(picture: GrayPicture, size: number, corners: Corners, inverted: boolean): number {
  const c = perspectiveOf(corners, size);
  const known = knownModules(size);
  let [sum, squares, products, colours] = [0, 0, 0, 0];
  for (const { column, row, colour } of known) {
    const [u, v] = [column + 0.5, row + 0.5];
    const w = c[6] * u + c[7] * v + c[8];
    const value = valueAt(picture, (c[0] * u + c[1] * v + c[2]) / w, (c[3] * u + c[4] * v + c[5]) / w);
    sum += value;
    squares += value * value;
    products -= colour * value;
    colours -= colour;
  }
  const n = known.length;
  const variance = (squares - (sum * sum) / n) * (n - (colours * colours) / n);
  const correlation = variance > 0 ? (products - (sum * colours) / n) / Math.sqrt(variance) : 0;
  return inverted ? -correlation : correlation;
}

/** The square completed from three corners. */
function cornersOf({ topLeft, topRight, bottomLeft }: Triple): Corners {
  const bottomRight = {
    x: topRight.x + bottomLeft.x - topLeft.x,
    y: topRight.y + bottomLeft.y - topLeft.y,
  };
  return { topLeft, topRight, bottomLeft, bottomRight };
}

/** Moves a guess's corners, one after the other, as long as the match grows. */
export function refineSymbol(picture: GrayPicture, guess: PicturedSymbol): PicturedSymbol {
  const { size, inverted } = guess;
  const { topLeft, topRight } = guess.corners;
  const module = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y) / (size - 2 * FINDER_MIDDLE);
  let { match, corners } = guess;
  for (const step of SEARCH_STEPS) {
    for (let round = 0, moved = true; moved && round < MAX_ROUNDS; round++) {
      moved = false;
      for (const name of ['bottomRight', 'topLeft', 'topRight', 'bottomLeft'] as const) {
        // The finder patterns were found; only the fourth corner can be far off.
        if (step > 1 && name !== 'bottomRight') continue;
        for (const [dx, dy] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ]) {
          const { x, y } = corners[name];
          const tried = { ...corners, [name]: { x: x + dx * step * module, y: y + dy * step * module } };
          const reached = matchOf(picture, size, tried, inverted);
          if (reached <= match + LEAST_GAIN) continue;
          [corners, match, moved] = [tried, reached, true];
        }
      }
    }
  }
  return { size, corners, inverted, match };
}

/** Guesses where symbols lie from candidates for their finder patterns, the best match first. */
export function guessSymbols(
  picture: GrayPicture,
  candidates: readonly FinderCandidate[],
  inverted: boolean,
): PicturedSymbol[] {
  const guesses: PicturedSymbol[] = [];
  for (const triple of findTriples(candidates)) {
    const { topLeft, topRight, bottomLeft } = triple;
    const corners = cornersOf(triple);
    const across = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
    const down = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y);
    // Rows and columns cross the modules of a turned symbol aslant, which lengthens their runs.
    const upright = Math.max(Math.abs(topRight.x - topLeft.x), Math.abs(topRight.y - topLeft.y)) / across;
    const module = (upright * (topLeft.module + topRight.module + bottomLeft.module)) / 3;
    const estimate = (across + down) / (2 * module) + 2 * FINDER_MIDDLE;
    const doubt = Math.max(4, SIZE_DOUBT * estimate);
    let best: PicturedSymbol | undefined;
    for (let size = MIN_MODULES; size <= MAX_MODULES; size += 4) {
      if (Math.abs(size - estimate) > doubt) continue;
      const match = matchOf(picture, size, corners, inverted);
      if (match > (best?.match ?? LEAST_FIRST_MATCH)) best = { size, corners, inverted, match };
    }
    if (best) guesses.push(best);
  }
  return guesses.sort((a, b) => b.match - a.match);
}
