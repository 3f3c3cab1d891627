import { seedMethods } from '../../bench/seeds';
import { indicesInside } from '../../bench/seeds/codes';
import { histogramShifting } from '../../bench/seeds/histogramShifting';
import { keyRegion } from '../../bench/seeds/keyRegion';
import { type Method, Refusal } from '../../bench/seeds/method';
import { mostFrequentValue } from '../../bench/seeds/mostFrequentValue';
import { ours } from '../../bench/seeds/ours';
import { permutation } from '../../bench/seeds/permutation';
import { BLOCK } from '../../bench/seeds/predictionErrorExpansion';
import { REPORT, readSymbols } from '../../bench/seeds/symbol';
import { xorPad } from '../../bench/seeds/xorPad';
import { createProtectionJob, type Frame, type Rectangle } from '../../src/engine';
import { measureDistortion } from '../../src/engine/pixels/distortion';
import { codesOf, sameCells, withSamples } from '../../src/engine/pixels/frame';
import { makeFrame, randomFrom } from '../engine/frames';

/** The methods that the benchmark runs beside the engine do what their sources say, no less and no more. */

const KEY = new Uint8Array(32).fill(7);
const NOTHING = new Uint8Array(0);

/** A body on an even background, much of which has one value. */
const body = (recipe: Partial<Parameters<typeof makeFrame>[0]> = {}): Frame =>
  makeFrame({ width: 160, height: 160, bitsAllocated: 8, noise: 0.02, range: [0.1, 0.8], ...recipe });

const KINDS: [string, Frame][] = [
  ['8 bits', body()],
  ['RGB', body({ samplesPerPixel: 3 })],
  ['8 of 16 bits, signed', body({ bitsAllocated: 16, bitsStored: 8, signed: true })],
];

const AREA: Rectangle = { x: 45, y: 50, width: 48, height: 56 };
const WHOLE: Rectangle = { x: 0, y: 0, width: 160, height: 160 };

const inside = (frame: Frame, area: Rectangle): number[] => {
  const codes = codesOf(frame);
  return Array.from(indicesInside(frame, area), (index) => codes[index]);
};

const ascending = (values: number[]): number[] => values.toSorted((a, b) => a - b);

/** The same frame with one bit of one sample changed. */
function withFlip(frame: Frame, index: number): Frame {
  const samples = frame.samples.slice();
  samples[index] ^= 1;
  return withSamples(frame, samples);
}

/** The same frame with one value throughout an area. */
function withArea(frame: Frame, area: Rectangle, value: number): Frame {
  const samples = frame.samples.slice();
  for (const index of indicesInside(frame, area)) samples[index] = value;
  return withSamples(frame, samples);
}

describe.each(KINDS)('%s', (_, frame) => {
  test.each(seedMethods(KEY).map((method) => [method.name, method] as const))(
    '%s: with all that it needs, the image comes back exactly',
    async (_name, method) => {
      const before = withSamples(frame, frame.samples.slice());
      const { marked, sideData } = await method.hide(frame, AREA);
      expect(sameCells(frame, before)).toBe(true);
      expect(sameCells(marked, frame)).toBe(false);
      expect(inside(marked, AREA)).not.toEqual(inside(frame, AREA));
      expect(sameCells(await method.restore(marked, sideData), frame)).toBe(true);
    },
  );
});

const frame = KINDS[0][1];

test.each([
  ['most frequent value', mostFrequentValue],
  ['histogram shifting', histogramShifting],
  ['permutation', permutation(KEY)],
  ['XOR pad', xorPad],
] as [string, Method][])('%s: without the side data, the image does not come back', async (_, method) => {
  const { marked, sideData } = await method.hide(frame, AREA);
  expect(sideData.length).toBeGreaterThan(0);
  expect(sameCells(await method.restore(marked, NOTHING), frame)).toBe(false);
});

test.each(seedMethods(KEY).map((method) => [method.name, method] as const))(
  '%s: does not notice that the marked image was altered',
  async (_, method) => {
    const { marked, sideData } = await method.hide(frame, AREA);
    const brightest = codesOf(withArea(marked, AREA, 0)).reduce(
      (best, code, k, all) => (code > all[best] ? k : best),
      0,
    );
    const restored = await method.restore(withFlip(marked, brightest), sideData);
    expect(sameCells(restored, frame)).toBe(false);
  },
);

describe('most frequent value', () => {
  test('its key file grows with the key area: four bytes for each sample', async () => {
    const { sideData } = await mostFrequentValue.hide(frame, AREA);
    expect(sideData.length).toBeGreaterThan(4 * AREA.width * AREA.height);
  });

  test('the QR code itself has room for its key area, up to the whole image', async () => {
    const { marked, sideData } = await mostFrequentValue.hide(frame, WHOLE);
    expect(sameCells(await mostFrequentValue.restore(marked, sideData), frame)).toBe(true);
  });
});

