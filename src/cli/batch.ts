import { availableParallelism } from 'node:os';
import { KeyAreaError } from '../engine/index';
import type { ExitCode } from './exitCode';
import type { Input, Inputs } from './inputs';
import { type Outcome, Reporter } from './results';
import { bySeries } from './series';
import type { Executor } from './work/task';
import { localExecutor, threadPool } from './work/threads';

/** What a run of the command line has from the process. */
export interface Context {
  /** Aborted where the user gives up. */
  readonly signal: AbortSignal;
  /** The program that other threads run; all work is done in this one where left out. */
  readonly script?: string;
}

export interface BatchOptions {
  readonly json: boolean;
  /** Threads; as many as the machine runs at once where left out. */
  readonly workers?: number;
}

/** How the series of a batch are worked on. */
export interface SeriesWork<State> {
  /**
   * Once a series, before its images. What it throws is what each of them comes to; but `invalid-argument`
   * is about the command, not about them, and ends the batch.
   */
  begin(series: readonly Input[]): Promise<State>;
  /** The first image is worked on before the others, which may make use of what it found. */
  readonly firstAlone: boolean;
  one(input: Input, index: number, state: State): Promise<Outcome>;
  /** Once a series, after its images. */
  end?(series: readonly Input[], state: State): void;
}

/** Key derivations that run at the same time, at most: each takes 256 MiB. */
const MAX_SERIES_AT_ONCE = 4;

/**
 * Works through all images, series by series: several at the same time, and never more of them in
 * memory than threads have use for. An image that fails does not stop the others. Returns the exit
 * code; throws `cancelled` where the user gave up, and `invalid-argument` where a series cannot begin.
 */
export async function runBatch<State>(
  context: Context,
  inputs: Inputs,
  options: BatchOptions,
  prepare: (executor: Executor, reporter: Reporter) => SeriesWork<State>,
): Promise<ExitCode> {
  const { signal, script } = context;
  const threads = Math.min(options.workers ?? availableParallelism(), inputs.images.length);
  const executor =
    script === undefined || inputs.images.length === 1 ? localExecutor() : threadPool(threads, script);
  const reporter = new Reporter(options);
  const work = prepare(executor, reporter);
  const stop = () => void executor.dispose();
  signal.addEventListener('abort', stop);
  if (inputs.images.length > 1) reporter.progress.start(inputs.images.length, 'images');
  const places = new Map(inputs.images.map((input, place) => [input, place]));
  // One image more than threads is read while they are busy.
  const images = gate(executor.size + 1);
  const seriesAtOnce = gate(Math.min(executor.size, MAX_SERIES_AT_ONCE));
  try {
    const series = bySeries(inputs.images);
    await Promise.all(
      series.map((members) =>
        seriesAtOnce(async () => {
          if (signal.aborted) return;
          const state = work.begin(members);
          const one = (input: Input, index: number): Promise<void> =>
            images(async () => {
              if (signal.aborted) return;
              await reporter.run(places.get(input) ?? 0, input.name, async () =>
                work.one(input, index, await state),
              );
            });
          const begun = await state.then(
            () => true,
            (error) => {
              if (error instanceof KeyAreaError && error.code === 'invalid-argument') throw error;
              return false;
            },
          );
          const alone = work.firstAlone || !begun ? 1 : 0;
          if (alone === 1) await one(members[0], 0);
          await Promise.all(members.slice(alone).map((input, index) => one(input, index + alone)));
          if (begun && !signal.aborted) work.end?.(members, await state);
        }),
      ),
    );
  } finally {
    signal.removeEventListener('abort', stop);
    await executor.dispose();
    reporter.progress.stop();
  }
  reporter.finish(inputs.many ? summaryOf(inputs) : undefined);
  if (signal.aborted) throw new KeyAreaError('cancelled', stopped(inputs.many, reporter.hasTold));
  return reporter.exitCode;
}

function summaryOf({ skipped }: Inputs): string {
  if (skipped === 0) return '.';
  return `; ${skipped} other ${skipped === 1 ? 'file' : 'files'} skipped.`;
}

function stopped(many: boolean, hasTold: boolean): string {
  if (many) return 'Stopped. Run the same command again to go on.';
  return hasTold ? 'Stopped. What was done by then is told above.' : 'Stopped. Nothing was written.';
}

/** Lets so many pieces of work run at the same time; the others wait in the order in which they came. */
function gate(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place is passed on, or freed.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
