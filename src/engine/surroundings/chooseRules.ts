import {
  COUNTS,
  type LayerRules,
  type LevelRun,
  MAX_RUN_LEVELS,
  MAX_RUNS,
  NO_START,
  probabilitiesFor,
  SIDES,
} from './bins';
import { entropyOf, PROBABILITY_ONE } from './coder';
import { LEVELS } from './complexity';
import { BINS } from './histogram';

/**
 * The choice of a layer's rules: least squared error for the bits wanted, by a Lagrangian over the
 * expansions of each level and side, and the shortest way of writing it by dynamic programming over
 * runs of levels.
 */

/** Bytes of a run in the parameters. */
export const RUN_LENGTH = 2;

/** What one more run costs: its bits displace others, and half of those change. */
const RUN_BITS = 8 * RUN_LENGTH;
const RUN_ERROR = RUN_BITS / 2;

/**
 * Ways to expand a side: entry `count index * STARTS + start` of the tables below, where the last
 * start, which leaves the side alone, has nothing but zeros.
 */
const STARTS = NO_START + 1;

/** Squared errors that a bit may cost at most and at least. */
const CHEAPEST = 1 / 8;
const DEAREST = 2 ** 20;

/** Halvings of the interval in which the price is sought. */
const SEARCH_STEPS = 14;

/** The highest odds: a bit is as often 1 as 0. */
export const FULL_ODDS = 256;

/** Around that price, runs are sought for in this neighbourhood, and this often. */
const WIDENING = 1.25;
const REFINING_STEPS = 6;

/** At a price, the odds that are best for the first expanded bin, where a bit costs one squared error. */
const oddsAt = (perBit: number): number =>
  Math.min(FULL_ODDS, Math.max(1, Math.round(FULL_ODDS * 2 ** (-1 / perBit))));

/** Bits that the m-th expanded bin carries per sample, and its mean squared error. */
function binYields(odds: number): { bits: Float64Array; errors: Float64Array } {
  const shares = Float64Array.from(probabilitiesFor(odds), (probability) => probability / PROBABILITY_ONE);
  return {
    bits: shares.map(entropyOf),
    errors: shares.map((p, m) => (1 - p) * m * m + p * (m + 1) * (m + 1)),
  };
}

/** For each side, level and expansion: the bits and the squared error of all its samples. */
interface Yields {
  /** The entries there are: those of the counts that may pay. */
  readonly expansions: number;
  readonly bits: Float64Array;
  readonly errors: Float64Array;
}

function yieldsAt(histogram: Uint32Array, odds: number, levels: number, perBit: number): Yields {
  const perBin = binYields(odds);
  // Expanding the m-th bin moves it and all beyond by 2 m + 1 more, in squared error.
  const counts = Math.max(1, COUNTS.filter((count) => count - 1 <= 2 * perBit).length);
  const expansions = counts * STARTS;
  const bits = new Float64Array(SIDES * levels * expansions);
  const errors = new Float64Array(SIDES * levels * expansions);
  for (let side = 0; side < SIDES; side++) {
    for (let level = 0; level < levels; level++) {
      const first = (side * LEVELS + level) * BINS;
      const entry = (side * levels + level) * expansions;
      let tail = 0;
      for (let distance = 0; distance < BINS; distance++) tail += histogram[first + distance];
      for (let start = 0; start < NO_START && tail > 0; start++) {
        let count = 0;
        let beyond = tail;
        let sumBits = 0;
        let sumErrors = 0;
        for (let k = 0; k < counts; k++) {
          for (; count < COUNTS[k]; count++) {
            const samples = histogram[first + start + count];
            sumBits += samples * perBin.bits[count];
            sumErrors += samples * perBin.errors[count];
            beyond -= samples;
          }
          bits[entry + k * STARTS + start] = sumBits;
          errors[entry + k * STARTS + start] = sumErrors + beyond * count * count;
        }
        tail -= histogram[first + start];
      }
    }
  }
  return { expansions, bits, errors };
}

