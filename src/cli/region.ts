import type { KeyArea } from '../dicom/index';

/**
 * Reads `x,y,width,height` in image pixels, from 0, optionally followed by `@3` or `@3-8`: the frames
 * of a multi-frame image, from 1. Returns undefined for anything else, and for an area without a pixel.
 */
export function parseRegion(text: string): KeyArea | undefined {
  const match = /^(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})(?:@(\d{1,6})(?:-(\d{1,6}))?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [x, y, width, height] = match.slice(1, 5).map(Number);
  if (width < 1 || height < 1) return undefined;
  const rectangle = { x, y, width, height };
  if (match[5] === undefined) return { rectangle };
  const first = Number(match[5]);
  const last = Number(match[6] ?? match[5]);
  if (first < 1 || last < first) return undefined;
  return { rectangle, frames: Array.from({ length: last - first + 1 }, (_, k) => first + k) };
}
