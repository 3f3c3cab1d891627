import { areSameRows } from '../kernels/cells';
import {
  boundsOf,
  codesOf,
  type Frame,
  forEachRow,
  overlap,
  partsOutside,
  pixelsIn,
  type Rectangle,
  rowsOf,
  valueMask,
  withSamples,
} from './frame';
import { usedRange } from './usedValues';

/** How far a protected frame is from its original, outside the covered areas. */
export interface Distortion {
  /** Samples that differ, counted. */
  readonly samplesChangedOutside: number;
  /**
   * Peak signal-to-noise ratio, in decibels; infinite where nothing changed. The peak is the largest
   * number of as many bits as the span of the original's values has.
   */
  readonly psnrOutside: number;
  /**
   * Mean structural similarity (Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error
   * visibility to structural similarity", IEEE Transactions on Image Processing 13(4), 2004, section
   * III.C), -1 to 1; 1 where nothing changed. Values count from the original's smallest, with the peak as
   * their dynamic range; of the windows that lie wholly outside, every fourth along rows and columns.
   */
  readonly ssimOutside: number;
}

const UNCHANGED: Distortion = { samplesChangedOutside: 0, psnrOutside: Infinity, ssimOutside: 1 };

/** Samples along a side of a window. */
const WINDOW = 11;
const STEP = 4;
/** Gaussian weights of a window's rows and columns, standard deviation 1.5, sum 1. */
const WEIGHTS = Float64Array.from({ length: WINDOW }, (_, k) => Math.exp(-((k - 5) ** 2) / (2 * 1.5 ** 2)));
const SUM = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
WEIGHTS.forEach((weight, k) => {
  WEIGHTS[k] = weight / SUM;
});

/** True where no sample outside the areas differs. */
const isSameOutside = (original: Frame, marked: Frame, areas: readonly Rectangle[]): boolean =>
  partsOutside(boundsOf(original), areas).every((part) =>
    areSameRows(original.samples, marked.samples, rowsOf(original, part)),
  );

/** `marked` with the samples of `original` inside the areas. */
function withoutAreas(original: Frame, marked: Frame, areas: readonly Rectangle[]): Frame {
  const samples = marked.samples.slice();
  for (const area of areas)
    forEachRow(original, area, (start, length) => {
      samples.set(original.samples.subarray(start, start + length), start);
    });
  return withSamples(marked, samples);
}

/** The codes of both frames, and the scale that they are compared on. */
interface Comparison {
  readonly before: Uint16Array;
  readonly after: Uint16Array;
  /** The smallest code in use before. */
  readonly zero: number;
  readonly peak: number;
}

/** Structural similarity of the window whose first sample is `first`; steps lead to the next in its plane. */
function similarityAt(
  { before, after, zero, peak }: Comparison,
  first: number,
  right: number,
  down: number,
): number {
  let meanA = 0;
  let meanB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = 0; y < WINDOW; y++) {
    for (let x = 0; x < WINDOW; x++) {
      const weight = WEIGHTS[y] * WEIGHTS[x];
      const a = before[first + y * down + x * right] - zero;
      const b = after[first + y * down + x * right] - zero;
      meanA += weight * a;
      meanB += weight * b;
      squaresA += weight * a * a;
      squaresB += weight * b * b;
      products += weight * a * b;
    }
  }
  const [c1, c2] = [(0.01 * peak) ** 2, (0.03 * peak) ** 2];
  const variances = squaresA - meanA * meanA + squaresB - meanB * meanB;
  const covariance = products - meanA * meanB;
  return (
    ((2 * meanA * meanB + c1) * (2 * covariance + c2)) /
    ((meanA * meanA + meanB * meanB + c1) * (variances + c2))
  );
}

/** Mean over the windows outside the areas; 1 where there is none. */
function meanSimilarity(
  { width, height, samplesPerPixel }: Frame,
  areas: readonly Rectangle[],
  comparison: Comparison,
): number {
  let sum = 0;
  let windows = 0;
  for (let y = 0; y + WINDOW <= height; y += STEP) {
    for (let x = 0; x + WINDOW <= width; x += STEP) {
      const window = { x, y, width: WINDOW, height: WINDOW };
      if (areas.some((area) => overlap(area, window))) continue;
      for (let plane = 0; plane < samplesPerPixel; plane++) {
        const first = (y * width + x) * samplesPerPixel + plane;
        sum += similarityAt(comparison, first, samplesPerPixel, width * samplesPerPixel);
        windows++;
      }
    }
  }
  return windows === 0 ? 1 : sum / windows;
}

/** Compares two frames of one shape outside all of `areas`, which do not overlap. */
export function measureDistortion(original: Frame, marked: Frame, areas: readonly Rectangle[]): Distortion {
  if (isSameOutside(original, marked, areas)) return UNCHANGED;

  const outside = withoutAreas(original, marked, areas);
  const [before, after] = [codesOf(original), codesOf(outside)];
  let changed = 0;
  let errors = 0;
  for (let i = 0; i < before.length; i++) {
    if (outside.samples[i] !== original.samples[i]) changed++;
    errors += (after[i] - before[i]) ** 2;
  }
  const count = before.length - pixelsIn(areas) * original.samplesPerPixel;
  const { minimum, maximum } = usedRange(original);
  const bits = 32 - Math.clz32(Math.max(1, maximum - minimum));
  const peak = Math.min(valueMask(original), 2 ** bits - 1);
  return {
    samplesChangedOutside: changed,
    psnrOutside: 10 * Math.log10((peak ** 2 * count) / errors),
    ssimOutside: meanSimilarity(original, areas, { before, after, zero: minimum, peak }),
  };
}
