import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, type CommandErrorReason } from '../../src/cli/commandError';
import { describeFailure, EXIT, type ExitCode, worst } from '../../src/cli/exitCode';
import { type ErrorCode, KeyAreaError } from '../../src/engine/index';
import { errorTexts } from '../../src/panel/texts/errorTexts';

/** What a script reads in `reason` is documented beside the exit code that goes with it. */

const document = readFileSync(join(__dirname, '../../docs/command-line.md'), 'utf8');
const [, table] = document.split('| exit code');
const rows = [...table!.matchAll(/^\| (\d) \|.*$/gm)];

function codesOf(reason: string): number[] {
  return rows.filter(([row]) => row.includes(`\`${reason}\``)).map(([, code]) => Number(code));
}

test.each(Object.keys(errorTexts) as ErrorCode[])('%s', (reason) => {
  expect(codesOf(reason)).toEqual([describeFailure(new KeyAreaError(reason, '')).code]);
});

const ofCommands: Record<CommandErrorReason, true> = {
  'output-exists': true,
  'server-unreachable': true,
  'server-refused': true,
  'stored-otherwise': true,
  'report-missing': true,
};

test.each(Object.keys(ofCommands) as CommandErrorReason[])('%s', (reason) => {
  expect(codesOf(reason)).toEqual([describeFailure(new CommandError(reason, '')).code]);
});

test('of several inputs, the worst', () => {
  const [, order] = /from good to bad ([\d, ]+)/.exec(document)!;
  const codes = order!.split(', ').map(Number) as ExitCode[];
  expect([...codes].sort()).toEqual(Object.values(EXIT).sort());
  for (const [place, better] of codes.entries()) {
    for (const code of codes.slice(place))
      expect([worst(better, code), worst(code, better)]).toEqual([code, code]);
  }
});

test.each(['ENOENT', 'EACCES', 'ENOSPC', 'ENOTDIR', 'EISDIR', 'EFBIG', 'ENOMEM', 'EIO'])(
  'what is told of %s',
  (code) => {
    const failure = describeFailure({ syscall: 'open', code, message: `${code}: what`, path: 'a/b' });
    expect(codesOf(failure.reason)).toEqual([failure.code]);
    expect(failure.message).toContain('a/b');
  },
);

test.each([
  'Array buffer allocation failed',
  'WebAssembly.Memory(): could not allocate memory',
  'A thread stopped working: Worker terminated due to reaching memory limit: JS heap out of memory',
])('memory that is not there: %s', (message) => {
  const failure = describeFailure(new RangeError(message));
  expect([failure.reason, codesOf(failure.reason)]).toEqual(['no-memory', [failure.code]]);
});
