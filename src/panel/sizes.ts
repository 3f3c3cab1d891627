import type { Rectangle } from '../engine/pixels/frame';

/** One area of each size, in their order. */
export function distinctSizes(areas: readonly Rectangle[]): Rectangle[] {
  return [...new Map(areas.map((area) => [`${area.width} ${area.height}`, area])).values()];
}

/** True where a rectangle of whole pixels lies in an image. */
export const liesIn = (
  { x, y, width, height }: Rectangle,
  image: { readonly width: number; readonly height: number },
): boolean =>
  [x, y, width, height].every(Number.isInteger) &&
  x >= 0 &&
  y >= 0 &&
  width > 0 &&
  height > 0 &&
  x + width <= image.width &&
  y + height <= image.height;
