import type { Orientation } from '../viewer/port';
import type { CornerstoneViewport } from './host';

export const UPRIGHT: Orientation = { alongRow: [1, 0], alongColumn: [0, 1] };

/** How a viewport turns its image, to the nearest quarter turn: from where it puts three of its pixels. */
export function orientationOf(viewport: CornerstoneViewport): Orientation {
  const imageData = viewport.getImageData()?.imageData;
  if (imageData === undefined) return UPRIGHT;
  const [origin, right, below] = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
  ].map((index) => viewport.worldToCanvas(imageData.indexToWorld(index)));
  const alongRow = nearestDirection(right[0] - origin[0], right[1] - origin[1]);
  const alongColumn = nearestDirection(below[0] - origin[0], below[1] - origin[1]);
  const perpendicular = alongRow[0] * alongColumn[0] + alongRow[1] * alongColumn[1] === 0;
  return perpendicular ? { alongRow, alongColumn } : UPRIGHT;
}

function nearestDirection(x: number, y: number): readonly [number, number] {
  return Math.abs(x) >= Math.abs(y) ? [Math.sign(x), 0] : [0, Math.sign(y)];
}
