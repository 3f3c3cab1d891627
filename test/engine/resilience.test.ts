import {
  createKeyring,
  createProtectionJob,
  type Frame,
  inspectFrame,
  type Keyring,
  type ProtectedFrame,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
  rankPalette,
  restoreFrame,
  verifyFrame,
} from '../../src/engine';
import { onCanvas } from '../../src/engine/pixels/geometry';
import { fromRanks } from '../../src/engine/pixels/palette';
import { type FrameRecipe, makeFrame, randomFrom } from './frames';

/** What may happen to a picture on its way, and what of it comes back. */

const passphrase = 'way';
const area: Rectangle = { x: 70, y: 60, width: 130, height: 120 };
const original = makeFrame({ width: 300, height: 250, bitsStored: 12, noise: 0.003 });
let job: ProtectionJob;
let keyring: Keyring;
let result: ProtectedFrame;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report: 'A report.', workFactor: 8 });
  keyring = createKeyring({ passphrase });
  result = await protectFrame(original, job, { areas: [area] });
});

/** A picture made of another's pixels: (x, y) shows what `from` names. */
function redraw(
  frame: Frame,
  width: number,
  height: number,
  from: (x: number, y: number) => [number, number],
): Frame {
  const samples = frame.samples.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = from(x, y);
      for (let s = 0; s < frame.samplesPerPixel; s++) {
        samples[(y * width + x) * frame.samplesPerPixel + s] =
          frame.samples[(row * frame.width + column) * frame.samplesPerPixel + s];
      }
    }
  }
  return { ...frame, width, height, samples };
}

describe('turned pictures restore exactly, and it is said how they were turned', () => {
  const rotate = (frame: Frame) =>
    redraw(frame, frame.height, frame.width, (x, y) => [y, frame.height - 1 - x]);
  const mirror = (frame: Frame) =>
    redraw(frame, frame.width, frame.height, (x, y) => [frame.width - 1 - x, y]);
  const cases = [false, true].flatMap((mirrored) =>
    [0, 90, 180, 270].map((rotated) => ({ mirrored, rotated })),
  );
  test.each(cases)('rotated $rotated, mirrored $mirrored', async ({ mirrored, rotated }) => {
    let turned = mirrored ? mirror(result.frame) : result.frame;
    for (let angle = 0; angle < rotated; angle += 90) turned = rotate(turned);
    const restored = await restoreFrame(turned, keyring);
    expect([restored.frame.width, restored.frame.height]).toEqual([300, 250]);
    expect(restored.frame.samples).toEqual(original.samples);
    expect(restored.placement).toMatchObject({ rotated, mirrored });
  });

  test('RGB', async () => {
    const frame = makeFrame({ width: 160, height: 140, bitsAllocated: 8, samplesPerPixel: 3 });
    const { frame: output } = await protectFrame(frame, job, {
      areas: [{ x: 9, y: 9, width: 100, height: 100 }],
    });
    expect((await restoreFrame(rotate(mirror(output)), keyring)).frame.samples).toEqual(frame.samples);
  });
});

describe('padded and cut pictures', () => {
  test('padding is taken off', async () => {
    const padded = onCanvas(result.frame, -17, -5, 340, 301);
    const restored = await restoreFrame(padded, keyring);
    expect(restored.frame.samples).toEqual(original.samples);
    expect(restored.placement).toMatchObject({ x: 17, y: 5 });
  });

  test('what was cut off is named, the key area is exact', async () => {
    const cut = onCanvas(result.frame, 10, 20, 260, 200);
    const verdict = await verifyFrame(cut, keyring);
    expect(verdict.verified).toBe(false);
    expect(verdict.restored.placement).toMatchObject({ x: -10, y: -20 });
    const { frame } = verdict.restored;
    expect([frame.width, frame.height]).toEqual([300, 250]);
    for (let y = area.y; y < area.y + area.height; y++) {
      const row = (f: Frame) => f.samples.slice(y * 300 + area.x, y * 300 + area.x + area.width);
      expect(row(frame)).toEqual(row(original));
    }
    expect(verdict.alteredBlocks.every(({ x, y }) => x < 32 || y < 32 || x >= 256 || y >= 192)).toBe(true);
    await expect(restoreFrame(cut, keyring)).rejects.toMatchObject({ code: 'altered' });
  });

  test('several areas', async () => {
    const areas = [area, { x: 210, y: 190, width: 50, height: 50 }];
    const { frame } = await protectFrame(original, job, { areas });
    const restored = await restoreFrame(onCanvas(frame, -3, -4, 320, 260), keyring);
    expect(restored.frame.samples).toEqual(original.samples);
  });
});

