import type { Frame } from '../../src/engine';

/** A small deterministic generator (mulberry32), so that a failing case can be run again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface FrameRecipe {
  width: number;
  height: number;
  samplesPerPixel?: 1 | 3;
  bitsAllocated?: 8 | 16;
  bitsStored?: number;
  signed?: boolean;
  inverted?: boolean;
  /** Standard deviation-like strength of the noise, as a share of the range. */
  noise?: number;
  /** Smallest and largest share of the legal range that is used. */
  range?: [number, number];
  padding?: Frame['padding'];
  seed?: number;
  /** How the bits above Bits Stored are filled. */
  upperBits?: 'regular' | 'zero' | 'other';
}

/** A picture like a body in a scanner: smooth shapes on a background, with some noise. */
export function makeFrame(recipe: FrameRecipe): Frame {
  const { width, height, samplesPerPixel = 1, bitsAllocated = 16, bitsStored = bitsAllocated } = recipe;
  const { signed = false, inverted = false, noise = 0.01, range = [0, 1], seed = 1 } = recipe;
  const random = randomFrom(seed);
  const count = width * height * samplesPerPixel;
  const samples = bitsAllocated === 8 ? new Uint8Array(count) : new Uint16Array(count);
  const legal = 2 ** bitsStored - 1;
  const low = Math.floor(range[0] * legal);
  const high = Math.floor(range[1] * legal);
  const shift = 32 - bitsStored;
  for (let k = 0; k < count; k++) {
    const pixel = Math.floor(k / samplesPerPixel);
    const x = (pixel % width) / width - 0.5;
    const y = Math.floor(pixel / width) / height - 0.5;
    const body = x * x * 5 + y * y * 7 < 1 ? 0.45 + 0.2 * Math.sin(9 * x) * Math.cos(7 * y) : 0.02;
    const share = Math.min(1, Math.max(0, body + noise * (random() - 0.5) + 0.05 * (k % samplesPerPixel)));
    const code = low + Math.round(share * (high - low));
    const value = signed ? code - 2 ** (bitsStored - 1) : code;
    let cell = value;
    if (recipe.upperBits === 'zero') cell = (value << shift) >>> shift;
    // An overlay plane in the lowest unused bit.
    if (recipe.upperBits === 'other')
      cell = ((value << shift) >>> shift) | (Number(x * y > 0.01) << bitsStored);
    samples[k] = cell;
  }
  const padding = recipe.padding ? { padding: recipe.padding } : {};
  return { width, height, samplesPerPixel, bitsStored, signed, inverted, samples, ...padding };
}