/** The bits that a layer carries where every level and side has its own best expansion at a price. */
function bitsWithoutRuns(yields: Yields, perBit: number): number {
  const { expansions, bits, errors } = yields;
  let total = 0;
  for (let first = 0; first < bits.length; first += expansions) {
    let best = 0;
    let bestBits = 0;
    for (let k = first; k < first + expansions; k++) {
      const cost = errors[k] - perBit * bits[k];
      if (cost >= best) continue;
      best = cost;
      bestBits = bits[k];
    }
    total += bestBits;
  }
  return total;
}

/** The best start of each side and count, and the best count, of a run that costs `sums`. */
function bestRun(sums: readonly Float64Array[], levels: number): { cost: number; run: LevelRun } {
  let cost = Infinity;
  let best = { levels, countIndex: 0, starts: [NO_START, NO_START] as [number, number] };
  for (let countIndex = 0; countIndex * STARTS < sums[0].length; countIndex++) {
    const first = countIndex * STARTS;
    let [near, far] = [NO_START, NO_START];
    for (let start = 0; start < NO_START; start++) {
      if (sums[0][first + start] < sums[0][first + near]) near = start;
      if (sums[1][first + start] < sums[1][first + far]) far = start;
    }
    const sum = sums[0][first + near] + sums[1][first + far];
    if (sum >= cost) continue;
    cost = sum;
    best = { levels, countIndex, starts: [near, far] };
  }
  return { cost, run: best };
}

/** The best run from each level to each: entry `from * levels + to`. */
function bestRuns({ expansions, bits, errors }: Yields, perBit: number, levels: number) {
  const costs = new Float64Array(levels * levels).fill(Infinity);
  const runs = new Array<LevelRun>(levels * levels);
  const sums = Array.from({ length: SIDES }, () => new Float64Array(expansions));
  for (let from = 0; from < levels; from++) {
    for (const sum of sums) sum.fill(0);
    for (let to = from; to < Math.min(levels, from + MAX_RUN_LEVELS); to++) {
      for (let side = 0; side < SIDES; side++) {
        const entry = (side * levels + to) * expansions;
        const sum = sums[side];
        for (let k = 0; k < expansions; k++) sum[k] += errors[entry + k] - perBit * bits[entry + k];
      }
      const { cost, run } = bestRun(sums, to - from + 1);
      costs[from * levels + to] = cost;
      runs[from * levels + to] = run;
    }
  }
  return { costs, runs };
}

/** The runs of least cost at a price, at most `maximum` of them. */
function runsAt(yields: Yields, perBit: number, levels: number, maximum: number): LevelRun[] {
  const { costs, runs: candidates } = bestRuns(yields, perBit, levels);
  const price = RUN_ERROR + perBit * RUN_BITS;
  // Entry `runs * (levels + 1) + end`: least cost of so many runs over all levels below `end`.
  const least = new Float64Array((maximum + 1) * (levels + 1)).fill(Infinity);
  const origin = new Uint8Array(least.length);
  least[0] = 0;
  let best = 0;
  for (let runs = 1; runs <= maximum; runs++) {
    for (let end = 1; end <= levels; end++) {
      const entry = runs * (levels + 1) + end;
      for (let from = 0; from < end; from++) {
        const cost = least[(runs - 1) * (levels + 1) + from] + costs[from * levels + end - 1] + price;
        if (cost >= least[entry]) continue;
        least[entry] = cost;
        origin[entry] = from;
      }
      if (least[entry] < least[best]) best = entry;
    }
  }
  const result: LevelRun[] = [];
  for (let entry = best; entry > 0; ) {
    const end = entry % (levels + 1);
    const from = origin[entry];
    result.unshift(candidates[from * levels + end - 1]);
    entry = (Math.floor(entry / (levels + 1)) - 1) * (levels + 1) + from;
  }
  return result;
}

