import { overlap, partsOutside, pixelsIn, type Rectangle } from '../../src/engine/pixels/frame';
import { fc } from '../properties';

const rectangle = fc.record({
  x: fc.nat(12),
  y: fc.nat(12),
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
});

const isIn = (px: number, py: number, { x, y, width, height }: Rectangle): boolean =>
  px >= x && px < x + width && py >= y && py < y + height;

test('the parts of a block outside of areas are all its pixels that lie in none, each once', () => {
  fc.assert(
    fc.property(rectangle, fc.array(rectangle, { maxLength: 4 }), (block, areas) => {
      const parts = partsOutside(block, areas);
      let outside = 0;
      for (let y = block.y; y < block.y + block.height; y++) {
        for (let x = block.x; x < block.x + block.width; x++) {
          const isOutside = !areas.some((area) => isIn(x, y, area));
          expect(parts.filter((part) => isIn(x, y, part)).length).toBe(isOutside ? 1 : 0);
          if (isOutside) outside++;
        }
      }
      expect(pixelsIn(parts)).toBe(outside);
      expect(parts.every((part) => part.width > 0 && part.height > 0 && overlap(part, block))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('a block that no area meets is one part', () => {
  const block = { x: 3, y: 4, width: 5, height: 6 };
  expect(partsOutside(block, [{ x: 8, y: 4, width: 5, height: 6 }])).toEqual([block]);
});
