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
 * The median times of several works that are done in turn, in milliseconds: whatever slows the machine for a while slows
 * all of them, and each finds the processor's memory as the others leave it, as in a program that does more than one
 * of them. The first round, in which code is compiled, is not counted, nor are those of the first `warmUp` milliseconds
 * for each work.
 */
export async function medianTimes<Name extends string>(
  works: Readonly<Record<Name, () => Promise<unknown>>>,
  warmUp = 0,
): Promise<Record<Name, number>> {
  const all = Object.entries<() => Promise<unknown>>(works).map(([name, work]) => ({
    name,
    work,
    times: [] as number[],
  }));
  const begin = performance.now();
  do for (const { work } of all) await work();
  while (performance.now() - begin < warmUp * all.length);
  const counted = performance.now();
  const isEnough = (): boolean => performance.now() - counted >= ENOUGH * all.length;
  for (let run = 0; run < LEAST_RUNS || (run < RUNS && !isEnough()); run++) {
    for (const { work, times } of all) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
  }
  return Object.fromEntries(all.map(({ name, times }) => [name, median(times)])) as Record<Name, number>;
}

/** The median time of some runs of one work. */
export const medianTime = async (work: () => Promise<unknown>): Promise<number> =>
  (await medianTimes({ work })).work;
