import { clearLine, cursorTo } from 'node:readline';
import { Presets, SingleBar } from 'cli-progress';

/** How far a run is: a bar on standard error where that is a terminal, else nothing. */
export class Progress {
  #bar: SingleBar | undefined;

  /** True where standard error shows a bar. */
  get visible(): boolean {
    return this.#bar !== undefined;
  }

  /** @param unit what is counted, such as `images` */
  start(total: number, unit: string): void {
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar(
      {
        stream: process.stderr,
        format: `{bar} {percentage} %  {value} of {total} ${unit}, {duration_formatted}, {eta_formatted} left`,
        clearOnComplete: true,
        // Interrupting is handled where partial files are looked after.
        gracefulExit: false,
        forceRedraw: true,
      },
      Presets.shades_grey,
    );
    this.#bar.start(total, 0);
  }

  advance(done?: number): void {
    if (done === undefined) this.#bar?.increment();
    else this.#bar?.update(done);
  }

  /** Prints while the bar is shown; the bar comes back below. */
  print(write: () => void): void {
    if (this.#bar !== undefined) {
      cursorTo(process.stderr, 0);
      clearLine(process.stderr, 0);
    }
    write();
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
