import { PROBABILITY_ONE, SMALLEST_PROBABILITY } from './coder';
import { LEVELS } from './complexity';

/**
 * Which prediction errors carry bits: modification of multiple histograms (Li, Zhang, Gui and Yang,
 * "Efficient reversible data hiding based on multiple histograms modification", IEEE Transactions on
 * Information Forensics and Security 10(9), 2015), widened in two ways: a side of a histogram may have
 * a run of expanded bins, and the bits are as improbable to change a sample as a layer's odds say.
 *
 * On each side of the prediction an error has a distance from 0 up. Distances below the side's start
 * stay; the `count` distances from there on are expanded, the one at start + m to start + 2 m or one
 * more; all beyond move up by `count`.
 */

/** The numbers of expanded bins there are. */
export const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 40, 48] as const;
export const MAX_COUNT = 48;

/** Starts from 0 to 14; this one leaves the side alone. */
export const NO_START = 15;

/** Number of sides of a prediction: near (0) and far (1), see `PredictionError`. */
export const SIDES = 2;

/** Neighbouring levels of complexity whose histograms are changed alike. */
export interface LevelRun {
  /** Number of levels, 1 to 16. Runs follow each other from level 0 on; levels after the last stay. */
  readonly levels: number;
  /** Place of the number of expanded bins in `COUNTS`. */
  readonly countIndex: number;
  /** Start of each side. */
  readonly starts: readonly [number, number];
}

export const MAX_RUN_LEVELS = 16;
export const MAX_RUNS = 7;

/** How one layer is changed. */
export interface LayerRules {
  /** Odds, in 1/256, that a bit of the innermost expanded bin changes its sample: 1 to 256. */
  readonly odds: number;
  readonly runs: readonly LevelRun[];
}

/** `LayerRules` as tables for the loops: entry `side * LEVELS + level`; count 0 where a side stays. */
export interface RuleTables {
  readonly starts: Uint8Array;
  readonly counts: Uint8Array;
  /** Probability, in 1/4096, of a 1 in the m-th expanded bin. */
  readonly probabilities: Uint16Array;
}

/**
 * Probabilities of a 1, by the place m of a bin. Moving from m to m + 1 costs 2 m + 1 in squared
 * error, so the best odds are those of the first bin to the power of 2 m + 1.
 */
export function probabilitiesFor(odds: number): Uint16Array {
  const probabilities = new Uint16Array(MAX_COUNT);
  let share = odds * 256;
  for (let m = 0; m < MAX_COUNT; m++) {
    const probability = Math.floor((share * PROBABILITY_ONE) / (65536 + share));
    probabilities[m] = Math.max(SMALLEST_PROBABILITY, probability);
    share = Math.floor((share * odds * odds) / 65536);
  }
  return probabilities;
}

export function tablesFor({ odds, runs }: LayerRules): RuleTables {
  const starts = new Uint8Array(SIDES * LEVELS);
  const counts = new Uint8Array(SIDES * LEVELS);
  let level = 0;
  for (const run of runs) {
    const end = Math.min(LEVELS, level + run.levels);
    run.starts.forEach((start, side) => {
      starts.fill(start, side * LEVELS + level, side * LEVELS + end);
      const count = start === NO_START ? 0 : COUNTS[run.countIndex];
      counts.fill(count, side * LEVELS + level, side * LEVELS + end);
    });
    level = end;
  }
  return { starts, counts, probabilities: probabilitiesFor(odds) };
}
