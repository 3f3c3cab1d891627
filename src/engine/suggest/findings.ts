import type { Rectangle } from '../pixels/frame';
import { depthOf, foregroundOf } from './foreground';
import type { Plane } from './plane';

/** A rectangle of the plane, and how much speaks for it. */
export interface Candidate {
  readonly rectangle: Rectangle;
  readonly score: number;
}

/** Plane pixels along a side of the blocks that sums are kept for. */
const BLOCK = 4;
/** Sides of the windows tried, as shares of the side of a square as large as the body. */
const WINDOW_SHARES = [0.17, 0.24, 0.33];
/** Added to the mean, so that dark windows, the air in a lung or a bowel, do not win for being dark. */
const MEAN_OFFSET = 1;
/** Edges count no more than this change of brightness from one pixel to the next. */
const STEEPEST = 0.25;
/** Larger windows are favoured by this power of their side. */
const SIZE_POWER = 0.6;

/** Sums over blocks, as summed-area tables (Crow, 1984). */
interface BlockSums {
  readonly columns: number;
  readonly rows: number;
  /** Body pixels, brightness, gradient products xx, yy and xy, and depth, in this order. */
  readonly tables: readonly Float64Array[];
}

enum Table {
  Pixels,
  Brightness,
  XX,
  YY,
  XY,
  Depth,
}

function blockSums(plane: Plane, body: Uint8Array, depth: Float32Array): BlockSums {
  const { width, height, values } = plane;
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(height / BLOCK);
  const stride = columns + 1;
  const tables = Array.from({ length: 6 }, () => new Float64Array(stride * (rows + 1)));
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (body[i] === 0) continue;
      // Sobel's operator, an eighth: brightness per pixel.
      const across = values[i + 1 - width] + 2 * values[i + 1] + values[i + 1 + width];
      const back = values[i - 1 - width] + 2 * values[i - 1] + values[i - 1 + width];
      const down = values[i + width - 1] + 2 * values[i + width] + values[i + width + 1];
      const up = values[i - width - 1] + 2 * values[i - width] + values[i - width + 1];
      let gradientX = (across - back) / 8;
      let gradientY = (down - up) / 8;
      const steepness = Math.hypot(gradientX, gradientY);
      if (steepness > STEEPEST) {
        gradientX *= STEEPEST / steepness;
        gradientY *= STEEPEST / steepness;
      }
      const block = (Math.floor(y / BLOCK) + 1) * stride + Math.floor(x / BLOCK) + 1;
      tables[Table.Pixels][block]++;
      tables[Table.Brightness][block] += values[i];
      tables[Table.XX][block] += gradientX * gradientX;
      tables[Table.YY][block] += gradientY * gradientY;
      tables[Table.XY][block] += gradientX * gradientY;
      tables[Table.Depth][block] += depth[i];
    }
  }
  for (const table of tables) {
    for (let row = 1; row <= rows; row++) {
      for (let column = 1; column <= columns; column++) {
        const i = row * stride + column;
        table[i] += table[i - 1] + table[i - stride] - table[i - stride - 1];
      }
    }
  }
  return { columns, rows, tables };
}

/**
 * Ranks windows of several sizes, best first, by a coefficient of variation (sigma / mu per block,
 * the papers' measure of a key area) whose sigma is the square root of the structure tensor's smaller
 * eigenvalue (Shi and Tomasi, 1994): detail in both directions counts, a long edge such as the chest
 * wall or the skull does not. Windows are marked down by how far from the deepest place in the body they
 * lie, which leaves out what is just under the skin. The constants were chosen on one half of the images
 * that suggest.test.ts measures both halves of.
 */
export function rankFindings(plane: Plane): Candidate[] {
  const { width, height } = plane;
  const body = foregroundOf(plane);
  const depth = depthOf(body, width, height);
  const { columns, rows, tables } = blockSums(plane, body, depth);
  const stride = columns + 1;
  const deepest = depth.reduce((most, value) => Math.max(most, value), 1);
  const bodySide = Math.sqrt(tables[Table.Pixels][stride * (rows + 1) - 1]);

  const candidates: Candidate[] = [];
  for (const share of WINDOW_SHARES) {
    const size = Math.max(2, Math.round((share * bodySide) / BLOCK));
    const step = Math.max(1, size >> 2);
    for (let row = 0; row + size <= rows; row += step) {
      for (let column = 0; column + size <= columns; column += step) {
        const start = row * stride + column;
        const end = start + size * stride;
        const sum = (table: Table) =>
          tables[table][end + size] - tables[table][end] - tables[table][start + size] + tables[table][start];
        const pixels = sum(Table.Pixels);
        if (2 * pixels < (size * BLOCK) ** 2) continue;
        const [xx, yy, xy] = [sum(Table.XX), sum(Table.YY), sum(Table.XY)];
        const smaller = (xx + yy - Math.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2;
        const variation = Math.sqrt(Math.max(0, smaller) / pixels);
        const mean = sum(Table.Brightness) / pixels;
        const inside = sum(Table.Depth) / pixels / deepest;
        candidates.push({
          rectangle: { x: column * BLOCK, y: row * BLOCK, width: size * BLOCK, height: size * BLOCK },
          score: (variation / (mean + MEAN_OFFSET)) * inside * size ** SIZE_POWER,
        });
      }
    }
  }
  return candidates.sort((a, b) => b.score - a.score);
}
