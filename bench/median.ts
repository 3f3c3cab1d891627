/** Runs of short work: long enough together that a disturbance of some milliseconds does not decide. */
const RUNS = 100;
const LEAST_RUNS = 3;
/** Milliseconds after which there are no more runs than needed. */
const ENOUGH = 500;
/** Milliseconds of a warm-up after which hot code has been compiled, as it is from the first hundred images of a series on. */
export const WARM_UP = 1000;

/** The middle one of numbers. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * The median time of some runs, in milliseconds. The first, in which code is compiled, is not counted, nor are those
 * of the first `warmUp` milliseconds.
 */
export async function medianTime(work: () => Promise<unknown>, warmUp = 0): Promise<number> {
  const begin = performance.now();
  do await work();
  while (performance.now() - begin < warmUp);
  const times: number[] = [];
  const counted = performance.now();
  while (times.length < LEAST_RUNS || (times.length < RUNS && performance.now() - counted < ENOUGH)) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}
