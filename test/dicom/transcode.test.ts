import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNative } from '../../src/dicom/decode/native';
import { hashPixels, pixelLayout } from '../../src/dicom/image/pixels';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { testWith } from '../readers';
import { buildImage, IMPLICIT, type ImageOptions } from './builder';
import { testKeys } from './support';

/** Archives store what they get in other transfer syntaxes: nothing is lost where those lose nothing. */
const folder = mkdtempSync(join(tmpdir(), 'key-area-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = testKeys();

const IMAGES: readonly [string, ImageOptions][] = [
  ['16 bits', {}],
  ['12 bits with a sign, implicit VR', { bitsStored: 12, signed: true, syntax: IMPLICIT }],
  ['several frames', { frames: 3, bitsAllocated: 8 }],
  ['RGB', { bitsAllocated: 8, samplesPerPixel: 3 }],
];

async function storedValues(file: Uint8Array): Promise<string> {
  const native = (await readNative(file)).file;
  return Buffer.from(await hashPixels(native.bytes, pixelLayout(native), () => true)).toString('hex');
}

/** Protects each image, packs it with a command, and restores it. */
async function survives(command: string, args: readonly string[], compress = false): Promise<void> {
  for (const [name, options] of IMAGES) {
    if (compress && options.syntax === IMPLICIT) continue;
    const original = buildImage(options);
    const areas = [{ rectangle: { x: 40, y: 40, width: 50, height: 50 } }];
    const [sent, packed] = [join(folder, 'sent.dcm'), join(folder, 'packed.dcm')];
    writeFileSync(sent, (await protectFile(original, keys.job, { areas, compress })).file);
    const { status, stderr } = spawnSync(command, [...args, sent, packed], { encoding: 'utf8' });
    expect([name, status, status === 0 ? '' : stderr]).toEqual([name, 0, '']);
    const { file, pixelsVerified } = await restoreFile(readFileSync(packed), keys.keyring);
    expect([name, pixelsVerified]).toEqual([name, true]);
    expect([name, await storedValues(file)]).toEqual([name, await storedValues(original)]);
  }
}

testWith('gdcmconv').each([['--raw'], ['--rle'], ['--jpegls'], ['--j2k'], ['--jpeg']])(
  'a protected file restores after gdcmconv %s',
  (option) => survives('gdcmconv', [option]),
);

testWith('dcmcjpls')('a protected file restores after dcmcjpls', () => survives('dcmcjpls', []));
testWith('dcmcrle')('a protected file restores after dcmcrle', () => survives('dcmcrle', []));
testWith('dcmcjpeg')('a protected file restores after lossless dcmcjpeg', () =>
  survives('dcmcjpeg', ['--encode-lossless-sv1', '--true-lossless']),
);

testWith('gdcmconv')('other tools unpack what is compressed on request: gdcmconv', () =>
  survives('gdcmconv', ['--raw'], true),
);
testWith('dcmdjpls')('other tools unpack what is compressed on request: dcmdjpls', () =>
  survives('dcmdjpls', [], true),
);
