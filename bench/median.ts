const RUNS = 9;
const LEAST_RUNS = 3;
/** Milliseconds after which there are no more runs than needed. */
const ENOUGH = 500;

/** The middle one of numbers. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

/** The median time of some runs, in milliseconds; the first, in which code is compiled, is not counted. */
export async function medianTime(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  const begin = performance.now();
  while (times.length < LEAST_RUNS || (times.length < RUNS && performance.now() - begin < ENOUGH)) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}
