import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { protectFile, restoreFile } from '../../../src/dicom/index';
import { KeyAreaError } from '../../../src/engine/index';
import { hasPython, testWith } from '../../readers';
import { type Keys, makeKeys } from '../support';
import { hasPydicom, type Reading, readWithPydicom } from './python';
import { kinds, realFiles } from './sources';
import { TRANSCODES, type Transcode } from './transcodes';

/**
 * What others do to a protected file does not keep it from being restored: its pixels come back, and
 * its elements are those that the same treatment gives the original.
 */
const REAL = [
  'volume_brain_010.dcm',
  'edge_CT_small.dcm',
  'edge_signed-9bit.dcm',
  'edge_examples_palette.dcm',
  'edge_MR-SIEMENS-DICOM-WithOverlays.dcm',
  'mr-cine-8frames.dcm',
  'pt-fusion-rgb.dcm',
];
const files = [...kinds(), ...realFiles().filter(([name]) => REAL.includes(name))];
const names = files.map(([name]) => name);

const folder = mkdtempSync(join(tmpdir(), 'key-area-transcoding-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const original = (name: string): string => join(folder, `${name}.original`);
const sent = (name: string): string => join(folder, `${name}.sent`);
const restored = (name: string): string => join(folder, `${name}.restored`);
const out = (path: string): string => `${path}.out`;

const ready = hasPydicom() && hasPython('PIL');
const describeWithPython = ready ? describe : describe.skip;

/** Differences that make a restored file another than the original treated alike; none is as it should be. */
function faultsOf(transcode: Transcode, back: Reading, treated: Reading, first: Reading): string[] {
  const { changes = [], returned = [], pixelsOnly } = transcode;
  if (back.error !== undefined) return [back.error];
  const faults = back.values === first.values ? [] : ['other pixels'];
  if (pixelsOnly) return faults;
  const textIn = ({ elements = {} }: Reading, tag: string) => JSON.stringify(elements[tag]);
  const tags = new Set([back, treated].flatMap(({ elements = {} }) => Object.keys(elements)));
  const differing = [...tags].filter(
    (tag) =>
      !changes.includes(tag) && textIn(back, tag) !== textIn(returned.includes(tag) ? first : treated, tag),
  );
  return [...faults, ...differing];
}

describeWithPython('a protected file is restored after', () => {
  let keys: Keys;
  let originals: Reading[];
  let survived = 0;
  beforeAll(async () => {
    keys = await makeKeys();
    const areas = [{ rectangle: { x: 30, y: 30, width: 60, height: 50 } }];
    for (const [name, bytes] of files) {
      writeFileSync(original(name), bytes);
      writeFileSync(sent(name), (await protectFile(bytes, keys.job, { areas, carrier: 'vault' })).file);
    }
    originals = readWithPydicom(names.map((name) => ({ path: original(name) })));
  }, 1_800_000);
  afterAll(() => {
    process.stdout.write(
      `transcodes: ${survived} files of ${names.length} in ${TRANSCODES.length} ways restored\n`,
    );
  });

  /** Undefined where it was restored; otherwise why not. */
  async function refusalOf(name: string): Promise<string | undefined> {
    if (!existsSync(out(sent(name)))) return 'not written';
    try {
      const { file } = await restoreFile(readFileSync(out(sent(name))), keys.keyring);
      writeFileSync(restored(name), file);
      return undefined;
    } catch (error) {
      if (error instanceof KeyAreaError) return error.code;
      throw error;
    }
  }

  async function check(transcode: Transcode): Promise<void> {
    transcode.apply(names.flatMap((name) => [original(name), sent(name)]));
    const outcomes: Record<string, string | string[]> = {};
    const back: string[] = [];
    for (const name of names) {
      const refusal = await refusalOf(name);
      if (refusal === undefined) back.push(name);
      else outcomes[name] = refusal;
    }
    const readings = readWithPydicom(
      [...back.map(restored), ...back.map(original).map(out)].map((path) => ({ path })),
    );
    for (const [index, name] of back.entries()) {
      const [now, treated] = [readings[index], readings[index + back.length]];
      outcomes[name] = faultsOf(transcode, now, treated, originals[names.indexOf(name)]);
    }
    for (const path of names.flatMap((name) => [original(name), sent(name)]))
      rmSync(out(path), { force: true });
    const { unread = [], altered = [] } = transcode;
    const expected = names.map((name) => {
      if (altered.includes(name)) return [name, 'altered'];
      return [name, unread.includes(name) ? 'unsupported-pixels' : []];
    });
    expect(outcomes).toEqual(Object.fromEntries(expected));
    survived += back.length;
  }

  for (const transcode of TRANSCODES) testWith(transcode.program)(transcode.name, () => check(transcode));
});
