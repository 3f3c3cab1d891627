import { isCancelled } from '../dicom/options';
import { describeFailure, EXIT, type ExitCode, worst } from './exitCode';
import { Progress } from './progress';
import { printable, printableJson } from './terminal';

/** What one input came to. */
export interface Outcome {
  /** For `--json`: what applies of the fields that docs/command-line.md lists, beside those that every input has. */
  readonly result: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly lines: readonly string[];
  /** What the summary counts it as, such as `protected`. */
  readonly counted: string;
  /** Other than 0 where something was found in an input that was worked on to its end. */
  readonly code?: ExitCode;
}

interface Entry {
  readonly input: string;
  readonly milliseconds: number;
  readonly outcome?: Outcome;
  readonly error?: unknown;
}

/** Prints results to standard output and messages to standard error, in the order of the inputs. */
export class Reporter {
  readonly progress = new Progress();
  readonly #waiting = new Map<number, Entry>();
  readonly #counts = new Map<string, number>();
  #next = 0;
  #worst: ExitCode = EXIT.done;
  readonly #json: boolean;

  constructor({ json }: { readonly json: boolean }) {
    this.#json = json;
  }

  /** The worst that any input came to. */
  get exitCode(): ExitCode {
    return this.#worst;
  }

  /** True where anything was told of an input. */
  get hasTold(): boolean {
    return this.#counts.size > 0;
  }

  /** Runs the work on the input at `place`; a failure is reported and does not stop the others. */
  async run(place: number, input: string, work: () => Promise<Outcome>): Promise<void> {
    const start = performance.now();
    const milliseconds = () => Math.round(10 * (performance.now() - start)) / 10;
    let entry: Entry;
    try {
      const outcome = await work();
      entry = { input, outcome, milliseconds: milliseconds() };
    } catch (error) {
      // What was given up has come to nothing that is worth a line for each.
      if (isCancelled(error)) return;
      entry = { input, error, milliseconds: milliseconds() };
    }
    this.#waiting.set(place, entry);
    this.progress.advance();
    for (let ready = this.#take(this.#next); ready; ready = this.#take(this.#next)) this.#print(ready);
  }

  #take(place: number): Entry | undefined {
    const entry = this.#waiting.get(place);
    if (entry === undefined) return undefined;
    this.#waiting.delete(place);
    this.#next = place + 1;
    return entry;
  }

  #print({ input, milliseconds, outcome, error }: Entry): void {
    if (outcome !== undefined) {
      const { result, lines, counted, code = EXIT.done } = outcome;
      this.#count(counted, code);
      this.#printResult({ input, ok: code === EXIT.done, code, ...result, milliseconds }, lines);
      return;
    }
    const { code, reason, message } = describeFailure(error);
    this.#count(reason, code);
    this.#printResult({ input, ok: false, code, reason, message, milliseconds }, []);
    this.say(`${input}: ${message} (${reason})`);
  }

  #count(counted: string, code: ExitCode): void {
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
    this.#worst = worst(this.#worst, code);
  }

  #printResult(result: Record<string, unknown>, lines: readonly string[]): void {
    // Where the bar is on the same screen, what went well need not scroll by.
    if (!this.#json && this.progress.visible && process.stdout.isTTY) return;
    if (!this.#json && lines.length === 0) return;
    const text = this.#json ? printableJson(result) : lines.map(printable).join('\n');
    this.progress.print(() => process.stdout.write(`${text}\n`));
  }

  /** A message for people, on standard error; what was found makes the exit code no better. */
  say(message: string, code: ExitCode = EXIT.done): void {
    this.#worst = worst(this.#worst, code);
    this.progress.print(() => process.stderr.write(`${printable(message)}\n`));
  }

  /** What was found wrong with a series as a whole; `result` is its line of `--json`. */
  find(result: Readonly<Record<string, unknown>>, messages: readonly string[], code: ExitCode): void {
    if (this.#json) this.#printResult(result, []);
    for (const message of messages) this.say(message, code);
  }

  /** Prints what is still held back, and for many inputs what they came to. */
  finish(summary?: string): void {
    this.progress.stop();
    for (const place of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      const entry = this.#take(place);
      if (entry) this.#print(entry);
    }
    if (summary === undefined) return;
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) return;
    const counts = [...this.#counts].map(([counted, count]) => `${count} ${counted}`);
    this.say(`${total} ${total === 1 ? 'image' : 'images'}: ${counts.join(', ')}${summary}`);
  }
}
