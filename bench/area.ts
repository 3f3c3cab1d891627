import type { Frame, Rectangle } from '../src/engine';

/** A rectangle of the image's shape in its middle, of a share of its pixels. */
export function middleArea({ width, height }: Frame, share: number): Rectangle {
  const [w, h] = [width, height].map((side) => Math.round(side * Math.sqrt(share)));
  return { x: (width - w) >> 1, y: (height - h) >> 1, width: w, height: h };
}