describe('a changed sample outside is found, and its block named', () => {
  test.each([1, 2, 64, 2048])('a value changed by %i', async (difference) => {
    const random = randomFrom(difference);
    for (let run = 0; run < 20; run++) {
      const x = Math.floor(random() * 300);
      const y = Math.floor(random() * 60);
      const samples = result.frame.samples.slice();
      samples[y * 300 + x] ^= difference;
      const verdict = await verifyFrame({ ...result.frame, samples }, keyring);
      expect(verdict.verified).toBe(false);
      expect(verdict.alteredBlocks).toHaveLength(1);
      const [block] = verdict.alteredBlocks;
      expect(x >= block.x && y >= block.y && x < block.x + block.width && y < block.y + block.height).toBe(
        true,
      );
    }
  });
});

describe('damage inside the covered area', () => {
  test('a quarter of the segments may be lost', () =>
    expect(result.parityShare).toBeGreaterThanOrEqual(0.25));

  const damage = (hit: (x: number, y: number) => number | undefined): Frame => {
    const [covered] = result.coveredAreas;
    const samples = result.frame.samples.slice();
    for (let y = 0; y < covered.height; y++) {
      for (let x = 0; x < covered.width; x++) {
        const value = hit(x / covered.width, y / covered.height);
        if (value !== undefined) samples[(covered.y + y) * 300 + covered.x + x] = value;
      }
    }
    return { ...result.frame, samples };
  };
  const cases: [string, (x: number, y: number) => number | undefined][] = [
    ['an arrow', (x, y) => (Math.abs(x - y) < 0.02 && x > 0.4 && x < 0.6 ? 4095 : undefined)],
    ['a black bar', (x, y) => (y > 0.45 && y < 0.52 && x > 0.2 && x < 0.8 ? 0 : undefined)],
    ['a bar over one finder pattern', (x, y) => (x < 0.3 && y < 0.3 ? 0 : undefined)],
    ['a corner cut off', (x, y) => (x + y > 1.8 ? 0 : undefined)],
    ['a column of a twentieth', (x) => (x > 0.5 && x < 0.55 ? 0 : undefined)],
    ['a row of a twentieth', (_x, y) => (y > 0.5 && y < 0.55 ? 4095 : undefined)],
    ['a square of a tenth', (x, y) => (x > 0.4 && x < 0.71 && y > 0.3 && y < 0.61 ? 0 : undefined)],
  ];
  test.each(cases)('%s is repaired', async (_name, hit) => {
    const restored = await restoreFrame(damage(hit), keyring);
    expect(restored.frame.samples).toEqual(original.samples);
    expect(restored.repairedSegments).toBeGreaterThan(0);
  });

  test('flipped samples, each in another segment or in two, as many as half the parity', async () => {
    const random = randomFrom(9);
    const [covered] = result.coveredAreas;
    for (let run = 0; run < 5; run++) {
      const samples = result.frame.samples.slice();
      for (let k = 0; k < 14; k++) {
        const x = covered.x + Math.floor(random() * covered.width);
        const y = covered.y + Math.floor(random() * covered.height);
        samples[300 * y + x] ^= 1 + Math.floor(254 * random());
      }
      const restored = await restoreFrame({ ...result.frame, samples }, keyring);
      expect(restored.frame.samples).toEqual(original.samples);
      expect(restored.repairedSegments).toBeGreaterThan(0);
      expect(restored.repairedSegments).toBeLessThanOrEqual(28);
    }
  });

  test('beyond the parity, it is said how much is lost, and nothing is given back', async () => {
    const most = damage((_x, y) => (y > 0.35 && y < 0.9 ? 0 : undefined));
    await expect(verifyFrame(most, keyring)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/of the \d+ parts .* \d+ were changed since; \d+ could be computed/),
    });
  });
});

