import {
  createKeyring,
  createProtectionJob,
  type Frame,
  KeyAreaError,
  type Keyring,
  type ProtectionJob,
  protectFrame,
  restoreFrame,
} from '../../src/engine';
import { fc } from '../properties';
import { type FrameRecipe, makeFrame } from './frames';

/**
 * restore(protect(image)) = image and nothing outside the covered area changes, for whatever image
 * and area: or the image is refused by name.
 */

const passphrase = 'a passphrase of several words';
const report = 'Findings: none. Überprüft. 所見なし。';
let job: ProtectionJob;
let keyring: Keyring;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report, workFactor: 8 });
  keyring = createKeyring({ passphrase });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });

const recipes: fc.Arbitrary<FrameRecipe> = fc
  .record({
    width: fc.integer({ min: 41, max: 180 }),
    height: fc.integer({ min: 41, max: 180 }),
    samplesPerPixel: fc.constantFrom<1 | 3>(1, 1, 1, 3),
    bitsAllocated: fc.constantFrom<8 | 16>(8, 16),
    spareBits: fc.integer({ min: 0, max: 6 }),
    signed: fc.boolean(),
    inverted: fc.boolean(),
    upperBits: fc.constantFrom('regular' as const, 'regular' as const, 'zero' as const, 'other' as const),
    noise: fc.constantFrom(0, 0.003, 0.02),
    ends: fc.tuple(share, share),
    seed: fc.nat(),
  })
  .map(({ spareBits, ends, ...recipe }) => ({
    ...recipe,
    bitsStored: recipe.bitsAllocated - (recipe.bitsAllocated === 8 ? Math.min(spareBits, 2) : spareBits),
    range: [Math.min(...ends), Math.max(...ends)] as [number, number],
  }));

/** A rectangle inside the frame, from one pixel to all of it. */
const areaIn = (frame: Frame, [a, b, c, d]: readonly number[]) => {
  const x = Math.min(frame.width - 1, Math.floor(a * frame.width));
  const y = Math.min(frame.height - 1, Math.floor(b * frame.height));
  return {
    x,
    y,
    width: 1 + Math.floor(c * (frame.width - 1 - x)),
    height: 1 + Math.floor(d * (frame.height - 1 - y)),
  };
};

const refusals = new Map<string, number>();
let exact = 0;

test('whatever is protected restores exactly, and nothing outside changes', async () => {
  await fc.assert(
    fc.asyncProperty(recipes, fc.tuple(share, share, share, share), async (recipe, corners) => {
      const frame = makeFrame(recipe);
      const untouched = frame.samples.slice();
      const area = areaIn(frame, corners);
      let output: Frame;
      try {
        const result = await protectFrame(frame, job, { areas: [area] });
        output = result.frame;
        const covered = new Set<number>();
        for (const { x, y, width, height } of result.coveredAreas) {
          for (let row = y; row < y + height; row++) {
            for (let column = x; column < x + width; column++) covered.add(row * frame.width + column);
          }
        }
        const strays = output.samples.filter(
          (cell, k) => cell !== untouched[k] && !covered.has(Math.floor(k / frame.samplesPerPixel)),
        );
        expect(strays).toHaveLength(0);
      } catch (error) {
        if (!(error instanceof KeyAreaError) || !['no-room', 'image-too-small'].includes(error.code))
          throw error;
        refusals.set(error.code, (refusals.get(error.code) ?? 0) + 1);
        return;
      }
      expect(frame.samples).toEqual(untouched);
      const blind: Frame = { ...output, samples: output.samples.slice() };
      const restored = await restoreFrame(blind, keyring);
      expect(restored.frame.samples).toEqual(untouched);
      expect(restored.report).toBe(report);
      expect(restored.areas).toEqual([area]);
      exact++;
    }),
    { numRuns: 150 },
  );
  // Most of these pictures must have room: a test in which all are refused proves nothing.
  expect(exact).toBeGreaterThan(100);
});

test('several areas restore in one go', async () => {
  const frame = makeFrame({ width: 400, height: 400, bitsStored: 12 });
  const areas = [
    { x: 10, y: 10, width: 120, height: 100 },
    { x: 200, y: 40, width: 50, height: 130 },
    { x: 60, y: 250, width: 200, height: 90 },
  ];
  const { frame: output, coveredAreas } = await protectFrame(frame, job, { areas });
  expect(coveredAreas).toHaveLength(3);
  const restored = await restoreFrame(output, keyring);
  expect(restored.frame.samples).toEqual(frame.samples);
  expect(restored.areas).toEqual(areas);
});
