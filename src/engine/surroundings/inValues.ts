import { chooseRules } from './chooseRules';
import { embedValues, encodeValueRules, type FrequentCode, findMovingCodes, yieldOf } from './emptyValues';
import { histogramOf } from './histogram';
import { type Ground, inLayers, type Marked, SLACK_BITS } from './inLayers';
import { predictLayer } from './predictor';

/** Odds that are tried for values at first, and the steps from the best to its neighbours. */
const VALUE_ODDS = [64, 128, 192, 224, 256];
const VALUE_STEPS = [16, 8, 4, 2, 1];

const MOST_ODDS = 256;

/**
 * The odds at which values and layers together carry `bits` bits with the least squared error, by what the layers
 * carry without the values; undefined where values better carry nothing.
 */
function chooseValueOdds(ground: Ground, moving: readonly FrequentCode[], bits: number): number | undefined {
  const { frame, codes, carriers } = ground;
  const histogram = histogramOf(frame, predictLayer(frame, codes, carriers, 0, 0), codes);
  // Samples that may move are noise to the layers.
  const moves = new Set(moving.map(({ code }) => code));
  const others = carriers.map((carrier, i) => (moves.has(codes[i]) ? 0 : carrier));
  const histogramOfOthers = histogramOf(frame, predictLayer(frame, codes, others, 0, 0), codes);
  const errorsOfLayers = (wanted: number, histogram: Uint32Array): number => {
    const chosen = chooseRules(histogram, wanted / 2);
    return chosen.bits < wanted / 2 ? Infinity : 2 * chosen.errors;
  };
  const listed = 8 * encodeValueRules({ streamLength: 0, odds: 1, moving }).length;
  let best: number | undefined;
  let least = errorsOfLayers(bits, histogram);
  const consider = (odds: number): void => {
    const values = yieldOf(moving, odds);
    const errors =
      values.errors + errorsOfLayers(listed + Math.max(SLACK_BITS, bits - values.bits), histogramOfOthers);
    // Where nothing seems to be enough, the most is worth trying.
    if (errors > least || (errors === least && least < Infinity)) return;
    best = odds;
    least = errors;
  };
  for (const odds of VALUE_ODDS) consider(odds);
  if (best === undefined || least === Infinity) return best;
  for (const step of VALUE_STEPS) {
    for (const odds of [best - step, best + step]) if (odds >= 1 && odds <= MOST_ODDS) consider(odds);
  }
  return best;
}

/** Embeds in values what they carry, and in the layers the rest; undefined where values better carry nothing. */
export function inValues(ground: Ground): Marked | undefined {
  const { frame, codes, free, payload } = ground;
  const moving = findMovingCodes(frame, codes, free);
  if (moving.length === 0) return undefined;
  const best = chooseValueOdds(ground, moving, 8 * payload.length + SLACK_BITS);
  if (best === undefined) return undefined;
  const embedAt = (odds: number) => inLayers(ground, embedValues(codes, free, moving, odds, payload));
  const marked = embedAt(best);
  // The layers may have less room than was expected.
  return marked.codes || best === MOST_ODDS ? marked : embedAt(MOST_ODDS);
}
