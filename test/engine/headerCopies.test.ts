import type { Frame } from '../../src/engine';
import { HEADER_COPIES, headerLength, MAX_AREAS } from '../../src/engine/header';
import {
  MAX_MODULES,
  MIN_MODULES,
  modulesOfVersion,
  type SymbolPlace,
  symbolSide,
} from '../../src/engine/qr/symbol';
import { hasHeaderSlots, headerSlots, smallestVersion } from '../../src/engine/vault/headerSlots';

/** Where a header's three copies lie under symbols of every size: apart, so that one mark spoils one of them. */

const sizes = Array.from(
  { length: (MAX_MODULES - MIN_MODULES) / 4 + 1 },
  (_, version) => MIN_MODULES + 4 * version,
);
const modulePixels = [1, 2, 3];
const areaCounts = Array.from({ length: MAX_AREAS }, (_, k) => k + 1);
const { floor } = Math;

interface Square {
  readonly side: number;
  readonly frame: Frame;
  readonly place: SymbolPlace;
}

/** A picture that is the square of a symbol of `size` modules. */
function squareOf(size: number, modulePixels: number, samplesPerPixel: 1 | 3): Square {
  const side = symbolSide(size, modulePixels);
  const shape = { width: side, height: side, samplesPerPixel, bitsStored: 8 };
  const frame: Frame = { ...shape, signed: false, inverted: false, samples: new Uint8Array(0) };
  return { side, frame, place: { x: 0, y: 0, size, modulePixels } };
}

const hasRoom = ({ frame, place }: Square, areas: number): boolean =>
  hasHeaderSlots(frame, place, headerLength(areas));

/** The samples of each copy. */
const copiesOf = ({ frame, place }: Square, areas: number): Uint32Array[] =>
  Array.from({ length: HEADER_COPIES }, (_, copy) => {
    const slots = headerSlots(frame, place, headerLength(areas), copy);
    if (slots === undefined) throw new Error('no room');
    return slots;
  });

/** The fewest columns and rows that the places of any bit in two copies are apart. */
function apart(copies: readonly Uint32Array[], side: number, samplesPerPixel: number) {
  const columnOf = (index: number): number => floor(index / samplesPerPixel) % side;
  const rowOf = (index: number): number => floor(index / (samplesPerPixel * side));
  let columns = side;
  let rows = side;
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ]) {
    copies[one].forEach((slot, bit) => {
      const counterpart = copies[other][bit];
      columns = Math.min(columns, Math.abs(columnOf(slot) - columnOf(counterpart)));
      rows = Math.min(rows, Math.abs(rowOf(slot) - rowOf(counterpart)));
    });
  }
  return { columns, rows };
}

describe.each([1, 3] as const)('%d samples a pixel', (samplesPerPixel) => {
  test('no two copies share a sample, and a bar of a third of the square hits no bit in two', () => {
    for (const size of sizes) {
      for (const pixels of modulePixels) {
        const square = squareOf(size, pixels, samplesPerPixel);
        // A shorter header lies in the first samples of a longer one.
        const most = areaCounts.findLast((areas) => hasRoom(square, areas));
        if (most === undefined) continue;
        const copies = copiesOf(square, most);
        const held = new Set(copies.flatMap((slots) => [...slots]));
        expect(held.size).toBe(3 * 8 * headerLength(most));
        expect(Math.max(...held)).toBeLessThan(square.side ** 2 * samplesPerPixel);
        const { columns, rows } = apart(copies, square.side, samplesPerPixel);
        expect(columns).toBe(floor(square.side / 3));
        expect(rows).toBeGreaterThanOrEqual(floor(square.side / 3));
      }
    }
  });

  test('shorter headers lie in the first samples of longer ones', () => {
    const square = squareOf(MAX_MODULES, 1, samplesPerPixel);
    const longest = copiesOf(square, MAX_AREAS);
    for (const areas of areaCounts)
      expect(copiesOf(square, areas)).toEqual(
        longest.map((slots) => slots.subarray(0, 8 * headerLength(areas))),
      );
  });

  test('a square is refused only where three copies would leave less than two rows free', () => {
    for (const size of sizes) {
      const square = squareOf(size, 1, samplesPerPixel);
      for (const areas of areaCounts.filter((count) => !hasRoom(square, count)))
        expect(3 * 8 * headerLength(areas)).toBeGreaterThan(
          (square.side - 2) * square.side * samplesPerPixel,
        );
    }
  });

  test('the smallest version has room at every size of its modules, and none below has any', () => {
    for (const areas of areaCounts) {
      const smallest = modulesOfVersion(smallestVersion(areas, samplesPerPixel));
      for (const size of sizes) {
        const isRoom = size >= smallest;
        for (const pixels of isRoom ? modulePixels : [1])
          expect(hasRoom(squareOf(size, pixels, samplesPerPixel), areas)).toBe(isRoom);
      }
    }
  });
});
