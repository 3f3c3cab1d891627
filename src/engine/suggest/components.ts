/** A connected group of marked pixels. */
export interface Component {
  readonly left: number;
  readonly top: number;
  /** The last column and row. */
  readonly right: number;
  readonly bottom: number;
  readonly pixels: number;
  /** Sums of the pixels' columns and rows, for the centre. */
  readonly sumX: number;
  readonly sumY: number;
}

export interface Labelling {
  /** Each pixel's component, from 1; 0 where not marked. */
  readonly labels: Int32Array;
  /** Component `label` is at `label - 1`. */
  readonly components: readonly Component[];
}

/** Labels the groups of non-zero pixels that touch, diagonals included. */
export function labelComponents(marked: Uint8Array, width: number, height: number): Labelling {
  const labels = new Int32Array(marked.length);
  const stack = new Int32Array(marked.length);
  const components: Component[] = [];
  for (let start = 0; start < marked.length; start++) {
    if (marked[start] === 0 || labels[start] !== 0) continue;
    const label = components.length + 1;
    let [left, right, bottom] = [width, -1, -1];
    let [pixels, sumX, sumY] = [0, 0, 0];
    const top = Math.floor(start / width);
    let depth = 0;
    stack[depth++] = start;
    labels[start] = label;
    while (depth > 0) {
      const pixel = stack[--depth];
      const x = pixel % width;
      const y = (pixel - x) / width;
      pixels++;
      sumX += x;
      sumY += y;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y > bottom) bottom = y;
      const firstX = x > 0 ? x - 1 : x;
      const firstY = y > 0 ? y - 1 : y;
      for (let ny = firstY; ny <= y + 1 && ny < height; ny++) {
        for (let nx = firstX; nx <= x + 1 && nx < width; nx++) {
          const next = ny * width + nx;
          if (marked[next] === 0 || labels[next] !== 0) continue;
          labels[next] = label;
          stack[depth++] = next;
        }
      }
    }
    components.push({ left, top, right, bottom, pixels, sumX, sumY });
  }
  return { labels, components };
}
