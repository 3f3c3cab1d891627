import type { Rectangle } from '../engine/frame';

/** One area of each size, in their order. */
export function distinctSizes(areas: readonly Rectangle[]): Rectangle[] {
  return [...new Map(areas.map((area) => [`${area.width} ${area.height}`, area])).values()];
}
