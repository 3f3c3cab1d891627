import { type GrayPicture, sharpen } from './grayPicture';

/** Middle of what may be a finder pattern, in pixels of its picture. */
export interface FinderCandidate {
  readonly x: number;
  readonly y: number;
  /** Pixels along a side of a module, estimated. */
  readonly module: number;
  /** Rows that led here. */
  readonly votes: number;
}

/** Pixels along a side of the blocks that thresholds are kept for. */
const BLOCK = 8;
/** Blocks on each side that count for a threshold. */
const REACH = 2;
/** Blocks with less contrast around them hold no pattern. */
const LEAST_CONTRAST = 10;
/** A run may be off by this share of a module; the one of three modules by three times that. */
const RUN_TOLERANCE = 0.5;
/** Candidates kept of one colour, at most: a picture is hostile input. */
const MAX_CANDIDATES = 48;
/** Places looked into in one row of the picture, at most. */
const MAX_HITS_PER_ROW = 64;

/** For each block, the middle between the darkest and the lightest value around it; -1 where flat. */
function localThresholds({ width, height, values }: GrayPicture): {
  thresholds: Int16Array;
  columns: number;
} {
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(height / BLOCK);
  const darkest = new Uint8Array(columns * rows).fill(255);
  const lightest = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = (y >> 3) * columns;
    for (let x = 0; x < width; x++) {
      const block = row + (x >> 3);
      const value = values[y * width + x];
      if (value < darkest[block]) darkest[block] = value;
      if (value > lightest[block]) lightest[block] = value;
    }
  }
  const thresholds = new Int16Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [low, high] = [255, 0];
      const right = Math.min(columns - 1, column + REACH);
      for (let r = Math.max(0, row - REACH); r <= Math.min(rows - 1, row + REACH); r++) {
        for (let i = r * columns + Math.max(0, column - REACH); i <= r * columns + right; i++) {
          if (darkest[i] < low) low = darkest[i];
          if (lightest[i] > high) high = lightest[i];
        }
      }
      thresholds[row * columns + column] = high - low < LEAST_CONTRAST ? -1 : (low + high + 1) >> 1;
    }
  }
  return { thresholds, columns };
}

/** Where the line from value `before` to `after`, one pixel further, meets the threshold: 0 to 1. */
function crossing(before: number, after: number, threshold: number): number {
  if (before === after) return 0.5;
  const share = (threshold - before) / (after - before);
  if (share < 0) return 0;
  if (share > 1) return 1;
  return share;
}

/** Module size of five runs between six edges where they are 1:1:3:1:1, else 0. */
function moduleOf(a: number, b: number, c: number, d: number, e: number, f: number): number {
  const module = (f - a) / 7;
  const tolerance = RUN_TOLERANCE * module;
  const fits =
    Math.abs(b - a - module) < tolerance &&
    Math.abs(c - b - module) < tolerance &&
    Math.abs(d - c - 3 * module) < 3 * tolerance &&
    Math.abs(e - d - module) < tolerance &&
    Math.abs(f - e - module) < tolerance;
  return fits ? module : 0;
}

interface Crossed {
  /** Middle of the central run along the line. */
  readonly middle: number;
  readonly module: number;
}

/**
 * Looks along a row (`across` true) or a column through (x, y) for the runs of a finder pattern around
 * that point, with one threshold. Undefined where they are not there.
 */
function crossCheck(
  { width, height, values }: GrayPicture,
  x: number,
  y: number,
  threshold: number,
  across: boolean,
  reach: number,
): Crossed | undefined {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)));
  const stride = across ? 1 : width;
  const length = across ? width : height;
  const origin = across ? row * width : column;
  const start = across ? column : row;
  const isLow = values[origin + start * stride] < threshold;
  const edges = [0, 0, 0, 0, 0, 0];
  for (const direction of [-1, 1]) {
    let low = isLow;
    let found = 0;
    let at = start;
    for (; found < 3 && Math.abs(at - start) < reach; at += direction) {
      const next = at + direction;
      if (next < 0 || next >= length) break;
      const value = values[origin + next * stride];
      if (value < threshold === low) continue;
      const before = values[origin + at * stride];
      const edge = at + 0.5 + direction * crossing(before, value, threshold);
      edges[direction < 0 ? 2 - found : 3 + found] = edge;
      low = !low;
      found++;
    }
    if (found < 3) return undefined;
  }
  const [a, b, c, d, e, f] = edges;
  const module = moduleOf(a, b, c, d, e, f);
  return module > 0 ? { middle: (c + d) / 2, module } : undefined;
}

