import type { Rectangle } from '../engine/pixels/frame';
import type { KeyAreaProblem } from '../viewer/port';

/** A point in an image, in pixels: the centre of the first pixel is (0, 0). */
export type ImagePoint = readonly [x: number, y: number];

/** Beyond this a corner is not an accident of floating-point arithmetic any more, in pixels. */
const TOLERANCE = 1e-3;

/**
 * The pixels that a drawn rectangle touches, its edges included: rounded outward, so that nothing that
 * lies under the drawing stays visible. What lies beyond the image's edge has no pixels and is left out.
 *
 * `corners` are the four corners in any order. They are no rectangle of whole pixels where the view was
 * rotated by other than 90 degrees while drawing (`oblique`), and hold no pixel where all of them lie
 * beside the image (`outside`).
 */
export function touchedPixels(
  corners: readonly ImagePoint[],
  size: { readonly width: number; readonly height: number },
): Rectangle | KeyAreaProblem {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const horizontal = span(xs);
  const vertical = span(ys);
  const isCorner = ([x, y]: ImagePoint) => onEdge(x, horizontal) && onEdge(y, vertical);
  if (![...xs, ...ys].every(Number.isFinite) || !corners.every(isCorner)) return 'oblique';
  const [left, right] = touched(horizontal, size.width);
  const [top, bottom] = touched(vertical, size.height);
  if (right <= left || bottom <= top) return 'outside';
  return { x: left, y: top, width: right - left, height: bottom - top };
}

type Span = readonly [minimum: number, maximum: number];

const span = (values: readonly number[]): Span => [Math.min(...values), Math.max(...values)];

const onEdge = (value: number, [minimum, maximum]: Span): boolean =>
  value - minimum <= TOLERANCE * (1 + maximum - minimum) ||
  maximum - value <= TOLERANCE * (1 + maximum - minimum);

/** Pixel i spans i - 1/2 to i + 1/2. Returns the first pixel and the one after the last. */
function touched([minimum, maximum]: Span, length: number): Span {
  const first = Math.floor(minimum + 0.5 + TOLERANCE);
  const end = Math.ceil(maximum + 0.5 - TOLERANCE);
  // A line without extent still touches the pixel it lies in.
  return [Math.max(first, 0), Math.min(Math.max(end, first + 1), length)];
}
