import { type GrayPicture, valueAt } from './grayPicture';
import { knownModules } from './knownModules';
import { perspectiveOf } from './perspective';
import type { PicturedSymbol } from './picturedSymbol';

/**
 * Samples around a module that its colour is judged by: a square of 5 x 5, half a module apart.
 */
const TAPS = 5;
/** Weights: one for each tap, one for the mean brightness around, one constant. */
const WEIGHTS = TAPS * TAPS + 2;
/** Keeps the weights small where the known modules do not determine them. */
const RIDGE = 0.02;
/** Modules on each side that count for the mean brightness around. */
const SURROUNDINGS = 5;
/** Times that the equaliser is trained. */
const READINGS = 3;
/** Margin of the sampled grid around the symbol, in half modules. */
const MARGIN = 4;

/** Brightness on a grid of half modules; in units of the symbol's own contrast, dark positive. */
function sampleGrid(
  picture: GrayPicture,
  { size, corners }: PicturedSymbol,
): { grid: Float64Array; stride: number } {
  const c = perspectiveOf(corners, size);
  const stride = 2 * size + 2 * MARGIN + 1;
  const grid = new Float64Array(stride * stride);
  const module =
    Math.hypot(corners.topRight.x - corners.topLeft.x, corners.topRight.y - corners.topLeft.y) / (size - 7);
  // Large modules hold many pixels, each with its own noise: the mean of several points.
  const points = module < 2.5 ? [0] : [-0.15, 0.15];
  for (let row = 0; row < stride; row++) {
    for (let column = 0; column < stride; column++) {
      let sum = 0;
      for (const dv of points) {
        for (const du of points) {
          const u = (column - MARGIN) / 2 + du;
          const v = (row - MARGIN) / 2 + dv;
          const w = c[6] * u + c[7] * v + c[8];
          sum += valueAt(picture, (c[0] * u + c[1] * v + c[2]) / w, (c[3] * u + c[4] * v + c[5]) / w);
        }
      }
      grid[row * stride + column] = -sum / points.length ** 2;
    }
  }
  const mean = grid.reduce((sum, value) => sum + value, 0) / grid.length;
  const variance = grid.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grid.length;
  const scale = 1 / Math.sqrt(Math.max(variance, 1e-9));
  return { grid: grid.map((value) => (value - mean) * scale), stride };
}

/** For each module, what its colour is judged by: WEIGHTS numbers. */
function featuresOf(picture: GrayPicture, symbol: PicturedSymbol): Float64Array {
  const { size } = symbol;
  const { grid, stride } = sampleGrid(picture, symbol);
  const middleOf = (module: number) => 2 * module + 1 + MARGIN;
  const sums = new Float64Array((size + 1) * (size + 1));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const i = (row + 1) * (size + 1) + column + 1;
      const value = grid[middleOf(row) * stride + middleOf(column)];
      sums[i] = value + sums[i - 1] + sums[i - size - 1] - sums[i - size - 2];
    }
  }
  const features = new Float64Array(size * size * WEIGHTS);
  for (let row = 0, at = 0; row < size; row++) {
    const top = Math.max(0, row - SURROUNDINGS);
    const bottom = Math.min(size, row + SURROUNDINGS + 1);
    for (let column = 0; column < size; column++) {
      for (let dy = -2; dy <= 2; dy++) {
        const start = (middleOf(row) + dy) * stride + middleOf(column) - 2;
        for (let k = 0; k < TAPS; k++) features[at++] = grid[start + k];
      }
      const left = Math.max(0, column - SURROUNDINGS);
      const right = Math.min(size, column + SURROUNDINGS + 1);
      const sum =
        sums[bottom * (size + 1) + right] -
        sums[bottom * (size + 1) + left] -
        sums[top * (size + 1) + right] +
        sums[top * (size + 1) + left];
      features[at++] = sum / ((bottom - top) * (right - left));
      features[at++] = 1;
    }
  }
  return features;
}

/** Solves the symmetric positive definite system `matrix` x = `right` (Cholesky), in place. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j * n + j];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) right[i] -= matrix[i * n + k] * right[k];
    right[i] /= matrix[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) right[i] -= matrix[k * n + i] * right[k];
    right[i] /= matrix[i * n + i];
  }
  return right;
}

/** The weights that take features to `colours` best, in the least squares; modules of colour 0 are left out. */
function train(features: Float64Array, colours: Float64Array): Float64Array {
  const matrix = new Float64Array(WEIGHTS * WEIGHTS);
  const right = new Float64Array(WEIGHTS);
  let count = 0;
  for (let module = 0; module < colours.length; module++) {
    const colour = colours[module];
    if (colour === 0) continue;
    count++;
    const start = module * WEIGHTS;
    for (let i = 0; i < WEIGHTS; i++) {
      const value = features[start + i];
      right[i] += value * colour;
      for (let j = 0; j <= i; j++) matrix[i * WEIGHTS + j] += value * features[start + j];
    }
  }
  for (let i = 0; i < WEIGHTS; i++) matrix[i * (WEIGHTS + 1)] += RIDGE * count;
  return solve(matrix, right);
}

/**
 * Reads a placed symbol's modules; 1 is dark. Yields several readings, to be tried in turn.
 *
 * Blur and scaling mix each module with its neighbours. The modules that are the same in all symbols
 * show how: they train a linear equaliser by least squares, which judges the rest; then all modules,
 * as they were read, train it again (decision-directed equalisation, Lucky, 1966).
 */
export function* readModules(picture: GrayPicture, symbol: PicturedSymbol): Generator<Uint8Array> {
  const { size, inverted } = symbol;
  const features = featuresOf(picture, symbol);
  const known = knownModules(size);
  const sign = inverted ? -1 : 1;
  let colours = new Float64Array(size * size);
  const setKnown = () => {
    for (const { column, row, colour } of known) colours[row * size + column] = colour;
  };
  setKnown();
  for (let round = 0; round < READINGS; round++) {
    const weights = train(
      features,
      colours.map((colour) => sign * colour),
    );
    colours = colours.map((_, module) => {
      let sum = 0;
      for (let k = 0; k < WEIGHTS; k++) sum += weights[k] * features[module * WEIGHTS + k];
      return sign * sum > 0 ? 1 : -1;
    });
    setKnown();
    yield Uint8Array.from(colours, (colour) => (colour > 0 ? 1 : 0));
  }
}
