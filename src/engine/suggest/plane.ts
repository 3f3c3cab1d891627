import { type Frame, signBit, valueMask } from '../pixels/frame';
import { toRanks } from '../pixels/palette';

/** What a frame shows, as shares of brightness: 0 is the darkest that matters, 1 the brightest. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Frame pixels along a side of a pixel of the plane. */
  readonly step: number;
  readonly values: Float32Array;
  /** 1 where there is nothing to see: padding, or a floor of one and the same value. */
  readonly empty: Uint8Array;
}

/** A value at either end that so large a share of the pixels has is no anatomy: padding or saturation. */
const FLAT_SHARE = 0.02;
/** Share of the remaining pixels left out at each end of the range. */
const OUTLIERS = 0.005;

/** Brightness codes of all pixels (luma of RGB, BT.601 in eighths), and which of them are padding. */
function brightnessCodes(frame: Frame): { codes: Uint16Array; padding: Uint8Array } {
  const { samplesPerPixel, inverted } = frame;
  const { samples } = toRanks(frame);
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const codes = new Uint16Array(frame.width * frame.height);
  const padding = new Uint8Array(codes.length);
  if (samplesPerPixel === 3) {
    for (let pixel = 0, i = 0; pixel < codes.length; pixel++, i += 3) {
      const red = (samples[i] & mask) ^ flip;
      const green = (samples[i + 1] & mask) ^ flip;
      const blue = (samples[i + 2] & mask) ^ flip;
      codes[pixel] = (2 * red + 5 * green + blue) >> 3;
    }
    return { codes, padding };
  }
  const lowest = frame.padding ? frame.padding.minimum + flip : -1;
  const highest = frame.padding ? frame.padding.maximum + flip : -1;
  const invert = inverted ? mask : 0;
  for (let i = 0; i < codes.length; i++) {
    const code = (samples[i] & mask) ^ flip;
    codes[i] = code ^ invert;
    padding[i] = code >= lowest && code <= highest ? 1 : 0;
  }
  return { codes, padding };
}

/** The range of codes that matters, and the code below it that counts as empty (-1: none does). */
function rangeOf(codes: Uint16Array, padding: Uint8Array): { low: number; high: number; floor: number } {
  const counts = new Uint32Array(65536);
  let total = 0;
  for (let i = 0; i < codes.length; i++) {
    if (padding[i] === 1) continue;
    counts[codes[i]]++;
    total++;
  }
  const minimum = counts.findIndex((count) => count > 0);
  const maximum = counts.findLastIndex((count) => count > 0);
  if (minimum < 0) return { low: 0, high: 1, floor: -1 };
  const floor = counts[minimum] > FLAT_SHARE * total && minimum < maximum ? minimum : -1;
  for (const end of [minimum, maximum]) {
    if (minimum === maximum || counts[end] <= FLAT_SHARE * codes.length) continue;
    total -= counts[end];
    counts[end] = 0;
  }
  const skip = OUTLIERS * total;
  let low = minimum;
  for (let seen = counts[low]; seen <= skip && low < maximum; ) seen += counts[++low];
  let high = maximum;
  for (let seen = counts[high]; seen <= skip && high > low; ) seen += counts[--high];
  return { low, high: Math.max(high, low + 1), floor };
}

/** Pixels to join to one; a long thin picture keeps its short side. */
const stepFor = (width: number, height: number, maximumPixels: number): number =>
  Math.min(width, height, Math.max(1, Math.ceil(Math.sqrt((width * height) / maximumPixels))));

/** The same picture in at most `maximumPixels` pixels. */
export function shrinkPlane(plane: Plane, maximumPixels: number): Plane {
  const factor = stepFor(plane.width, plane.height, maximumPixels);
  if (factor === 1) return plane;
  const width = Math.floor(plane.width / factor);
  const height = Math.floor(plane.height / factor);
  const values = new Float32Array(width * height);
  const empty = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let emptyPixels = 0;
      for (let row = y * factor; row < (y + 1) * factor; row++) {
        for (let i = row * plane.width + x * factor, k = 0; k < factor; k++, i++) {
          sum += plane.values[i];
          emptyPixels += plane.empty[i];
        }
      }
      const area = factor * factor;
      values[y * width + x] = sum / area;
      empty[y * width + x] = 2 * emptyPixels > area ? 1 : 0;
    }
  }
  return { width, height, step: plane.step * factor, values, empty };
}

/** Draws a frame as a plane of at most `maximumPixels` pixels, each the mean of a square of the frame's. */
export function planeOf(frame: Frame, maximumPixels: number): Plane {
  const { codes, padding } = brightnessCodes(frame);
  const { low, high, floor } = rangeOf(codes, padding);
  const step = stepFor(frame.width, frame.height, maximumPixels);
  const width = Math.floor(frame.width / step);
  const height = Math.floor(frame.height / step);
  const squarePixels = step * step;
  const values = new Float32Array(width * height);
  const empty = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const bottom = (y + 1) * step;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      const right = (x + 1) * step;
      for (let row = y * step; row < bottom; row++) {
        for (let i = row * frame.width + x * step; i < row * frame.width + right; i++) {
          if (padding[i] === 1 || codes[i] === floor) continue;
          sum += codes[i];
          count++;
        }
      }
      const pixel = y * width + x;
      empty[pixel] = 2 * count < squarePixels ? 1 : 0;
      // What is empty counts as the darkest, so that the edge of a letter on black is an edge.
      if (count === 0) continue;
      const share = (sum / count - low) / (high - low);
      values[pixel] = (Math.min(1, Math.max(0, share)) * count) / squarePixels;
    }
  }
  return { width, height, step, values, empty };
}
