import { type Frame, withSamples } from './frame';

/** How a picture was turned: first mirrored left to right or not, then rotated clockwise. */
export interface Orientation {
  /** Clockwise, in degrees. */
  readonly rotated: 0 | 90 | 180 | 270;
  /** Left and right were exchanged, before it was rotated. */
  readonly mirrored: boolean;
}

export const UPRIGHT: Orientation = { rotated: 0, mirrored: false };

/** All eight orientations, the likeliest first. */
export const ORIENTATIONS: readonly Orientation[] = [
  UPRIGHT,
  { rotated: 90, mirrored: false },
  { rotated: 180, mirrored: false },
  { rotated: 270, mirrored: false },
  { rotated: 0, mirrored: true },
  { rotated: 90, mirrored: true },
  { rotated: 180, mirrored: true },
  { rotated: 270, mirrored: true },
];

/**
 * Where the pixels of an upright square lie in a turned picture: pixel (u, v) is pixel
 * `origin + u * across + v * down`, counted in raster order.
 */
export interface Grid {
  readonly origin: number;
  readonly across: number;
  readonly down: number;
}

/**
 * The grid of an upright rectangle of `width` x `height` pixels that was turned, and lies now with its
 * first pixel at (x, y) of a picture `stride` pixels wide.
 */
export function gridOf(
  x: number,
  y: number,
  width: number,
  height: number,
  stride: number,
  { rotated, mirrored }: Orientation,
): Grid {
  const at = (column: number, row: number): number => (y + row) * stride + x + column;
  const turned = (u: number, v: number): number => {
    const column = mirrored ? width - 1 - u : u;
    if (rotated === 90) return at(height - 1 - v, column);
    if (rotated === 180) return at(width - 1 - column, height - 1 - v);
    if (rotated === 270) return at(v, width - 1 - column);
    return at(column, v);
  };
  const origin = turned(0, 0);
  return { origin, across: turned(1, 0) - origin, down: turned(0, 1) - origin };
}

/** The picture as it was before it was turned. */
export function turnBack(frame: Frame, orientation: Orientation): Frame {
  const swapped = orientation.rotated % 180 !== 0;
  const width = swapped ? frame.height : frame.width;
  const height = swapped ? frame.width : frame.height;
  const { samplesPerPixel, samples } = frame;
  const { origin, across, down } = gridOf(0, 0, width, height, frame.width, orientation);
  const upright = samples.slice();
  let next = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (origin + x * across + y * down) * samplesPerPixel;
      for (let sample = 0; sample < samplesPerPixel; sample++) upright[next++] = samples[from + sample];
    }
  }
  return { ...withSamples(frame, upright), width, height };
}

/**
 * The picture laid on a canvas of another size: its pixel (x, y) is the canvas's (0, 0). Canvas pixels
 * that it does not reach are 0.
 */
export function onCanvas(frame: Frame, x: number, y: number, width: number, height: number): Frame {
  const { samplesPerPixel } = frame;
  const samples = frame.samples.slice(0, 0);
  const count = width * height * samplesPerPixel;
  const canvas = samples instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count);
  const left = Math.max(0, -x);
  const length = Math.min(width, frame.width - x) - left;
  const bottom = length > 0 ? Math.min(height, frame.height - y) : 0;
  for (let row = Math.max(0, -y); row < bottom; row++) {
    const from = ((row + y) * frame.width + left + x) * samplesPerPixel;
    const run = frame.samples.subarray(from, from + length * samplesPerPixel);
    canvas.set(run, (row * width + left) * samplesPerPixel);
  }
  return { ...withSamples(frame, canvas), width, height };
}
