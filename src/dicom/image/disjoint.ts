import type { Rectangle } from '../../engine/pixels/frame';

/**
 * Rectangles that hold the same pixels as `areas`, each pixel once. Rows are swept from the top: where areas begin
 * or end, the runs of pixels in any of them are found anew, and a rectangle goes on while its run is there.
 */
export function disjoint(areas: readonly Rectangle[]): Rectangle[] {
  const merged: Rectangle[] = [];
  const steps = stepsOf(areas);
  const coverage = new Int32Array(areas.reduce((most, { x, width }) => Math.max(most, x + width), 0) + 1);
  let open = new Map<string, Rectangle>();
  for (const y of [...steps.keys()].sort((a, b) => a - b)) {
    for (const [x, step] of steps.get(y) ?? []) coverage[x] += step;
    const going = new Map<string, Rectangle>();
    for (const { x, width } of runsIn(coverage)) {
      const run = [x, width].join();
      going.set(run, open.get(run) ?? { x, y, width, height: 0 });
    }
    for (const [run, rectangle] of open) {
      if (!going.has(run)) merged.push({ ...rectangle, height: y - rectangle.y });
    }
    open = going;
  }
  return merged;
}

/** By row: by how many areas more or fewer lie on a pixel than on the one before it, compared with the row above. */
function stepsOf(areas: readonly Rectangle[]): Map<number, [x: number, step: number][]> {
  const steps = new Map<number, [x: number, step: number][]>();
  const add = (y: number, x: number, step: number) => {
    const row = steps.get(y);
    if (row) row.push([x, step]);
    else steps.set(y, [[x, step]]);
  };
  for (const { x, y, width, height } of areas) {
    add(y, x, 1);
    add(y, x + width, -1);
    add(y + height, x, -1);
    add(y + height, x + width, 1);
  }
  return steps;
}

/** The runs of pixels that lie on any area. */
function runsIn(coverage: Int32Array): { x: number; width: number }[] {
  const runs: { x: number; width: number }[] = [];
  let areas = 0;
  let start = 0;
  for (let x = 0; x < coverage.length; x++) {
    if (coverage[x] === 0) continue;
    if (areas === 0) start = x;
    areas += coverage[x];
    if (areas === 0) runs.push({ x: start, width: x - start });
  }
  return runs;
}
