import { inspectFrame } from '../../src/engine';
import { makeFrame } from './frames';

/** Looking for symbols costs what a picture of that size should, whatever it shows: reads of pixels are counted. */

let reads = 0;

jest.mock('../../src/engine/thresholds', () => {
  const actual = jest.requireActual('../../src/engine/thresholds');
  const counted = (codes: Uint16Array) =>
    new Proxy(codes, {
      get(target, name) {
        reads++;
        return Reflect.get(target, name);
      },
    });
  return {
    *thresholds(frame: unknown) {
      for (const [threshold, codes] of actual.thresholds(frame)) yield [threshold, counted(codes)];
    },
  };
});

/** Reads per pixel for bars whose widths are a finder pattern's, across the whole picture. */
function readsOfBars(side: number): number {
  const unit = side / 7;
  const frame = makeFrame({ width: side, height: side, bitsStored: 12 });
  frame.samples.forEach((_, k) => {
    frame.samples[k] = [0, 2, 3, 4, 6].includes(Math.floor((k % side) / unit)) ? 0 : 4095;
  });
  reads = 0;
  expect(() => inspectFrame(frame)).toThrow(expect.objectContaining({ code: 'not-protected' }));
  return reads / side ** 2;
}

test('bars like finder patterns', () => {
  const [small, large] = [readsOfBars(105), readsOfBars(210)];
  // Comparing every row of every pattern in full took as many reads per pixel as the picture has rows.
  expect(large).toBeLessThan(1.5 * small);
});
