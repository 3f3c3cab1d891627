import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectFile, protectFile, restoreFile } from '../../../src/dicom/index';
import { openQrText, type Picture, scanPicture } from '../../../src/engine/index';
import { hasReader, run } from '../../readers';
import { buildImage, type ImageOptions } from '../builder';
import { errorOf, REPORT, testKeys } from '../support';

/**
 * A copy that was stored with loss cannot be restored, and says so in plain words; the report is still
 * read from its QR code.
 */
const folder = mkdtempSync(join(tmpdir(), 'key-area-lossy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string): string => join(folder, name);

const GRAY: ImageOptions = { bitsAllocated: 8 };
const INVERTED: ImageOptions = { bitsAllocated: 8, photometric: 'MONOCHROME1' };
const COLOUR: ImageOptions = { bitsAllocated: 8, samplesPerPixel: 3 };
const TWELVE: ImageOptions = { bitsStored: 12 };
const SIGNED: ImageOptions = { signed: true };

const JPEG = ['dcmcjpeg', '--encode-baseline', '--quality', '80'];
const GDCM_JPEG = ['gdcmconv', '--jpeg', '--lossy', '-q', '80'];
const NEAR_LOSSLESS = ['dcmcjpls', '--encode-nearlossless', '--max-deviation', '4'];
const GDCM_NEAR_LOSSLESS = ['gdcmconv', '--jpegls', '--lossy', '-e', '4'];
const JPEG_2000 = ['gdcmconv', '--j2k', '--lossy', '-r', '12'];

const COPIES: readonly (readonly [string, readonly string[], ImageOptions])[] = [
  ['gray, JPEG by dcmtk', JPEG, GRAY],
  ['gray, JPEG by gdcm', GDCM_JPEG, GRAY],
  ['MONOCHROME1, JPEG by dcmtk', JPEG, INVERTED],
  ['RGB, JPEG by dcmtk', JPEG, COLOUR],
  ['RGB, JPEG by gdcm', GDCM_JPEG, COLOUR],
  ['gray, JPEG-LS near-lossless by dcmtk', NEAR_LOSSLESS, GRAY],
  ['gray, JPEG-LS near-lossless by gdcm', GDCM_NEAR_LOSSLESS, GRAY],
  ['gray, JPEG 2000 by gdcm', JPEG_2000, GRAY],
  ['RGB, JPEG 2000 by gdcm', JPEG_2000, COLOUR],
  ['12 bits, JPEG 2000 by gdcm', JPEG_2000, TWELVE],
  ['16 bits signed, JPEG 2000 by gdcm', JPEG_2000, SIGNED],
];

const keys = testKeys();

/** The picture that gdcm decodes and dcmtk shows, with a window over all values. */
function pictureOf(path: string): Picture {
  run('gdcmconv', '--raw', path, place('raw.dcm'));
  run('dcm2pnm', '--quiet', '+Wm', '--write-raw-pnm', place('raw.dcm'), place('shown.pnm'));
  const pnm = readFileSync(place('shown.pnm'));
  const header = /^P([56])\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+255\s/.exec(pnm.subarray(0, 200).toString('latin1'));
  if (header === null) throw new Error('dcmtk wrote no picture of 8 bits');
  const [width, height] = [Number(header[2]), Number(header[3])];
  const samples = pnm.subarray(header[0].length);
  const channels = header[1] === '6' ? 3 : 1;
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) => {
    const channel = at % 4;
    return channel === 3 ? 255 : samples[channels * (at >> 2) + Math.min(channel, channels - 1)];
  });
  return { width, height, data };
}

const ready = ['dcmcjpeg', 'dcmcjpls', 'gdcmconv', 'dcm2pnm', 'dcmodify'].map(hasReader).every(Boolean);

(ready ? test : test.skip).each(COPIES)('stored with loss: %s', async (_, [program, ...options], image) => {
  const original = buildImage({ width: 320, height: 320, ...image });
  const areas = [{ rectangle: { x: 60, y: 60, width: 200, height: 200 } }];
  const { file, qrText } = await protectFile(original, keys.job, { areas, carrier: 'vault' });
  writeFileSync(place('sent.dcm'), file);
  // gdcm stores with loss only what names no source images.
  run('dcmodify', '--no-backup', '--erase-all', '(0008,2112)', place('sent.dcm'));
  run(program, ...options, place('sent.dcm'), place('copy.dcm'));
  const copy = readFileSync(place('copy.dcm'));

  for (const action of [() => restoreFile(copy, keys.keyring), () => inspectFile(copy)]) {
    const { code, message } = await errorOf(action);
    expect(code).toBe('stored-with-loss');
    expect(message).toMatch(/stored with loss.* Ask for the file as it was exported\.$/);
  }
  expect(scanPicture(pictureOf(place('copy.dcm')))).toEqual([qrText]);
  expect(await openQrText(qrText, keys.keyring)).toBe(REPORT);
});
