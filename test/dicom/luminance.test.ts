import { readFile } from '../../src/dicom/dataset/reader';
import { fromYbr, toYbr } from '../../src/dicom/image/luminance';
import { pixelLayout } from '../../src/dicom/image/pixels';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { scanPicture } from '../../src/engine/index';
import { fc } from '../properties';
import { buildImage, type ImageOptions, shorts } from './builder';
import { expectSameBytes, makeKeys } from './support';

test('any samples come back, the bits above Bits Stored included', () => {
  const samples = fc.array(fc.tuple(fc.nat(65535), fc.nat(65535), fc.nat(65535)));
  fc.assert(
    fc.property(samples, fc.integer({ min: 3, max: 16 }), (pixels, bitsStored) => {
      const cells = Uint16Array.from(pixels.flat());
      expect(toYbr(fromYbr(cells, bitsStored), bitsStored)).toEqual(cells);
    }),
  );
});

test('black, grey and white have three equal samples', () => {
  expect([...fromYbr(Uint8Array.of(0, 128, 128, 77, 128, 128, 255, 128, 128), 8)]).toEqual([
    ...[0, 0, 0],
    ...[77, 77, 77],
    ...[255, 255, 255],
  ]);
});

/** RGB as a viewer shows it (PS3.3, C.7.6.3.1.2). */
function shown(samples: Uint8Array): Uint8ClampedArray {
  const data = new Uint8ClampedArray((samples.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < samples.length; from += 3, to += 4) {
    const [y, cb, cr] = [samples[from], samples[from + 1] - 128, samples[from + 2] - 128];
    data[to] = y + 1.402 * cr;
    data[to + 1] = y - 0.3441 * cb - 0.7141 * cr;
    data[to + 2] = y + 1.772 * cb;
  }
  return data;
}

const ybr: ImageOptions = {
  width: 256,
  height: 256,
  bitsAllocated: 8,
  samplesPerPixel: 3,
  photometric: 'YBR_FULL',
};

test.each<[string, ImageOptions]>([
  ['by pixel', ybr],
  ['by plane', { ...ybr, planar: true, nodes: [shorts(0x00280006, 1)] }],
])(
  'a YBR_FULL image, %s, is restored byte for byte, and its QR code is read from what a viewer shows',
  async (_, options) => {
    const { job, keyring } = await makeKeys({ notice: 'Ask us.' });
    const original = buildImage(options);
    const areas = [{ rectangle: { x: 60, y: 60, width: 100, height: 100 } }];
    const { file: sent, samplesChangedOutside } = await protectFile(original, job, { areas });
    expect(samplesChangedOutside).toBe(0);
    const { file, fileVerified } = await restoreFile(sent, keyring);
    expect(fileVerified).toBe(true);
    expectSameBytes(file, original);

    const { start, frameLength, planar } = pixelLayout(readFile(sent));
    const stored = sent.subarray(start, start + frameLength);
    const pixels = 256 * 256;
    const samples = planar ? stored.map((_, k) => stored[(k % 3) * pixels + Math.floor(k / 3)]) : stored;
    const found = scanPicture({ width: 256, height: 256, data: shown(samples) });
    expect(JSON.stringify(found)).toContain('Ask us.');
  },
);
