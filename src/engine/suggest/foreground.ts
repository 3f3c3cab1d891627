import { labelComponents } from './components';
import type { Plane } from './plane';

/** Share of the largest body's rank that another one needs to count too (two legs). */
const SECOND_BODY = 0.25;
/** Bodies rank lower the farther out they lie: by 1/e at this share of the image's shorter side. */
const CENTRAL_REACH = 0.35;
/** A body smaller than this share of the image is none; all that is not empty counts instead. */
const SMALLEST_BODY = 0.03;

/** The value that splits the non-empty pixels best in two (Otsu, 1979). */
function otsuThreshold({ values, empty }: Plane): number {
  const BINS = 256;
  const counts = new Float64Array(BINS);
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (empty[i] === 1) continue;
    const bin = Math.min(BINS - 1, Math.floor(values[i] * BINS));
    counts[bin]++;
    total++;
    sum += bin;
  }
  let best = -1;
  let threshold = 0;
  for (let bin = 0, below = 0, sumBelow = 0; bin < BINS - 1; bin++) {
    below += counts[bin];
    sumBelow += bin * counts[bin];
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const difference = sumBelow / below - (sum - sumBelow) / above;
    const variance = below * above * difference * difference;
    if (variance > best) [best, threshold] = [variance, (bin + 1) / BINS];
  }
  return threshold;
}

/** Spreads (`value` 1) or shrinks (`value` 0) what is marked by `radius` pixels, in a square. */
function spread(marked: Uint8Array, width: number, height: number, radius: number, value: 0 | 1): Uint8Array {
  let from = marked;
  for (const [across, length] of [
    [1, width],
    [width, height],
  ]) {
    const to = from.slice();
    for (let i = 0; i < from.length; i++) {
      if (from[i] !== value) continue;
      const x = i % width;
      const at = across === 1 ? x : (i - x) / width;
      for (let k = -radius; k <= radius; k++) {
        if (at + k >= 0 && at + k < length) to[i + k * across] = value;
      }
    }
    from = to;
  }
  return from;
}

/** Marks what cannot be reached from the border without crossing something marked. */
function fillHoles(marked: Uint8Array, width: number, height: number): Uint8Array {
  const filled = new Uint8Array(marked.length).fill(1);
  const stack: number[] = [];
  const reach = (pixel: number) => {
    if (marked[pixel] === 1 || filled[pixel] === 0) return;
    filled[pixel] = 0;
    stack.push(pixel);
  };
  for (let x = 0; x < width; x++) [x, (height - 1) * width + x].forEach(reach);
  for (let y = 0; y < height; y++) [y * width, (y + 1) * width - 1].forEach(reach);
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const x = pixel % width;
    if (x > 0) reach(pixel - 1);
    if (x < width - 1) reach(pixel + 1);
    if (pixel >= width) reach(pixel - width);
    if (pixel < marked.length - width) reach(pixel + width);
  }
  return filled;
}

/** Marks the body: what is brighter than air with all that it encloses; no table, holder or padding. */
export function foregroundOf(plane: Plane): Uint8Array {
  const { width, height, values, empty } = plane;
  // Halfway below Otsu's threshold: a shadow inside a projection is still body, air is far darker.
  const threshold = otsuThreshold(plane) / 2;
  const bright = Uint8Array.from(values, (value, i) => (empty[i] === 0 && value > threshold ? 1 : 0));
  const radius = Math.max(1, Math.round(Math.min(width, height) / 256));
  const opened = spread(fillHoles(bright, width, height), width, height, radius, 0);
  const { labels, components } = labelComponents(opened, width, height);

  const reach = CENTRAL_REACH * Math.min(width, height);
  const ranks = components.map(({ pixels, sumX, sumY }) => {
    const distance = Math.hypot(sumX / pixels - width / 2, sumY / pixels - height / 2);
    return pixels * Math.exp(-((distance / reach) ** 2));
  });
  const needed = SECOND_BODY * Math.max(0, ...ranks);
  const body = Uint8Array.from(labels, (label) => (label > 0 && ranks[label - 1] >= needed ? 1 : 0));
  const size = body.reduce((sum, mark) => sum + mark, 0);
  if (size < SMALLEST_BODY * body.length) return empty.map((mark) => 1 - mark);
  return spread(body, width, height, radius, 1);
}

/**
 * How deep each pixel lies inside what is marked, in pixels (chamfer distance with steps 1 and 1.4,
 * Borgefors 1986). The border of the image is no edge: a projection goes on beyond it.
 */
export function depthOf(marked: Uint8Array, width: number, height: number): Float32Array {
  const depth = Float32Array.from(marked, (mark) => (mark === 1 ? width + height : 0));
  const relax = (pixel: number, neighbour: number, step: number) => {
    if (depth[neighbour] + step < depth[pixel]) depth[pixel] = depth[neighbour] + step;
  };
  const pass = (direction: 1 | -1) => {
    for (let k = 0; k < depth.length; k++) {
      const pixel = direction === 1 ? k : depth.length - 1 - k;
      if (depth[pixel] === 0) continue;
      const x = pixel % width;
      const y = (pixel - x) / width;
      const hasBefore = direction === 1 ? x > 0 : x < width - 1;
      const hasAfter = direction === 1 ? x < width - 1 : x > 0;
      if (hasBefore) relax(pixel, pixel - direction, 1);
      if (direction === 1 ? y === 0 : y === height - 1) continue;
      const above = pixel - direction * width;
      relax(pixel, above, 1);
      if (hasBefore) relax(pixel, above - direction, 1.4);
      if (hasAfter) relax(pixel, above + direction, 1.4);
    }
  };
  pass(1);
  pass(-1);
  return depth;
}
