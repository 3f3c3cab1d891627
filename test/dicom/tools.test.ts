import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from '../../src/dicom/dataset/reader';
import { pixelLayout } from '../../src/dicom/image/pixels';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { hasPython, PYTHON, run, testWith } from '../readers';
import { buildImage, IMPLICIT, type Node, shorts, text } from './builder';
import { expectSameBytes, testKeys } from './support';

/** Other people's DICOM tools may edit what we write without harm. */
const testWithPydicom = hasPython('pydicom', 'numpy') ? test : test.skip;

const folder = mkdtempSync(join(tmpdir(), 'key-area-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = testKeys();

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
    const { file, fileVerified, changedSince } = await restoredAfter((path) => {
      run('dcmodify', '--no-backup', '--insert', 'PatientComments=from the archive', path);
    });
    expect(fileVerified).toBe(false);
    expect(changedSince).toEqual(['(0010,4000)']);
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
    ['little to big endian', '--write-xfer-big', original],
  ])('after dcmconv: %s', async (_, option, file) => {
    const restored = await restoredAfter((path) => void run('dcmconv', option, path, path), file);
    expect(restored).toMatchObject({ pixelsVerified: true, changedSince: [] });
    if (option !== '--write-xfer-big') expectSameBytes(pixelsIn(restored.file), pixelsIn(file));
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
