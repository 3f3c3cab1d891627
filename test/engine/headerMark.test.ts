import { MAGIC_BYTES } from '../../src/engine/header';
import { type Frame, withSamples } from '../../src/engine/pixels/frame';
import { mayHoldHeader } from '../../src/engine/vault/headerMark';
import { makeFrame, randomFrom } from './frames';

/** The quick look for a header misses none, wherever and whichever way it lies. */

const random = randomFrom(5);
const below = (limit: number): number => Math.floor(limit * random());

const noise = (width: number, height: number, samplesPerPixel: 1 | 3): Frame =>
  makeFrame({ width, height, samplesPerPixel, bitsAllocated: 8, noise: 1, seed: below(2 ** 31) });

/** The frame with the magic's bits in bit 0 of pixels from `first` on, `step` apart. */
function planted(frame: Frame, first: number, step: number): Frame {
  const { samplesPerPixel } = frame;
  const samples = frame.samples.slice();
  for (let k = 0; k < 8 * MAGIC_BYTES.length; k++) {
    const index = (first + Math.floor(k / samplesPerPixel) * step) * samplesPerPixel + (k % samplesPerPixel);
    samples[index] = (samples[index] & ~1) | ((MAGIC_BYTES[k >> 3] >> (7 - (k & 7))) & 1);
  }
  return withSamples(frame, samples);
}

describe.each([1, 3] as const)('%d samples a pixel', (samplesPerPixel) => {
  const pixels = Math.ceil((8 * MAGIC_BYTES.length) / samplesPerPixel);

  test.each([
    ['along a row', 1, 0],
    ['along a row, backwards', -1, 0],
    ['down a column', 0, 1],
    ['up a column', 0, -1],
  ])('found %s', (_, across, down) => {
    for (let draw = 0; draw < 60; draw++) {
      const [width, height] = [pixels + below(50), pixels + below(300)];
      const start = (direction: number, side: number): number => {
        if (direction === 0) return below(side);
        const least = below(side - pixels + 1);
        return direction > 0 ? least : least + pixels - 1;
      };
      const first = start(down, height) * width + start(across, width);
      const frame = planted(noise(width, height, samplesPerPixel), first, down * width + across);
      expect(mayHoldHeader(frame)).toBe(true);
    }
  });

  test('not seen where there is none', () => {
    expect(mayHoldHeader(noise(200, 180, samplesPerPixel))).toBe(false);
    expect(mayHoldHeader(noise(5, 5, samplesPerPixel))).toBe(false);
  });
});
