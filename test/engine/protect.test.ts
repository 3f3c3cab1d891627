import {
  createKeyring,
  createProtectionJob,
  type Frame,
  inspectFrame,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
  restoreFrame,
} from '../../src/engine';
import { type FrameRecipe, makeFrame } from './frames';

const report = 'Findings: ill-defined consolidation in the right middle lobe. '.repeat(8).trim();
const passphrase = 'correct horse battery staple';
let job: ProtectionJob;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report, workFactor: 10 });
});

const differing = (a: Frame, b: Frame): number => a.samples.filter((cell, k) => cell !== b.samples[k]).length;

const outside = (before: Frame, after: Frame, areas: readonly Rectangle[]): number =>
  before.samples.filter((cell, k) => {
    const pixel = Math.floor(k / before.samplesPerPixel);
    const x = pixel % before.width;
    const y = Math.floor(pixel / before.width);
    const covered = areas.some((a) => x >= a.x && y >= a.y && x < a.x + a.width && y < a.y + a.height);
    return !covered && cell !== after.samples[k];
  }).length;

describe('a key area too small for the sealed report', () => {
  const frame = makeFrame({ width: 300, height: 260, bitsStored: 12 });
  const area = { x: 120, y: 100, width: 75, height: 70 };

  test.each([
    ['report', /\nKAP1:/, 76],
    ['area', /^Key area protected/, 70],
  ] as const)('fit: %s', async (fit, text, leastSide) => {
    const fitted = await createProtectionJob({ passphrase, report, workFactor: 10, fit });
    const output = await protectFrame(frame, fitted, { areas: [area] });
    expect(output.qrText).toMatch(text);
    expect(output.qrText.includes('KAP1:')).toBe(fit === 'report');
    const [{ width, height }] = output.coveredAreas;
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(leastSide);
    if (fit === 'area') expect(output.coveredAreas).toEqual([area]);
    const restored = await restoreFrame(output.frame, createKeyring({ passphrase }));
    expect(restored.frame.samples).toEqual(frame.samples);
    expect(restored.report).toBe(report);
  });
});

describe('a protected frame', () => {
  const recipes: [string, FrameRecipe, Rectangle][] = [
    ['12 bits in 16', { width: 300, height: 260, bitsStored: 12 }, { x: 100, y: 90, width: 110, height: 96 }],
    ['16 bits signed', { width: 200, height: 200, signed: true }, { x: 20, y: 30, width: 130, height: 130 }],
    [
      '12 bits signed in 16',
      { width: 256, height: 256, bitsStored: 12, signed: true, range: [0.3, 0.8] },
      { x: 60, y: 60, width: 110, height: 120 },
    ],
    [
      '12 bits signed, upper bits zero',
      { width: 256, height: 256, bitsStored: 12, signed: true, range: [0.3, 0.8], upperBits: 'zero' },
      { x: 60, y: 60, width: 110, height: 120 },
    ],
    [
      '12 bits with an overlay above',
      { width: 256, height: 256, bitsStored: 12, upperBits: 'other' },
      { x: 60, y: 60, width: 140, height: 140 },
    ],
    ['8 bits', { width: 256, height: 256, bitsAllocated: 8 }, { x: 0, y: 0, width: 160, height: 150 }],
    [
      'RGB',
      { width: 256, height: 200, bitsAllocated: 8, samplesPerPixel: 3 },
      { x: 50, y: 50, width: 100, height: 100 },
    ],
    [
      'MONOCHROME1',
      { width: 300, height: 300, bitsStored: 10, inverted: true },
      { x: 190, y: 190, width: 110, height: 110 },
    ],
    ['the whole image', { width: 256, height: 256, bitsStored: 12 }, { x: 0, y: 0, width: 256, height: 256 }],
    [
      'a constant image',
      { width: 200, height: 200, bitsStored: 12, range: [0.5, 0.5] },
      { x: 50, y: 50, width: 20, height: 20 },
    ],
    ['a tiny area', { width: 200, height: 200, bitsStored: 12 }, { x: 199, y: 199, width: 1, height: 1 }],
  ];
  test.each(recipes)('%s restores exactly, nothing outside changed', async (_name, recipe, area) => {
    const frame = makeFrame(recipe);
    const untouched = frame.samples.slice();
    const result = await protectFrame(frame, job, { areas: [area], attachment: Uint8Array.of(1, 2, 3) });
    expect(frame.samples).toEqual(untouched);
    expect(result.samplesChangedOutside).toBe(0);
    expect(outside(frame, result.frame, result.coveredAreas)).toBe(0);
    expect(differing(frame, result.frame)).toBeGreaterThan(0);

    const keyring = createKeyring({ passphrase });
    const restored = await restoreFrame(result.frame, keyring);
    expect(restored.frame.samples).toEqual(untouched);
    expect(restored.report).toBe(report);
    expect(restored.areas).toEqual([area]);
    expect([...restored.attachment]).toEqual([1, 2, 3]);
    const inspection = inspectFrame(result.frame);
    expect(inspection.qrText).toBe(result.qrText);
    expect(inspection.keys).toEqual(['passphrase']);
  });
});

test('an image full of the patterns in the corners of QR codes is refused by name', async () => {
  const SIDE = 512;
  const frame = makeFrame({ width: SIDE, height: SIDE, bitsStored: 8 });
  frame.samples.forEach((_, k) => {
    const [column, row] = [(k % SIDE) % 8, Math.floor(k / SIDE) % 8];
    const ring = Math.max(Math.abs(column - 3), Math.abs(row - 3));
    frame.samples[k] = column < 7 && row < 7 && ring !== 2 ? 0 : 200;
  });
  const areas = [{ x: 160, y: 300, width: 160, height: 160 }];
  await expect(protectFrame(frame, job, { areas })).rejects.toMatchObject({
    code: 'unsupported-pixels',
    message: expect.stringMatching(/patterns of the kind that QR codes have/),
  });
});
