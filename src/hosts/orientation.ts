import type { Orientation } from '../viewer/port';

export const UPRIGHT: Orientation = { alongRow: [1, 0], alongColumn: [0, 1] };

/**
 * How a viewport turns its image, to the nearest quarter turn: from where it puts three of its pixels.
 *
 * @param onCanvas where a pixel, its column and row from 0, is in the viewport
 */
export function orientationOf(onCanvas: (x: number, y: number) => readonly [number, number]): Orientation {
  const [origin, right, below] = [onCanvas(0, 0), onCanvas(1, 0), onCanvas(0, 1)];
  const alongRow = nearestDirection(right[0] - origin[0], right[1] - origin[1]);
  const alongColumn = nearestDirection(below[0] - origin[0], below[1] - origin[1]);
  const perpendicular = alongRow[0] * alongColumn[0] + alongRow[1] * alongColumn[1] === 0;
  return perpendicular ? { alongRow, alongColumn } : UPRIGHT;
}

function nearestDirection(x: number, y: number): readonly [number, number] {
  return Math.abs(x) >= Math.abs(y) ? [Math.sign(x), 0] : [0, Math.sign(y)];
}
