const RUNS = 25;
const LEAST_RUNS = 3;
/** Milliseconds after which there are no more runs than needed. */
const ENOUGH = 500;
/** Milliseconds of a warm-up: hot code has been compiled by then, as from the first few images of a series on. */
const WARM_UP = 300;

/** The middle one of numbers. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

/** The median time of some runs, in milliseconds; those at first, in which code is compiled, are not counted. */
export async function medianTime(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  do await work();
  while (performance.now() - begin < WARM_UP);
  const times: number[] = [];
  const counted = performance.now();
  while (times.length < LEAST_RUNS || (times.length < RUNS && performance.now() - counted < ENOUGH)) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}