describe('histogram shifting', () => {
  test('values move by one in each pass, and no other sample changes', async () => {
    const { marked, sideData } = await histogramShifting.hide(frame, AREA);
    const passes = (sideData.length - 8) / 4;
    const after = codesOf(withArea(marked, AREA, 0));
    const moved = codesOf(withArea(frame, AREA, 0)).map((code, k) => Math.abs(after[k] - code));
    expect(Math.max(...moved)).toBeGreaterThan(0);
    expect(Math.max(...moved)).toBeLessThanOrEqual(passes);
  });

  test('where every value occurs, the places of the rarest travel along', async () => {
    const random = randomFrom(1);
    const samples = frame.samples.map((value, k) =>
      k < 256 ? k : random() < 0.1 ? Math.floor(256 * random()) : value,
    );
    const full = withSamples(frame, samples);
    const { marked, sideData } = await histogramShifting.hide(full, { ...AREA, height: 48 });
    expect(sameCells(await histogramShifting.restore(marked, sideData), full)).toBe(true);
  });

  test('refuses an area that the image around has no place for', async () => {
    await expect(histogramShifting.hide(frame, WHOLE)).rejects.toThrow(Refusal);
  });
});

describe('prediction-error expansion', () => {
  const method = keyRegion(KEY);

  /** For each 8 x 8 block clear of the area its variance, and whether it was changed. */
  function blocks(marked: Frame): { texture: number; changed: boolean }[] {
    const result: { texture: number; changed: boolean }[] = [];
    for (let y = 0; y < 160; y += BLOCK) {
      for (let x = 0; x < 160; x += BLOCK) {
        const block = { x, y, width: BLOCK, height: BLOCK };
        const apart = x + BLOCK <= 45 || x >= 45 + 48 || y + BLOCK <= 50 || y >= 50 + 56;
        if (!apart) continue;
        const values = inside(frame, block);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const texture = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        result.push({ texture, changed: inside(marked, block).some((value, k) => value !== values[k]) });
      }
    }
    return result;
  }

  test('with the parameters in the QR code, the image and the key are enough', async () => {
    const large = body({ width: 256, height: 256 });
    const { marked, sideData } = await method.hide(large, { ...AREA, width: 60, height: 60 });
    expect(sideData).toHaveLength(0);
    expect(sameCells(await method.restore(marked, NOTHING), large)).toBe(true);
    expect([...readSymbols(marked)].some((text) => text.startsWith(REPORT))).toBe(true);
  });

  test('where the QR code has no room for the parameters, they travel beside the image', async () => {
    const small = { ...AREA, width: 41, height: 41 };
    const { marked, sideData } = await method.hide(frame, small);
    expect(sideData.length).toBeGreaterThan(0);
    expect(sameCells(await method.restore(marked, NOTHING), frame)).toBe(false);
    expect(sameCells(await method.restore(marked, sideData), frame)).toBe(true);
  });

  test('only blocks whose texture is above a threshold are changed', async () => {
    const all = blocks((await method.hide(frame, { ...AREA, width: 45, height: 45 })).marked);
    const textures = (changed: boolean) =>
      all.filter((block) => block.changed === changed).map(({ texture }) => texture);
    expect(textures(true).length).toBeGreaterThan(0);
    expect(textures(false).length).toBeGreaterThan(0);
    expect(Math.min(...textures(true))).toBeGreaterThanOrEqual(Math.max(...textures(false)));
  });

  test('samples that would leave the legal values stay as they are, and come back', async () => {
    const random = randomFrom(2);
    const bright = withSamples(
      frame,
      frame.samples.map(() => 255 - Math.floor(3 * random() ** 3)),
    );
    const { marked, sideData } = await method.hide(bright, { ...AREA, width: 41, height: 41 });
    expect(sameCells(await method.restore(marked, sideData), bright)).toBe(true);
  });

  test('refuses an area that the blocks around have no place for', async () => {
    await expect(method.hide(frame, { ...AREA, width: 100, height: 100 })).rejects.toThrow(/bits/);
  });
});

describe('permutation', () => {
  test('keeps every value of the area: its histogram shows', async () => {
    const { marked } = await permutation(KEY).hide(frame, AREA);
    expect(ascending(inside(marked, AREA))).toEqual(ascending(inside(frame, AREA)));
    expect(measureDistortion(frame, marked, [AREA]).samplesChangedOutside).toBe(0);
  });

  test('of a whole image needs nothing but the key, and the right one', async () => {
    const { marked } = await permutation(KEY).hide(frame, WHOLE);
    expect(sameCells(await permutation(KEY).restore(marked, NOTHING), frame)).toBe(true);
    const other = permutation(new Uint8Array(32).fill(8));
    expect(sameCells(await other.restore(marked, NOTHING), frame)).toBe(false);
  });
});

test('XOR pad: the key is as long as the area, and the values do not show', async () => {
  const { marked, sideData } = await xorPad.hide(frame, AREA);
  expect(sideData).toHaveLength(8 + AREA.width * AREA.height);
  expect(ascending(inside(marked, AREA))).not.toEqual(ascending(inside(frame, AREA)));
  expect(measureDistortion(frame, marked, [AREA]).samplesChangedOutside).toBe(0);
});

test('this project: the image and the key are enough, nothing outside changes, an altered image is noticed', async () => {
  const job = await createProtectionJob({ passphrase: 'seeds', report: REPORT, workFactor: 10 });
  const method = ours(job, 'vault');
  for (const area of [AREA, WHOLE]) {
    const { marked, sideData, coveredArea } = await method.hide(frame, area);
    expect(sideData).toHaveLength(0);
    expect(measureDistortion(frame, marked, [coveredArea]).samplesChangedOutside).toBe(0);
    expect(sameCells(await method.restore(marked, NOTHING), frame)).toBe(true);
    if (area === AREA)
      await expect(method.restore(withFlip(marked, 0), NOTHING)).rejects.toThrow(/changed since/);
  }
  await expect(ours(job, 'surroundings').hide(frame, WHOLE)).rejects.toThrow(Refusal);
});
