import type { Rectangle } from '../engine/pixels/frame';
import type { Picture } from '../viewer/port';

/** Pixels as Cornerstone caches them: modality values or colours, with the window they are shown in. */
export interface Pixels {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly color: boolean;
}

/** The range of values from black to white, and whether the two change places. */
export interface Shading {
  readonly lower: number;
  readonly upper: number;
  readonly invert: boolean;
}

/** Draws a rectangle of an image as it is displayed, at most `side` pixels wide or high. */
export function drawPicture(pixels: Pixels, rectangle: Rectangle, shading: Shading, side: number): Picture {
  const step = Math.max(1, Math.max(rectangle.width, rectangle.height) / side);
  const width = Math.max(1, Math.floor(rectangle.width / step));
  const height = Math.max(1, Math.floor(rectangle.height / step));
  const data = new Uint8ClampedArray(width * height * 4);
  const samples = pixels.color ? Math.round(pixels.values.length / (pixels.width * pixels.height)) : 1;
  for (let y = 0, target = 0; y < height; y++) {
    const row = rectangle.y + Math.floor(y * step);
    for (let x = 0; x < width; x++, target += 4) {
      const source = (row * pixels.width + rectangle.x + Math.floor(x * step)) * samples;
      for (let channel = 0; channel < 3; channel++) {
        const value = pixels.values[source + (samples > 1 ? channel : 0)];
        data[target + channel] = pixels.color ? value : shade(value, shading);
      }
      data[target + 3] = 255;
    }
  }
  return { width, height, data };
}

function shade(value: number, { lower, upper, invert }: Shading): number {
  const level = (255 * (value - lower)) / (upper - lower || 1);
  return invert ? 255 - level : level;
}
