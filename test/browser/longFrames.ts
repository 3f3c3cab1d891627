import type { Browser, Page } from 'playwright-core';

/** A frame of more than 50 ms (Long Animation Frames API), in milliseconds. */
export interface LongFrame {
  readonly duration: number;
  /** Of it, from start to end of each of our scripts. */
  readonly ours: number;
  /** Of that, at most, what the page's thread computed: the rest it waited for a processor. */
  readonly computed: number;
}

interface Span {
  readonly start: number;
  readonly duration: number;
}

/** What the page tells of a frame; its scripts are those of this extension. */
interface ToldFrame extends Span {
  readonly scripts: readonly Span[];
}

/** An event of Chromium's trace, in microseconds; `tdur` is the thread's own processor time. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

const ZERO = 'watched-from';

/**
 * Watches the frames of a page until the function returned is called. How long a frame lasts depends on
 * what else the machine does; what its thread computes does not, so a trace tells that beside it.
 */
export async function watchFrames(browser: Browser, page: Page): Promise<() => Promise<LongFrame[]>> {
  await browser.startTracing(page, {
    categories: ['blink.user_timing', 'disabled-by-default-devtools.timeline'],
  });
  const zero = await page.evaluate(watch, ZERO);
  return async () => {
    const told = await page.evaluate(() => (window as unknown as { toldFrames: ToldFrame[] }).toldFrames);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: TraceEvent[];
    };
    const mark = traceEvents.find(({ name }) => name === ZERO);
    if (mark === undefined) throw new Error('The trace is not of this page');
    const tasks = traceEvents.filter(
      ({ name, pid, tid }) => name === 'RunTask' && pid === mark.pid && tid === mark.tid,
    );
    if (tasks.length === 0) throw new Error('The trace has no tasks');
    const computed = ({ start, duration }: Span): number => {
      const [from, to] = [start, start + duration].map((time) => mark.ts + 1000 * (time - zero)) as [
        number,
        number,
      ];
      const during = tasks.filter(({ ts, dur = 0 }) => ts < to && from < ts + dur);
      return Math.min(duration, during.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000);
    };
    // What began before is not in the trace.
    return told
      .filter(({ start }) => start >= zero)
      .map(({ duration, scripts }) => ({
        duration: Math.round(duration),
        ours: Math.round(scripts.reduce((sum, script) => sum + script.duration, 0)),
        computed: Math.round(scripts.reduce((sum, script) => sum + computed(script), 0)),
      }));
  };
}

/** Runs in the page: gathers its long frames. Returns when it began, on the page's clock. */
function watch(zero: string): number {
  type Script = { readonly sourceURL: string; readonly startTime: number; readonly duration: number };
  const told: ToldFrame[] = [];
  Object.assign(window, { toldFrames: told });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { readonly scripts: Script[] })[]) {
      const scripts = entry.scripts
        .filter(({ sourceURL }) => sourceURL.includes('/key-area-protection/'))
        .map(({ startTime, duration }) => ({ start: startTime, duration }));
      told.push({ start: entry.startTime, duration: entry.duration, scripts });
    }
  }).observe({ type: 'long-animation-frame' });
  return performance.mark(zero).startTime;
}
