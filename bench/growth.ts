import type { Measurement } from './measure';

/** How a time grows: with which power of what is measured. */
export interface Growth {
  readonly what: string;
  readonly protect: number;
  readonly restore: number;
}

/** The slope of the straight line nearest to the points, logarithms of both. */
export function exponent(points: readonly (readonly [size: number, time: number])[]): number {
  const logs = points.map(([size, time]) => [Math.log(size), Math.log(time)]);
  const mean = (axis: number): number => logs.reduce((sum, log) => sum + log[axis], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const products = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return products / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
}

type Done = Measurement & Required<Pick<Measurement, 'protect' | 'restore' | 'coveredShare'>>;

const isDone = (row: Measurement): row is Done => row.protect !== undefined;

/** Growth over one image in several sizes, and of its largest over key areas of several shares. */
export function growthOf(rows: readonly Measurement[], share: number): Growth[] {
  const done = rows.filter(isDone);
  const largest = Math.max(...done.map(({ megapixels }) => megapixels));
  const growth = (what: string, over: readonly Done[], size: (row: Done) => number): Growth => ({
    what,
    protect: exponent(over.map((row) => [size(row), row.protect])),
    restore: exponent(over.map((row) => [size(row), row.restore])),
  });
  return [
    growth(
      'pixels of the image',
      done.filter((row) => row.share === share),
      ({ megapixels }) => megapixels,
    ),
    growth(
      'pixels of the covered area',
      done.filter(({ megapixels }) => megapixels === largest),
      ({ coveredShare }) => coveredShare,
    ),
  ];
}