/** What a layer carries with `runs`, and the squared error of it. */
function totalsOf({ expansions, bits, errors }: Yields, runs: readonly LevelRun[], levels: number) {
  const totals = { bits: 0, errors: RUN_ERROR * runs.length };
  let level = 0;
  for (const run of runs) {
    for (const end = level + run.levels; level < end; level++) {
      for (let side = 0; side < SIDES; side++) {
        const entry = (side * levels + level) * expansions + run.countIndex * STARTS + run.starts[side];
        totals.bits += bits[entry];
        totals.errors += errors[entry];
      }
    }
  }
  return totals;
}

/** The levels that occur in a histogram: one more than the highest. */
function levelsIn(histogram: Uint32Array): number {
  for (let levels = LEVELS; levels > 0; levels--) {
    for (let side = 0; side < SIDES; side++) {
      const first = (side * LEVELS + levels - 1) * BINS;
      for (let k = first; k < first + BINS; k++) if (histogram[k] > 0) return levels;
    }
  }
  return 0;
}

/** Rules, what a layer is expected to carry with them, and at which squared error. */
export interface ChosenRules {
  readonly rules: LayerRules;
  readonly bits: number;
  readonly errors: number;
}

/** The lowest price at which `carried` gives enough; the highest where none does. */
function seekPrice(low: number, high: number, steps: number, enough: (perBit: number) => boolean): number {
  for (let step = 0; step < steps; step++) {
    const middle = Math.sqrt(low * high);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Chooses the rules that carry `bits` bits in a layer with the least squared error, in at most
 * `maximumRuns` runs; where it cannot carry so many, those that carry nearly the most.
 */
export function chooseRules(histogram: Uint32Array, bits: number, maximumRuns = MAX_RUNS): ChosenRules {
  const levels = levelsIn(histogram);
  const price = seekPrice(CHEAPEST, DEAREST, SEARCH_STEPS, (perBit) => {
    return bitsWithoutRuns(yieldsAt(histogram, oddsAt(perBit), levels, perBit), perBit) >= bits;
  });

  let best: ChosenRules | undefined;
  const runsCarryEnough = (perBit: number) => {
    const odds = oddsAt(perBit);
    const yields = yieldsAt(histogram, odds, levels, perBit);
    const runs = runsAt(yields, perBit, levels, maximumRuns);
    const totals = totalsOf(yields, runs, levels);
    const found = { rules: { odds, runs }, ...totals };
    if (totals.bits < bits) {
      best ??= found;
      if (best.bits < Math.min(bits, found.bits)) best = found;
      return false;
    }
    const exact = lowerOdds(histogram, found, bits, levels, perBit);
    if (best === undefined || best.bits < bits || exact.errors < best.errors) best = exact;
    return true;
  };
  let high = price;
  let enough = runsCarryEnough(high);
  // Where the dearest price does not give enough either, none between does.
  const isThereEnough = enough || (high < DEAREST && runsCarryEnough(DEAREST));
  while (isThereEnough && !enough && high < DEAREST) {
    high *= WIDENING;
    enough = runsCarryEnough(high);
  }
  if (enough) seekPrice(price / WIDENING, high, REFINING_STEPS, runsCarryEnough);
  return best!;
}

/**
 * The same runs with the lowest odds that still carry `bits` bits: expansions come in coarse steps.
 */
function lowerOdds(
  histogram: Uint32Array,
  chosen: ChosenRules,
  bits: number,
  levels: number,
  perBit: number,
): ChosenRules {
  const { runs } = chosen.rules;
  let best = chosen;
  let low = 1;
  while (low < best.rules.odds) {
    const odds = (low + best.rules.odds) >> 1;
    const totals = totalsOf(yieldsAt(histogram, odds, levels, perBit), runs, levels);
    if (totals.bits >= bits) best = { rules: { odds, runs }, ...totals };
    else low = odds + 1;
  }
  return best;
}
