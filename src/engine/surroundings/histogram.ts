import type { Frame } from '../pixels/frame';
import { MAX_COUNT, NO_START, SIDES } from './bins';
import { LEVELS } from './complexity';
import { PredictionError } from './predictionError';
import type { Layer } from './predictor';

/** Distances told apart in a histogram; the last bin holds all beyond. */
export const BINS = NO_START + MAX_COUNT + 1;

/**
 * Counts a layer's samples by side, level and distance: entry
 * `(side * LEVELS + level) * BINS + distance`. Samples without room for any expansion are left out.
 */
export function histogramOf(frame: Frame, layer: Layer, codes: Uint16Array): Uint32Array {
  const { indices, predictions, levels } = layer;
  const histogram = new Uint32Array(SIDES * LEVELS * BINS);
  const predictionError = new PredictionError(frame);
  for (let k = 0; k < indices.length; k++) {
    predictionError.place(codes[indices[k]], predictions[k]);
    const { side, distance, room } = predictionError;
    if (room < 3) continue;
    histogram[(side * LEVELS + levels[k]) * BINS + (distance < BINS ? distance : BINS - 1)]++;
  }
  return histogram;
}
