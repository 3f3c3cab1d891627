import { inspectFrame } from '../../src/engine';
import { makeFrame } from './frames';

/** Looking for symbols costs what a picture of that size should, whatever it shows: reads of pixels beyond the one pass over the rows are counted. */

let reads = 0;

jest.mock('../../src/engine/qr/thresholds', () => {
  const actual = jest.requireActual('../../src/engine/qr/thresholds');
  const counted = (codes: Uint16Array) =>
    new Proxy(codes, {
      get(target, name) {
        reads++;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return {
    ...actual,
    *thresholds(frame: unknown) {
      for (const [threshold, plane] of actual.thresholds(frame))
        yield [threshold, { ...plane, cells: counted(plane.cells) }];
    },
  };
});

/** Reads per pixel until nothing is found in a square picture. */
function readsOf(side: number, isDark: (x: number, y: number) => boolean): number {
  const frame = makeFrame({ width: side, height: side, bitsStored: 12 });
  frame.samples.forEach((_, k) => {
    frame.samples[k] = isDark(k % side, Math.floor(k / side)) ? 0 : 4095;
  });
  reads = 0;
  expect(() => inspectFrame(frame)).toThrow(expect.objectContaining({ code: 'not-protected' }));
  return reads / side ** 2;
}

test('bars like finder patterns', () => {
  // Their widths are a finder pattern's, across the whole picture.
  const readsOfBars = (side: number) =>
    readsOf(side, (x) => [0, 2, 3, 4, 6].includes(Math.floor((7 * x) / side)));
  const [small, large] = [readsOfBars(105), readsOfBars(210)];
  // Comparing every row of every pattern in full took as many reads per pixel as the picture has rows.
  expect(large).toBeLessThan(1.5 * small);
});

test('a pattern that is nearly one in all rows through its middle', () => {
  const readsOfPattern = (side: number) => {
    const modulePixels = side / 7;
    return readsOf(side, (x, y) => {
      const [column, row] = [Math.floor(x / modulePixels), Math.floor(y / modulePixels)];
      const isDark = Math.max(Math.abs(column - 3), Math.abs(row - 3)) !== 2;
      // Wrong above and below the central square, between the modules' middles.
      const isMiddle = Math.abs((x % modulePixels) - modulePixels / 2) < modulePixels / 8;
      const isWrong = Math.abs(row - 3) > 1 && !isMiddle && (7 * x + 11 * y) % 5 < 2;
      return isDark !== isWrong;
    });
  };
  const [small, large] = [readsOfPattern(140), readsOfPattern(280)];
  expect(large).toBeLessThan(1.5 * small);
});

test('a picture that no symbol fits in', () => {
  const narrow = makeFrame({ width: 28, height: 300, bitsStored: 12 });
  reads = 0;
  expect(() => inspectFrame(narrow)).toThrow(expect.objectContaining({ code: 'not-protected' }));
  expect(reads).toBe(0);
});