describe('scramble', () => {
  const recipes: [string, FrameRecipe][] = [
    ['12 bits', { width: 300, height: 250, bitsStored: 12 }],
    ['12 bits signed in 16', { width: 200, height: 220, bitsStored: 12, signed: true }],
    ['12 bits with an overlay above', { width: 200, height: 220, bitsStored: 12, upperBits: 'other' }],
    ['8 bits', { width: 200, height: 220, bitsAllocated: 8 }],
    ['RGB', { width: 200, height: 220, bitsAllocated: 8, samplesPerPixel: 3 }],
    [
      'MONOCHROME1 with padding',
      { width: 200, height: 220, inverted: true, padding: { minimum: 0, maximum: 9 } },
    ],
  ];
  test.each(recipes)('%s: nothing is left to see, and all comes back', async (_name, recipe) => {
    const frame = makeFrame(recipe);
    const output = await protectFrame(frame, job, { areas: [area], scramble: true });
    const outside = frame.samples.length - output.coveredAreas[0].width * output.coveredAreas[0].height;
    expect(output.samplesChangedOutside).toBeGreaterThan(0.5 * outside);
    expect((await restoreFrame(output.frame, keyring)).frame.samples).toEqual(frame.samples);
  });

  test('a flipped bit of the noise is found', async () => {
    const { frame } = await protectFrame(original, job, { areas: [area], scramble: true });
    frame.samples[5] ^= 4;
    const verdict = await verifyFrame(frame, keyring);
    expect(verdict.alteredBlocks).toEqual([expect.objectContaining({ x: 0, y: 0 })]);
  });
});

test('a palette image is worked on by luminance', async () => {
  const ramp = Uint16Array.from({ length: 256 }, (_, k) => (k * 77) & 0xff);
  const paletteRanks = rankPalette(ramp, ramp, ramp);
  const frame = fromRanks({ ...makeFrame({ width: 200, height: 200, bitsAllocated: 8 }), paletteRanks });
  const output = await protectFrame(frame, job, { areas: [{ x: 30, y: 30, width: 140, height: 140 }] });
  expect(output.samplesChangedOutside).toBe(0);
  const [covered] = output.coveredAreas;
  const corner = output.frame.samples[covered.y * 200 + covered.x];
  expect(ramp[corner]).toBeGreaterThan(120); // the quiet zone is as light as the image gets
  expect((await restoreFrame(output.frame, keyring)).frame.samples).toEqual(frame.samples);
});

/** The square of an RGB symbol, whose samples lie three to a pixel, and whose side leaves each rest of three. */
test.each([97, 98, 99])(
  'the header under an RGB symbol of %i is read past a column of four pixels',
  async (side) => {
    const frame = makeFrame({ width: 150, height: 150, bitsAllocated: 8, samplesPerPixel: 3 });
    const noticed = await createProtectionJob({ passphrase, report: '', qr: 'notice', workFactor: 8 });
    const areas = [{ x: 20, y: 20, width: side, height: side }];
    const { frame: sent, coveredAreas } = await protectFrame(frame, noticed, { areas });
    const [{ x, y, width, height }] = coveredAreas;
    const samples = sent.samples.slice();
    for (let row = y; row < y + height; row++) {
      const first = 3 * (150 * row + x + (width >> 1));
      samples.fill(255, first, first + 12);
    }
    expect(inspectFrame({ ...sent, samples })).toMatchObject({ coveredAreas, keys: ['passphrase'] });
  },
);

test.each(['row', 'column'] as const)(
  'no line of one pixel, whichever %s it takes, stops a restore',
  async (kind) => {
    const [covered] = result.coveredAreas;
    const length = kind === 'row' ? covered.height : covered.width;
    for (let at = 0; at < length; at += 3) {
      const samples = result.frame.samples.slice();
      for (let k = 0; k < (kind === 'row' ? covered.width : covered.height); k++) {
        const [x, y] = kind === 'row' ? [k, at] : [at, k];
        samples[(covered.y + y) * 300 + covered.x + x] = 4095;
      }
      const restored = await restoreFrame({ ...result.frame, samples }, keyring);
      expect(restored.frame.samples).toEqual(original.samples);
    }
  },
  600_000,
);
