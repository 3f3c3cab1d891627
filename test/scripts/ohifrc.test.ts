import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ohifrc from '../../.ohifrc';
import { checkOhifrc } from '../../scripts/lib/ohifrc.mjs';

const projectFolder = join(__dirname, '..', '..');
const readJson = (name: string) => JSON.parse(readFileSync(join(projectFolder, 'schema', name), 'utf8'));
const schemas = { ohifrc: readJson('ohifrc.schema.json'), settings: readJson('settings.schema.json') };
const text = readFileSync(join(projectFolder, '.ohifrc'), 'utf8');

test('the project’s own file follows its schema and can be imported', () => {
  expect(checkOhifrc(text, schemas)).toEqual(ohifrc);
});

test.each([
  ['is no strict JSON', `${text}// comment`, /^\.ohifrc is not strict JSON: /],
  [
    'misspells a field',
    text.replace('"notice"', '"notize"'),
    /\n {2}\/extension must NOT have additional properties \(notize\)/,
  ],
  [
    'chooses what there is not',
    text.replace('"qr": "sealed"', '"qr": "secret"'),
    /\n {2}\/extension\/qr must be equal to one of the allowed values \(sealed, notice, open\)/,
  ],
  [
    'names a recipient with half a key',
    text.replace('"recipients": []', '"recipients": [{ "name": "Archive", "key": "age1abc" }]'),
    /\n {2}\/extension\/recipients\/0\/key must match format "age-recipient"/,
  ],
  ['leaves a default out', text.replace('"scope": "image",', ''), /must have required property 'scope'/],
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
  expect(() => checkOhifrc(content, schemas)).toThrow(message);
});
