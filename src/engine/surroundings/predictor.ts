import type { Frame } from '../pixels/frame';
import { REACH } from './carriers';
import { levelOf } from './complexity';

/** The two colours of the checkerboard: pixels whose x + y is even, and odd. */
export type Colour = 0 | 1;

/** What is known of the carriers of one colour from the samples of the other colour alone. */
export interface Layer {
  /** Index of each carrier in the frame's samples, ascending. */
  readonly indices: Uint32Array;
  /** Its predicted code, in 1/16. */
  readonly predictions: Int32Array;
  /** Level of complexity around it. */
  readonly levels: Uint8Array;
}

function countCarriers(frame: Frame, carriers: Uint8Array, colour: Colour): number {
  const { width, height, samplesPerPixel } = frame;
  let count = 0;
  for (let y = REACH; y < height - REACH; y++) {
    for (let x = REACH + ((REACH + y + colour) & 1); x < width - REACH; x += 2) {
      const start = (y * width + x) * samplesPerPixel;
      for (let i = start; i < start + samplesPerPixel; i++) count += carriers[i];
    }
  }
  return count;
}

const square = (n: number): number => n * n;

/**
 * Predicts every carrier of one colour from the 12 nearest samples of the other colour in its plane:
 * the four neighbours W, E, N, S (the rhombus of Sachnev et al., "Reversible watermarking algorithm
 * using sorting and prediction", IEEE Transactions on Circuits and Systems for Video Technology 19(7),
 * 2009) and the eight a knight's move away, K. `codes` of the colour itself are not read.
 *
 * h = 2 |W - E| + the differences between N, and S, and the two K in its row; v likewise along
 * columns. The prediction is, in 1/16 of a code,
 * floor(8 ((v + 2)(W + E) + (h + 2)(N + S)) / (h + v + 4)) - floor(smoothing * c / 64), where
 * c = 2 (W + E + N + S) - sum of K: `smoothing` moves it towards the K, or away where negative.
 * The complexity is floor(sqrt(8 * sum of squares of (16 n - prediction) over the four + 4 * the same
 * over the K)).
 *
 * @param smoothing -128 to 127
 */
export function predictLayer(
  frame: Frame,
  codes: Uint16Array,
  carriers: Uint8Array,
  colour: Colour,
  smoothing: number,
): Layer {
  const { width, height, samplesPerPixel: near } = frame;
  const row = width * near;
  const count = countCarriers(frame, carriers, colour);
  const indices = new Uint32Array(count);
  const predictions = new Int32Array(count);
  const levels = new Uint8Array(count);
  let k = 0;
  for (let y = REACH; y < height - REACH; y++) {
    for (let x = REACH + ((REACH + y + colour) & 1); x < width - REACH; x += 2) {
      const pixel = (y * width + x) * near;
      for (let i = pixel; i < pixel + near; i++) {
        if (carriers[i] === 0) continue;
        const west = codes[i - near];
        const east = codes[i + near];
        const north = codes[i - row];
        const south = codes[i + row];
        const northWest = codes[i - row - 2 * near];
        const northEast = codes[i - row + 2 * near];
        const southWest = codes[i + row - 2 * near];
        const southEast = codes[i + row + 2 * near];
        const westNorth = codes[i - 2 * row - near];
        const eastNorth = codes[i - 2 * row + near];
        const westSouth = codes[i + 2 * row - near];
        const eastSouth = codes[i + 2 * row + near];
        const alongRows =
          2 * Math.abs(west - east) +
          Math.abs(north - northWest) +
          Math.abs(north - northEast) +
          Math.abs(south - southWest) +
          Math.abs(south - southEast);
        const alongColumns =
          2 * Math.abs(north - south) +
          Math.abs(west - westNorth) +
          Math.abs(west - westSouth) +
          Math.abs(east - eastNorth) +
          Math.abs(east - eastSouth);
        const weighted = (alongColumns + 2) * (west + east) + (alongRows + 2) * (north + south);
        const curvature =
          2 * (west + east + north + south) -
          (northWest + northEast + southWest + southEast) -
          (westNorth + eastNorth + westSouth + eastSouth);
        const prediction =
          Math.floor((8 * weighted) / (alongRows + alongColumns + 4)) - ((smoothing * curvature) >> 6);
        const near4 =
          square(16 * west - prediction) +
          square(16 * east - prediction) +
          square(16 * north - prediction) +
          square(16 * south - prediction);
        const far8 =
          square(16 * northWest - prediction) +
          square(16 * northEast - prediction) +
          square(16 * southWest - prediction) +
          square(16 * southEast - prediction) +
          square(16 * westNorth - prediction) +
          square(16 * eastNorth - prediction) +
          square(16 * westSouth - prediction) +
          square(16 * eastSouth - prediction);
        const complexity = Math.floor(Math.sqrt(8 * near4 + 4 * far8));
        indices[k] = i;
        predictions[k] = prediction;
        levels[k++] = levelOf(complexity);
      }
    }
  }
  return { indices, predictions, levels };
}
