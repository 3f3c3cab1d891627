import { bitOf } from '../bytes';
import { codeBits, type Frame, type Rectangle } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';

/**
 * Where the header lies: bit 0 of the first samples along one of four paths through the frame. 0 goes
 * down the rows from the top left, 1 backwards from the bottom right, 2 along the columns from the top
 * left, 3 backwards from the bottom right; the samples of a pixel stay in their order. A sample is
 * passed over where flipping bit 0 could make it padding, or padding it. All this a reader knows
 * without knowing anything else of the image, so it tries each path.
 */
export const SITES = 4;

export interface Site {
  /** Which path, 0 to 3. */
  readonly number: number;
  /** Samples whose bit 0 belongs to the header and what follows it, in order. */
  readonly path: Uint32Array;
  /** Pixels on the way to the last of them, also those passed over: none of them may change otherwise. */
  readonly pixels: number;
}

/** The first pixel of a path. */
const firstOf = ({ width, height }: Frame, site: number): number =>
  (site & 1) === 0 ? 0 : width * height - 1;

/** From one pixel of a path to the next within its row or column. */
const strideOf = ({ width }: Frame, site: number): number =>
  ((site & 1) === 0 ? 1 : -1) * (site < 2 ? 1 : width);

/** The pixel behind one of a path: from the end of a column the beginning of the next. */
function following(pixel: number, stride: number, total: number): number {
  const next = pixel + stride;
  if (next >= total) return next - total + 1;
  return next < 0 ? next + total - 1 : next;
}

/**
 * Visits the samples of a path, in order, for as long as `visit` says. Gives the pixels that it passed on the way;
 * undefined where the path has no more samples.
 */
function follow(frame: Frame, site: number, visit: (index: number) => boolean): number | undefined {
  const { width, height, samplesPerPixel, samples } = frame;
  const { mask, flip } = codeBits(frame);
  const { minimum, maximum } = paddingCodes(frame) ?? { minimum: mask + 1, maximum: mask + 1 };
  const total = width * height;
  const stride = strideOf(frame, site);
  let pixel = firstOf(frame, site);
  for (let pixels = 1; pixels <= total; pixels++) {
    const first = pixel * samplesPerPixel;
    for (let i = first; i < first + samplesPerPixel; i++) {
      const code = (samples[i] & mask) ^ flip;
      const isPassedOver = (code | 1) >= minimum && (code & ~1) <= maximum;
      if (!isPassedOver && !visit(i)) return pixels;
    }
    pixel = following(pixel, stride, total);
  }
  return undefined;
}

/** The site of the first `count` samples of a path; undefined where it has fewer. */
export function findSite(frame: Frame, site: number, count: number): Site | undefined {
  if (count > frame.samples.length) return undefined;
  const path = new Uint32Array(count);
  let next = 0;
  const pixels = follow(frame, site, (index) => {
    path[next++] = index;
    return next < count;
  });
  return pixels === undefined ? undefined : { number: site, path, pixels };
}

/** True where the bits along a path begin with these. */
function beginsWith(frame: Frame, site: number, bytes: Uint8Array): boolean {
  const length = 8 * bytes.length;
  let read = 0;
  follow(
    frame,
    site,
    (index) => read < length && (frame.samples[index] & 1) === bitOf(bytes, read) && ++read < length,
  );
  return read === length;
}

/** The paths whose bits begin with these bytes: where a header that does so may lie. */
export const sitesOf = (frame: Frame, bytes: Uint8Array): number[] =>
  Array.from({ length: SITES }, (_, site) => site).filter((site) => beginsWith(frame, site, bytes));

/** The pixels of a site, in order. */
export function pixelsOf(frame: Frame, { number, pixels }: Site): Uint32Array {
  const stride = strideOf(frame, number);
  let pixel = firstOf(frame, number);
  return new Uint32Array(pixels).map(() => {
    const here = pixel;
    pixel = following(pixel, stride, frame.width * frame.height);
    return here;
  });
}

/** True where none of a site's pixels lies in a rectangle. */
export function liesOutside(frame: Frame, site: Site, areas: readonly Rectangle[]): boolean {
  const { width } = frame;
  return pixelsOf(frame, site).every((pixel) => {
    const column = pixel % width;
    const row = Math.floor(pixel / width);
    return areas.every(
      (area) =>
        column < area.x || column >= area.x + area.width || row < area.y || row >= area.y + area.height,
    );
  });
}
