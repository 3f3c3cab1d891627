import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { readNative } from '../../src/dicom/decode/native';
import { hashPixels, pixelLayout } from '../../src/dicom/image/pixels';
import { inspectFile, protectFile, restoreFile } from '../../src/dicom/index';
import { buildImage, IMPLICIT, type ImageOptions, type Node, pixelBytes, shorts } from './builder';
import { errorOf, expectSameBytes, testKeys } from './support';

const areas = [{ rectangle: { x: 40, y: 40, width: 60, height: 60 } }];
const keys = testKeys();

const protect = (original: Uint8Array, more: object = {}) =>
  protectFile(original, keys.job, { areas, compress: true, ...more });

test.each<[string, ImageOptions]>([
  ['16 bits', {}],
  ['12 bits with a sign', { bitsStored: 12, signed: true }],
  ['several frames', { frames: 3, bitsStored: 10 }],
])('a compressed file is JPEG-LS, shorter, and restores byte for byte: %s', async (_, options) => {
  const original = buildImage({ width: 256, height: 256, ...options });
  const { file: sent } = await protect(original);
  expect(textOf(readFile(sent), 0x00020010)).toBe('1.2.840.10008.1.2.4.80');
  expect(sent.length).toBeLessThan(0.8 * original.length);
  expect((await inspectFile(sent)).protectedFrames).toBe(options.frames ?? 1);
  const { file, fileVerified } = await restoreFile(sent, keys.keyring);
  expect(fileVerified).toBe(true);
  expectSameBytes(file, original);
});

test.each<[string, ImageOptions]>([
  ['by pixel', {}],
  ['by plane', { planar: true }],
])('RGB %s comes back to the last sample', async (_, options) => {
  const rgb: ImageOptions = { width: 256, height: 256, bitsAllocated: 8, samplesPerPixel: 3, ...options };
  const original = buildImage(rgb);
  const { file } = await restoreFile((await protect(original)).file, keys.keyring);
  const hashes = [original, file].map(async (bytes) => {
    const native = (await readNative(bytes)).file;
    return Buffer.from(await hashPixels(native.bytes, pixelLayout(native), () => true)).toString('hex');
  });
  expect(await hashes[1]).toBe(await hashes[0]);
});

test('a data set in implicit VR is not compressed', async () => {
  const error = await errorOf(() => protect(buildImage({ syntax: IMPLICIT })));
  expect(error.code).toBe('incompressible');
  expect(error.message).toMatch(/Implicit VR.*cannot be compressed/);
});

test('bits that JPEG-LS would lose are named', async () => {
  const value = pixelBytes({ bitsStored: 12 });
  for (let at = 1; at < value.length; at += 64) value[at] |= 0xa0;
  const nodes: Node[] = [
    { tag: 0x7fe00010, vr: 'OW', value },
    shorts(0x00280101, 12),
    shorts(0x00280102, 11),
  ];
  const error = await errorOf(() => protect(buildImage({ bitsStored: 12, nodes })));
  expect(error.code).toBe('incompressible');
  expect(error.message).toMatch(/bits above Bits Stored/);
});

test('a scrambled image is compressed where that is possible at all, or refused by name', async () => {
  const original = buildImage({ width: 256, height: 256, bitsStored: 12 });
  try {
    const { file } = await restoreFile((await protect(original, { scramble: true })).file, keys.keyring);
    expectSameBytes(file, original);
  } catch (error) {
    expect(error).toMatchObject({ code: 'incompressible' });
    expect((error as Error).message).toMatch(/scrambling/);
  }
});
