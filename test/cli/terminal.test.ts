import { writeFileSync } from 'node:fs';
import { printable, printableJson } from '../../src/cli/terminal';
import { protectFile } from '../../src/dicom/index';
import { buildImage } from '../dicom/builder';
import { makeKeys } from '../dicom/support';
import { fc } from '../properties';
import { commandLine } from './support';

/** Escape sequences, C1 introducer, right-to-left override, isolates, separators, a lone surrogate. */
const HOSTILE = '\u001b[2Jx\u009b31mx\u202ex\u2066x\u2028x\u0007x\u007fx\ud800x\u061c';
/** Whatever a terminal acts on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed.
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const cli = commandLine();

test('what a terminal would act on shows as the replacement character', () => {
  expect(printable(HOSTILE)).toBe('\ufffd[2Jx\ufffd31mx\ufffdx\ufffdx\ufffdx\ufffdx\ufffdx\ufffdx\ufffd');
  expect(printable('a\nb')).toBe('a\ufffdb');
});

test('text in any script stays as it is', () => {
  for (const text of ['Schlüssel erfragen', '鍵を', 'می‌خواهم', 'क्‍ष', '👩‍⚕️ ok']) {
    expect(printable(text)).toBe(text);
  }
});

test('JSON keeps its value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = printableJson({ text });
      expect(JSON.parse(json)).toEqual({ text });
      expect(json).not.toMatch(ACTS);
    }),
  );
  expect(JSON.parse(printableJson({ [HOSTILE]: HOSTILE }))).toEqual({ [HOSTILE]: HOSTILE });
});

test('a hostile notice and a hostile file name are printed as text', async () => {
  const { job } = await makeKeys({ notice: 'Ask \u001b]0;owned\u0007 \u202e me\u009b2J.' });
  const areas = [{ rectangle: { x: 20, y: 20, width: 60, height: 60 } }];
  const { file } = await protectFile(buildImage(), job, { areas });
  const name = cli.path('bad\u001b[31m\n.dcm');
  writeFileSync(name, file);
  expect(await cli.run('inspect', name)).toBe(0);
  const output = cli.output();
  expect(output).not.toMatch(ACTS);
  expect(output).toContain('notice: Ask \ufffd]0;owned\ufffd');
  expect(await cli.run('inspect', name, '--json')).toBe(0);
  const json = cli.output();
  expect(json).not.toMatch(ACTS);
  expect(JSON.parse(json).input).toBe(name);
  expect(await cli.run('inspect', `${name}.missing`)).toBe(3);
  const errors = cli.errors();
  expect(errors).not.toMatch(ACTS);
  expect(errors.trim().split('\n')).toHaveLength(1);
});
