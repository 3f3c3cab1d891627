import { pixelsIn, type Rectangle } from '../pixels/frame';

/** Fewest rows of a band. */
const SMALLEST_BAND = 4;

/** Rows that a band has at most, where there are `segments` segments. */
export function bandHeight(areas: readonly Rectangle[], segments: number): number {
  return Math.max(SMALLEST_BAND, Math.ceil(Math.sqrt(pixelsIn(areas) / segments)));
}

/** Bands that an area is cut into, of at most `highest` rows each. */
export const bandsIn = ({ height }: Rectangle, highest: number): number => Math.ceil(height / highest);

/**
 * The order in which samples carry the payload: area by area; each area in bands of about equally many rows,
 * each band column by column, each column from the top. A band is about as high as a segment is wide, so
 * each segment lies in a compact patch of the picture. Where one patch ends and the next begins differs from
 * band to band, so a vertical line hits in most bands one segment, wherever it is drawn.
 *
 * Gives the blocks of whole columns that make up this order, of at most `most` pixels each or of one column.
 */
export function* carrierBlocks(
  areas: readonly Rectangle[],
  segments: number,
  most: number,
): Generator<Rectangle> {
  const highest = bandHeight(areas, segments);
  for (const area of areas) {
    const bands = bandsIn(area, highest);
    for (let band = 0; band < bands; band++) {
      const y = area.y + Math.floor((band * area.height) / bands);
      const height = area.y + Math.floor(((band + 1) * area.height) / bands) - y;
      const columns = Math.max(1, Math.floor(most / height));
      const right = area.x + area.width;
      for (let x = area.x; x < right; x += columns) {
        yield { x, y, width: Math.min(columns, right - x), height };
      }
    }
  }
}
