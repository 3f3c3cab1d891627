import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ohifrc from '../../.ohifrc';
import { checkOhifrc } from '../../scripts/lib/ohifrc.mjs';

const projectFolder = join(__dirname, '..', '..');
const schema = JSON.parse(readFileSync(join(projectFolder, 'schema', 'ohifrc.schema.json'), 'utf8'));
const text = readFileSync(join(projectFolder, '.ohifrc'), 'utf8');

test('the project’s own file follows its schema and can be imported', () => {
  expect(checkOhifrc(text, schema)).toEqual(ohifrc);
});

test.each([
  ['is no strict JSON', `${text}// comment`, /^\.ohifrc is not strict JSON: /],
  ['misspells a field', text.replace('"notice"', '"notize"'), /\n {2}\/extension .*\("notize"\)/],
  ['has another type', text.replace('"3.13.2"', '3'), /\n {2}\/viewers\/v3\/version must be string/],
  [
    'pins no whole digest',
    text.replace('sha512-WZ', 'sha512-'),
    /\n {2}\/viewers\/v3\/integrity must match pattern/,
  ],
  [
    'could pass options to npm',
    text.replace('@ohif/app', '--evil'),
    /\n {2}\/viewers\/v3\/package must match pattern/,
  ],
])('a file that %s is refused with the place of the fault', (_, content, message) => {
  expect(() => checkOhifrc(content, schema)).toThrow(message);
});