/** A list of candidates in which those of one place are joined. */
class Gathering {
  readonly #list: { x: number; y: number; module: number; votes: number }[] = [];

  add(x: number, y: number, module: number): void {
    for (const one of this.#list) {
      const near = 1.5 * Math.min(one.module, module);
      if (Math.abs(one.x - x) > near || Math.abs(one.y - y) > near) continue;
      if (module > 1.5 * one.module || one.module > 1.5 * module) continue;
      const votes = one.votes + 1;
      one.x += (x - one.x) / votes;
      one.y += (y - one.y) / votes;
      one.module += (module - one.module) / votes;
      one.votes = votes;
      return;
    }
    // A flood of chance finds stops here; real ones are found by several rows.
    if (this.#list.length < 16 * MAX_CANDIDATES) this.#list.push({ x, y, module, votes: 1 });
  }

  /** Those found by the most rows, for their size. */
  best(): FinderCandidate[] {
    const weight = ({ votes, module }: FinderCandidate) => votes / Math.sqrt(module);
    return this.#list.sort((a, b) => weight(b) - weight(a)).slice(0, MAX_CANDIDATES);
  }
}

/** Looks in the rows of a picture for 1:1:3:1:1, confirmed in the column through the middle. */
function gatherFrom(picture: GrayPicture, [dark, light]: readonly [Gathering, Gathering]): void {
  const { width, height, values } = picture;
  const { thresholds, columns } = localThresholds(picture);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let hits = 0;
    const blocks = (y >> 3) * columns;
    let [a, b, c, d, e] = [-1, -1, -1, -1, -1];
    let low = values[row] < thresholds[blocks];
    for (let x = 1; x < width; x++) {
      const threshold = thresholds[blocks + (x >> 3)];
      const value = values[row + x];
      if (value < threshold === low) continue;
      const edge = x - 0.5 + crossing(values[row + x - 1], value, threshold);
      const module = a >= 0 ? moduleOf(a, b, c, d, e, edge) : 0;
      if (module > 0 && hits < MAX_HITS_PER_ROW) {
        hits++;
        const middle = (c + d) / 2;
        const limit = 6 * module + 2;
        const level = thresholds[blocks + (Math.floor(middle) >> 3)];
        const down = crossCheck(picture, middle, y + 0.5, level, false, limit);
        const across = down && crossCheck(picture, middle, down.middle, level, true, limit);
        if (down && across && down.module < 1.6 * across.module && across.module < 1.6 * down.module)
          (low ? dark : light).add(across.middle, down.middle, (across.module + down.module) / 2);
      }
      [a, b, c, d, e] = [b, c, d, e, edge];
      low = !low;
    }
  }
}

/**
 * Finds what may be finder patterns: runs of 1:1:3:1:1 in rows, confirmed in the column through their
 * middle, in the picture as it is and sharpened, where blurred modules of two pixels show again. Edges are
 * placed between pixels by interpolation, so that modules hardly larger than a pixel are measured too. Gives
 * those with a dark middle and those with a light one (an inverted picture).
 */
export function findFinderCandidates(picture: GrayPicture): [FinderCandidate[], FinderCandidate[]] {
  const gatherings = [new Gathering(), new Gathering()] as const;
  for (const seen of [picture, sharpen(picture)]) gatherFrom(seen, gatherings);
  return [gatherings[0].best(), gatherings[1].best()];
}
