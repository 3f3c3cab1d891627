import type { Frame } from '../../src/engine';
import { measureDistortion } from '../../src/engine/pixels/distortion';
import { type FrameRecipe, makeFrame, randomFrom } from './frames';

/** How far what lies outside the covered areas was changed, in the literature's figures. */

const recipe: FrameRecipe = { width: 60, height: 50, bitsAllocated: 8, noise: 0.05 };

/** The frame with `change` of each sample's value, and its place. */
function changed(frame: Frame, change: (value: number, x: number, y: number) => number): Frame {
  const row = frame.width * frame.samplesPerPixel;
  const samples = frame.samples.map((value, k) =>
    change(value, Math.floor((k % row) / frame.samplesPerPixel), Math.floor(k / row)),
  );
  return { ...frame, samples };
}

test('nothing changed outside: infinite, and 1', () => {
  const frame = makeFrame(recipe);
  const area = { x: 10, y: 12, width: 20, height: 15 };
  const inside = changed(frame, (value, x, y) =>
    x >= 10 && x < 30 && y >= 12 && y < 27 ? 255 - value : value,
  );
  const expected = { samplesChangedOutside: 0, psnrOutside: Infinity, ssimOutside: 1 };
  expect(measureDistortion(frame, frame, [])).toEqual(expected);
  expect(measureDistortion(frame, inside, [area])).toEqual(expected);
  expect(measureDistortion(frame, inside, [{ ...area, width: 19 }]).samplesChangedOutside).toBe(15);
});

test('the noise ratio counts the samples outside alone, against the peak of the values in use', () => {
  const frame = makeFrame(recipe);
  frame.samples[0] = 0;
  frame.samples[1] = 255;
  const outside = changed(frame, (value, x, y) => (x === 50 && y < 10 ? value ^ 1 : value));
  const area = { x: 0, y: 20, width: 60, height: 30 };
  const { psnrOutside, samplesChangedOutside } = measureDistortion(frame, outside, [area]);
  expect(samplesChangedOutside).toBe(10);
  expect(psnrOutside).toBeCloseTo(10 * Math.log10((255 ** 2 * 60 * 20) / 10), 9);

  // Twelve bits in use of sixteen, signed.
  const samples = Uint16Array.from({ length: 60 * 50 }, (_, k) => (k % 4096) - 1000);
  const wide: Frame = { ...makeFrame({ ...recipe, bitsAllocated: 16, signed: true }), samples };
  const shifted = changed(wide, (value, x) => (x === 3 ? value + 2 : value));
  expect(measureDistortion(wide, shifted, []).psnrOutside).toBeCloseTo(
    10 * Math.log10((4095 ** 2 * 60 * 50) / (50 * 4)),
    9,
  );
});

/** Equations 13 to 16 of the paper for pictures of one window, step by step. */
function similarityOf(a: ArrayLike<number>, b: ArrayLike<number>, peak: number): number {
  const gaussian = Array.from({ length: 121 }, (_, k) =>
    Math.exp(-(((k % 11) - 5) ** 2 + (Math.floor(k / 11) - 5) ** 2) / (2 * 1.5 * 1.5)),
  );
  const total = gaussian.reduce((sum, weight) => sum + weight);
  const mean = (value: (k: number) => number) =>
    gaussian.reduce((sum, weight, k) => sum + (weight / total) * value(k), 0);
  const [muA, muB] = [mean((k) => a[k]), mean((k) => b[k])];
  const sigmaA = mean((k) => (a[k] - muA) ** 2);
  const sigmaB = mean((k) => (b[k] - muB) ** 2);
  const sigmaAB = mean((k) => (a[k] - muA) * (b[k] - muB));
  const [c1, c2] = [(0.01 * peak) ** 2, (0.03 * peak) ** 2];
  const luminance = (2 * muA * muB + c1) / (muA ** 2 + muB ** 2 + c1);
  return (luminance * (2 * sigmaAB + c2)) / (sigmaA + sigmaB + c2);
}

test('structural similarity is as published', () => {
  const random = randomFrom(3);
  const samples = Uint8Array.from({ length: 121 }, (_, k) => 40 + k + 20 * random());
  samples[0] = 0;
  samples[120] = 255;
  const frame: Frame = { ...makeFrame({ ...recipe, width: 11, height: 11 }), samples };
  const marked = changed(frame, (value) => value + Math.floor(30 * random()));
  const expected = similarityOf(frame.samples, marked.samples, 255);
  expect(expected).toBeLessThan(0.99);
  expect(measureDistortion(frame, marked, []).ssimOutside).toBeCloseTo(expected, 9);
});

test('each plane of a colour picture counts, and windows that touch a covered area do not', () => {
  const colour = makeFrame({ ...recipe, width: 11, height: 11, samplesPerPixel: 3 });
  const samples = colour.samples.map((value, k) => (k % 3 === 0 ? 255 - value : value));
  const [red, other] = [0, 1].map((plane) =>
    [colour.samples, samples].map((all) => all.filter((_, k) => k % 3 === plane)),
  );
  expect(other[0]).toEqual(other[1]);
  const low = Math.min(...colour.samples);
  const span = Math.max(...colour.samples) - low;
  const peak = 2 ** Math.ceil(Math.log2(span + 1)) - 1;
  const [before, after] = red.map((plane) => Float64Array.from(plane, (value) => value - low));
  const expected = (similarityOf(before, after, peak) + 2) / 3;
  expect(measureDistortion(colour, { ...colour, samples }, []).ssimOutside).toBeCloseTo(expected, 9);

  const frame = makeFrame(recipe);
  const marked = changed(frame, (value, x) => (x < 12 ? 255 - value : value));
  const { ssimOutside, samplesChangedOutside } = measureDistortion(frame, marked, [
    { x: 11, y: 0, width: 5, height: 50 },
  ]);
  expect(samplesChangedOutside).toBe(11 * 50);
  const apart = measureDistortion(frame, marked, [{ x: 10, y: 0, width: 6, height: 50 }]);
  expect(apart.samplesChangedOutside).toBe(10 * 50);
  expect(apart.ssimOutside).toBe(1);
  expect(ssimOutside).toBeLessThan(0.95);
});
