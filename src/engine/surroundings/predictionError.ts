import { type Frame, valueMask } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';
import type { RuleTables } from './bins';
import { LEVELS } from './complexity';

/** Closer than this to an end of the legal codes, the rounded prediction itself moves away from it. */
const CLOSE_TO_END = 16;

/**
 * The prediction error of one sample: where it lies relative to its prediction, and what the rules say
 * of it there. One object serves a whole layer, so that the loops allocate nothing.
 *
 * The rounded prediction belongs to the near side: the one opposite to where the exact prediction
 * lies, which has the thinner tail. The far side begins one code beyond it. Where an end of the legal
 * codes is close, the near side leads away from it, so that clean backgrounds, all 0 or all maximum,
 * have room. A sample keeps to its side, and to its side of the padding range: nothing here depends
 * on more than these and the prediction, so the reader finds the same.
 */
export class PredictionError {
  /** Steps from where the side begins. */
  distance = 0;
  /** The largest distance with a legal code. */
  room = 0;
  /** Distances below it stay. */
  start = 0;
  /** Number of expanded bins, and how far the tail behind them moves; 0 where the sample stays. */
  count = 0;
  /** 0 near, 1 far. */
  side = 0;

  #rounded = 0;
  #rising = false;
  readonly #maximum: number;
  readonly #paddingMinimum: number;
  readonly #paddingMaximum: number;

  constructor(frame: Frame) {
    this.#maximum = valueMask(frame);
    const padding = paddingCodes(frame);
    this.#paddingMinimum = padding?.minimum ?? this.#maximum + 1;
    this.#paddingMaximum = padding?.maximum ?? this.#maximum + 1;
  }

  /** Places `code`, which is no padding, relative to `prediction` (in 1/16). */
  place(code: number, prediction: number): void {
    const below = code < this.#paddingMinimum;
    const lowest = below ? 0 : this.#paddingMaximum + 1;
    const highest = below ? this.#paddingMinimum - 1 : this.#maximum;
    const rounded = (prediction + 8) >> 4;
    const roomBelow = rounded - lowest;
    const roomAbove = highest - rounded;
    const rising =
      roomBelow < CLOSE_TO_END || roomAbove < CLOSE_TO_END
        ? roomBelow <= roomAbove
        : prediction < 16 * rounded;
    const steps = rising ? code - rounded : rounded - code;
    this.#rounded = rounded;
    this.#rising = rising;
    if (steps >= 0) {
      this.side = 0;
      this.distance = steps;
      this.room = rising ? roomAbove : roomBelow;
    } else {
      this.side = 1;
      this.distance = -steps - 1;
      this.room = (rising ? roomBelow : roomAbove) - 1;
    }
  }

  /** Looks up what `tables` say of the sample placed. False where it stays, whatever its distance. */
  consult(tables: RuleTables, level: number): boolean {
    const entry = this.side * LEVELS + level;
    this.start = tables.starts[entry];
    this.count = tables.counts[entry];
    // With less room, a sample stuck in the tail would lie among the expanded ones.
    return this.count > 0 && this.room >= this.start + 3 * this.count && this.distance >= this.start;
  }

  /** The code at another distance on the same side. */
  codeAt(distance: number): number {
    const steps = this.side === 0 ? distance : -distance - 1;
    return this.#rising ? this.#rounded + steps : this.#rounded - steps;
  }
}
