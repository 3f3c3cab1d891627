export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middles of a symbol's finder patterns in a picture, and the point that completes the square. */
export interface Corners {
  readonly topLeft: Point;
  readonly topRight: Point;
  readonly bottomLeft: Point;
  readonly bottomRight: Point;
}

/** Modules from a symbol's edge to the middle of a finder pattern. */
export const FINDER_MIDDLE = 3.5;

/**
 * The perspective that takes module coordinates to picture coordinates, as nine coefficients:
 * x = (c0 u + c1 v + c2) / w, y = (c3 u + c4 v + c5) / w, w = c6 u + c7 v + c8
 * (Heckbert, Fundamentals of Texture Mapping, 1989, section 2.2.3).
 */
export function perspectiveOf(corners: Corners, size: number): Float64Array {
  const { topLeft: p, topRight: q, bottomRight: r, bottomLeft: s } = corners;
  const sumX = p.x - q.x + r.x - s.x;
  const sumY = p.y - q.y + r.y - s.y;
  const [dx1, dx2] = [q.x - r.x, s.x - r.x];
  const [dy1, dy2] = [q.y - r.y, s.y - r.y];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sumX * dy2 - dx2 * sumY) / determinant;
  const h = (dx1 * sumY - sumX * dy1) / determinant;
  // The unit square's coefficients, then modules in place of the unit square.
  const unit = [
    q.x - p.x + g * q.x,
    s.x - p.x + h * s.x,
    p.x,
    q.y - p.y + g * q.y,
    s.y - p.y + h * s.y,
    p.y,
    g,
    h,
    1,
  ];
  const scale = 1 / (size - 2 * FINDER_MIDDLE);
  const coefficients = new Float64Array(9);
  for (let k = 0; k < 9; k += 3) {
    coefficients[k] = unit[k] * scale;
    coefficients[k + 1] = unit[k + 1] * scale;
    coefficients[k + 2] = unit[k + 2] - FINDER_MIDDLE * scale * (unit[k] + unit[k + 1]);
  }
  return coefficients;
}
