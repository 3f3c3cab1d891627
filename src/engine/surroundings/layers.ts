import type { Frame } from '../pixels/frame';
import { type LayerRules, tablesFor } from './bins';
import { BitGatherer, BitSpreader } from './coder';
import { encodeFlags, flagReader } from './overflow';
import { MAX_STREAM_LENGTH } from './parameters';
import { PredictionError } from './predictionError';
import type { Layer } from './predictor';
import { framed, unframed, whiten } from './stream';

/**
 * One layer: the carriers of one colour of the checkerboard, which are predicted from the other
 * colour alone. So the order within a layer is free, and the reader sees the same predictions.
 */

/** Flags for the samples of a layer that a reader cannot tell stuck or moved. */
function stuckFlags(frame: Frame, layer: Layer, codes: Uint16Array, rules: LayerRules): number[] {
  const { indices, predictions, levels } = layer;
  const tables = tablesFor(rules);
  const predictionError = new PredictionError(frame);
  const flags: number[] = [];
  for (let k = 0; k < indices.length; k++) {
    predictionError.place(codes[indices[k]], predictions[k]);
    if (!predictionError.consult(tables, levels[k])) continue;
    const { distance, start, count, room } = predictionError;
    if (distance < start + count || distance <= room - 2 * count) continue;
    flags.push(distance > room - count ? 1 : 0);
  }
  return flags;
}

/** Moves the samples of a layer in `marked`; false where they end before `spreader` has all its bytes out. */
function spread(
  frame: Frame,
  layer: Layer,
  codes: Uint16Array,
  marked: Uint16Array,
  rules: LayerRules,
  spreader: BitSpreader,
): boolean {
  const { indices, predictions, levels } = layer;
  const tables = tablesFor(rules);
  const { probabilities } = tables;
  const predictionError = new PredictionError(frame);
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k];
    predictionError.place(codes[index], predictions[k]);
    if (!predictionError.consult(tables, levels[k])) continue;
    const { distance, count } = predictionError;
    const bin = distance - predictionError.start;
    if (bin < count) {
      marked[index] = predictionError.codeAt(distance + bin + spreader.next(probabilities[bin]));
      if (spreader.finished) return true;
    } else if (distance <= predictionError.room - count) {
      marked[index] = predictionError.codeAt(distance + count);
    }
  }
  return false;
}

/** A layer that was embedded. */
export interface EmbeddedLayer {
  /** Length of the layer's stream, which tells the reader where it ends. */
  readonly streamLength: number;
  /** How many bytes of the data it took. */
  readonly taken: number;
}

/**
 * Embeds as much of `data` as a layer takes. `codes` holds the layer's own samples, `marked` gets
 * them; both must agree in the other colour. At most `data.length` bytes are taken, from its start.
 */
export function embedLayer(
  frame: Frame,
  layer: Layer,
  codes: Uint16Array,
  marked: Uint16Array,
  rules: LayerRules,
  data: Uint8Array,
): EmbeddedLayer {
  const map = encodeFlags(stuckFlags(frame, layer, codes, rules));
  const overhead = framed(map, data.subarray(0, 0)).length;
  let length = Math.min(overhead + data.length, MAX_STREAM_LENGTH);
  // Which bits the zeros after a shorter stream give is only known by trying; a few bytes decide.
  while (length > overhead) {
    const stream = whiten(framed(map, data.subarray(0, length - overhead)));
    const spreader = new BitSpreader(stream);
    restoreLayer(layer, codes, marked);
    if (spread(frame, layer, codes, marked, rules, spreader)) {
      return { streamLength: length, taken: length - overhead };
    }
    length = Math.min(length - 1, spreader.determined);
  }
  restoreLayer(layer, codes, marked);
  return { streamLength: 0, taken: 0 };
}

/** Copies a layer's own samples. */
function restoreLayer({ indices }: Layer, from: Uint16Array, to: Uint16Array): void {
  for (let k = 0; k < indices.length; k++) to[indices[k]] = from[indices[k]];
}

/**
 * Takes a layer's data out of `codes` and restores its samples there.
 * Throws `RangeError` where the samples do not hold a stream of `streamLength` bytes.
 */
export function extractLayer(
  frame: Frame,
  layer: Layer,
  codes: Uint16Array,
  rules: LayerRules,
  streamLength: number,
): Uint8Array<ArrayBuffer> {
  const { indices, predictions, levels } = layer;
  // A sample gives at most one byte.
  if (streamLength > indices.length) throw new RangeError('the stream is longer than its layer');
  const tables = tablesFor(rules);
  const { probabilities } = tables;
  const predictionError = new PredictionError(frame);
  const gatherer = new BitGatherer(streamLength);
  const unsettled: number[] = [];
  for (let k = 0; k < indices.length && !gatherer.finished; k++) {
    const index = indices[k];
    predictionError.place(codes[index], predictions[k]);
    if (!predictionError.consult(tables, levels[k])) continue;
    const { distance, start, count } = predictionError;
    const bin = (distance - start) >> 1;
    if (bin < count) {
      gatherer.add((distance - start) & 1, probabilities[bin]);
      codes[index] = predictionError.codeAt(start + bin);
    } else if (distance <= predictionError.room - count) {
      codes[index] = predictionError.codeAt(distance - count);
    } else {
      unsettled.push(k);
    }
  }
  const { map, data } = unframed(whiten(gatherer.finish()));
  const nextFlag = flagReader(map);
  for (const k of unsettled) {
    if (nextFlag() === 1) continue;
    predictionError.place(codes[indices[k]], predictions[k]);
    predictionError.consult(tables, levels[k]);
    codes[indices[k]] = predictionError.codeAt(predictionError.distance - predictionError.count);
  }
  return data;
}
