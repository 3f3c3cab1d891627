import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Fixtures } from './fixtures';
import { attack, type TargetName } from './targets';

/**
 * Inputs that once brought down what they were put to, each under its name: what it did, the target, `gz`.
 */
const FOLDER = join(__dirname, 'regressions');
const withoutKeys = { opened: [] } as unknown as Fixtures;

test.each(readdirSync(FOLDER))('%s', async (name) => {
  const target = name.split('.')[1] as TargetName;
  const bytes = new Uint8Array(gunzipSync(readFileSync(join(FOLDER, name))));
  expect(await attack({ target, bytes }, withoutKeys)).toEqual(expect.any(String));
});
