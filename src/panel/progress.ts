/** After this many milliseconds a user is likely to look elsewhere. */
const LONG = 8000;

/** How a task gets on, seen from its start. */
export class Pace {
  readonly #started = performance.now();
  #first: { readonly at: number; readonly done: number } | undefined;

  /** Calls `tell` where the task took long enough for its end to be missed. */
  announce(tell: () => void): void {
    if (performance.now() - this.#started > LONG) tell();
  }

  /**
   * Seconds left, from the pace since the first report: what precedes it is not per image. Undefined
   * until there is a pace.
   */
  secondsLeft(done: number, total: number): number | undefined {
    const now = performance.now();
    this.#first ??= { at: now, done };
    const since = done - this.#first.done;
    return since > 0 ? ((now - this.#first.at) / 1000 / since) * (total - done) : undefined;
  }
}
