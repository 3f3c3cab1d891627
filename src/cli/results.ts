import { describeFailure, EXIT, type ExitCode } from './exitCode';

/** What one input came to; `--json` prints it as one line, with what applies. */
export interface Result {
  readonly input: string;
  readonly output?: string;
  readonly [field: string]: unknown;
}

/** Prints results to standard output and messages to standard error. */
export class Reporter {
  #worst: ExitCode = EXIT.done;

  constructor(private readonly json: boolean) {}

  /** The first exit code that was not 0. */
  get exitCode(): ExitCode {
    return this.#worst;
  }

  /** Runs one input's work; a failure is reported and does not stop the others. */
  async run(
    input: string,
    work: () => Promise<{ result: Omit<Result, 'input'>; lines: string[] }>,
  ): Promise<void> {
    const start = performance.now();
    try {
      const { result, lines } = await work();
      if (this.json) this.#print({ input, ok: true, code: EXIT.done, ...result, milliseconds: since(start) });
      else process.stdout.write(`${lines.join('\n')}\n`);
    } catch (error) {
      const { code, reason, message } = describeFailure(error);
      if (this.#worst === EXIT.done) this.#worst = code;
      if (this.json) this.#print({ input, ok: false, code, reason, message, milliseconds: since(start) });
      process.stderr.write(`${input}: ${message} (${reason})\n`);
    }
  }

  #print(result: Result): void {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

const since = (start: number): number => Math.round(10 * (performance.now() - start)) / 10;
