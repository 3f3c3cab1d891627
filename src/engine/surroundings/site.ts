import { paddingCodes } from '../bands';
import { codeBits, type Frame, type Rectangle } from '../frame';

/**
 * Where the header lies: bit 0 of the first samples along one of four paths through the frame. 0 goes
 * down the rows from the top left, 1 backwards from the bottom right, 2 along the columns from the top
 * left, 3 backwards from the bottom right; the samples of a pixel stay in their order. A sample is
 * passed over where flipping bit 0 could make it padding, or padding it. All this a reader knows
 * without knowing anything else of the image, so it tries each path.
 */
export const SITES = 4;

export interface Site {
  /** Samples whose bit 0 belongs to the header and what follows it, in order. */
  readonly path: Uint32Array;
  /** All pixels on the way to the last of them, also those passed over: none of them may change otherwise. */
  readonly pixels: Uint32Array;
}

/** Visits the pixels of a path in order, until `visit` gives false. */
function walk({ width, height }: Frame, site: number, visit: (pixel: number, step: number) => boolean): void {
  const total = width * height;
  const isForwards = (site & 1) === 0;
  const stride = (isForwards ? 1 : -1) * (site < 2 ? 1 : width);
  let pixel = isForwards ? 0 : total - 1;
  for (let step = 0; step < total && visit(pixel, step); step++) {
    pixel += stride;
    // From the end of a column to the beginning of the next.
    if (pixel >= total) pixel -= total - 1;
    else if (pixel < 0) pixel += total - 1;
  }
}

/** The site of the first `count` samples of a path; undefined where it has fewer. */
export function findSite(frame: Frame, site: number, count: number): Site | undefined {
  const { samplesPerPixel, samples } = frame;
  if (count > samples.length) return undefined;
  const { mask, flip } = codeBits(frame);
  const { minimum, maximum } = paddingCodes(frame) ?? { minimum: mask + 1, maximum: mask + 1 };
  const path = new Uint32Array(count);
  let next = 0;
  let steps = 0;
  walk(frame, site, (pixel) => {
    if (next === count) return false;
    const first = pixel * samplesPerPixel;
    for (let i = first; i < first + samplesPerPixel && next < count; i++) {
      const code = (samples[i] & mask) ^ flip;
      if ((code | 1) < minimum || (code & ~1) > maximum) path[next++] = i;
    }
    steps++;
    return true;
  });
  if (next < count) return undefined;
  const pixels = new Uint32Array(steps);
  walk(frame, site, (pixel, step) => {
    if (step === steps) return false;
    pixels[step] = pixel;
    return true;
  });
  return { path, pixels };
}

/** True where none of the pixels lies in a rectangle. */
export function liesOutside({ width }: Frame, { pixels }: Site, areas: readonly Rectangle[]): boolean {
  return pixels.every((pixel) => {
    const column = pixel % width;
    const row = Math.floor(pixel / width);
    return areas.every(
      (area) =>
        column < area.x || column >= area.x + area.width || row < area.y || row >= area.y + area.height,
    );
  });
}
