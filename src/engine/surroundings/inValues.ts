import { chooseRules, FULL_ODDS } from './chooseRules';
import { embedValues, encodeValueRules, type FrequentCode, findMovingCodes, yieldOf } from './emptyValues';
import { histogramOf } from './histogram';
import { type Ground, inLayers, type Marked, SLACK_BITS } from './inLayers';
import { predictLayer } from './predictor';

/** Odds that are tried for values at first, and the steps from the best to its neighbours. */
const VALUE_ODDS = [16, 64, 128, 192, 224, 256];
const VALUE_STEPS = [16, 8, 4, 2, 1];

/** Where nothing is known of what the layers still carry. */
const MIDDLE_ODDS = 128;
/** Samples that make a code surely worth its place in the rules; where there is room, only such codes are used. */
const MANY_SAMPLES = 256;
/** Codes of which no fewer are tried. */
const FEWEST_CODES = 4;

/** Odds, and the squared error that is expected with them: infinite where the layers may not carry the rest. */
interface Expectation {
  readonly odds: number;
  readonly errors: number;
}

/**
 * The odds at which values and layers together are expected to carry `bits` bits with the least squared error, and that
 * of the layers alone. Samples that may move count for nothing in the layers, to which they are noise.
 */
function expectedBest(
  { frame, codes, carriers }: Ground,
  moving: readonly FrequentCode[],
  bits: number,
): { alone: number; best: Expectation } {
  const moves = new Set(moving.map(({ code }) => code));
  const others = carriers.map((carrier, i) => (moves.has(codes[i]) ? 0 : carrier));
  const [histogram, histogramOfOthers] = [carriers, others].map((of) =>
    histogramOf(frame, predictLayer(frame, codes, of, 0, 0), codes),
  );
  const errorsOfLayers = (wanted: number, histogram: Uint32Array): number => {
    const chosen = chooseRules(histogram, wanted / 2);
    return chosen.bits < wanted / 2 ? Infinity : 2 * chosen.errors;
  };
  const listed = 8 * encodeValueRules({ streamLength: 0, odds: 1, moving }).length;
  const expect = (odds: number): Expectation => {
    const values = yieldOf(moving, odds);
    const rest = listed + Math.max(SLACK_BITS, bits - values.bits);
    const share = Math.min(1, bits / values.bits);
    return { odds, errors: share * values.errors + errorsOfLayers(rest, histogramOfOthers) };
  };
  const better = (a: Expectation, b: Expectation): Expectation => (b.errors < a.errors ? b : a);
  let best = VALUE_ODDS.map(expect).reduce(better);
  if (best.errors < Infinity) {
    for (const step of VALUE_STEPS) {
      const near = [best.odds - step, best.odds + step].filter((odds) => odds >= 1 && odds <= FULL_ODDS);
      best = near.map(expect).reduce(better, best);
    }
  }
  return { alone: errorsOfLayers(bits, histogram), best };
}

/** The most frequent `count` of codes, in their order. */
function mostFrequent(moving: readonly FrequentCode[], count: number): FrequentCode[] {
  return moving
    .toSorted((a, b) => b.count - a.count)
    .slice(0, count)
    .sort((a, b) => a.code - b.code);
}

/** Which codes move at which odds, to be tried one after the other; of fewer codes the layers have less to carry. */
function* tries(
  ground: Ground,
  moving: readonly FrequentCode[],
  isAloneEnough: boolean,
): Generator<[moving: readonly FrequentCode[], odds: number]> {
  const frequent = moving.filter(({ count }) => count >= MANY_SAMPLES);
  const first = frequent.length > 0 ? frequent : moving;
  const { alone, best } = expectedBest(ground, first, 8 * ground.payload.length + SLACK_BITS);
  if (isAloneEnough && best.errors < Infinity && best.errors >= alone) return;
  yield [first, best.errors < Infinity ? best.odds : MIDDLE_ODDS];
  if (isAloneEnough) return;
  for (let count = moving.length; count >= Math.min(FEWEST_CODES, moving.length); count >>= 2) {
    yield [mostFrequent(moving, count), FULL_ODDS];
  }
}

/**
 * Embeds in values what they carry, and in the layers the rest; undefined where values have nothing to offer.
 * `isAloneEnough` tells that the layers carry all without them.
 */
export function inValues(ground: Ground, isAloneEnough: boolean): Marked | undefined {
  const { frame, codes, free, payload } = ground;
  const all = findMovingCodes(frame, codes, free);
  if (all.length === 0) return undefined;
  let most: Marked | undefined;
  for (const [moving, odds] of tries(ground, all, isAloneEnough)) {
    const values = embedValues(codes, free, moving, odds, payload);
    if (values.rules.streamLength === 0) continue;
    const marked = inLayers(ground, values);
    if (marked.codes) return marked;
    if (most === undefined || marked.fitting > most.fitting) most = marked;
  }
  return most;
}
