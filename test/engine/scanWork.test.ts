import { decodeModules } from '../../src/engine/scan/decodeModules';
import { knownModules } from '../../src/engine/scan/knownModules';
import { refineSymbol } from '../../src/engine/scan/picturedSymbol';
import { scanPicture } from '../../src/engine/scan/scan';
import { randomFrom } from './frames';
import { paintPicture } from './scanPictures';

/** What a picture costs is bounded by its size, whatever it shows: the costly steps are counted. */

jest.mock('../../src/engine/scan/picturedSymbol', () => {
  const actual = jest.requireActual('../../src/engine/scan/picturedSymbol');
  return { ...actual, refineSymbol: jest.fn(actual.refineSymbol) };
});
jest.mock('../../src/engine/scan/decodeModules', () => {
  const actual = jest.requireActual('../../src/engine/scan/decodeModules');
  return { ...actual, decodeModules: jest.fn(actual.decodeModules) };
});

const [WIDTH, HEIGHT] = [600, 450];
const next = randomFrom(3);

/** Symbols of random modules, whose patterns are those of all symbols. */
const SIZE = 101;
const CELL = SIZE + 8;
const symbol = new Uint8Array(CELL * CELL).fill(255);
for (let k = 0; k < SIZE * SIZE; k++)
  symbol[(Math.floor(k / SIZE) + 4) * CELL + (k % SIZE) + 4] = next() < 0.5 ? 0 : 255;
for (const { column, row, colour } of knownModules(SIZE))
  symbol[(row + 4) * CELL + column + 4] = colour > 0 ? 0 : 255;

const finder = (x: number, y: number) => {
  const ring = Math.max(Math.abs((x % 12) - 5), Math.abs((y % 12) - 5));
  return ring === 2 || ring > 3 ? 255 : 0;
};

test.each<[string, (x: number, y: number) => number, boolean]>([
  ['noise', () => 255 * next(), false],
  ['stripes', (x) => [0, 255, 0, 0, 0, 255, 0, 255][(x >> 1) % 8], false],
  ['finder patterns', (x, y) => finder(x >> 1, y >> 1), true],
  ['symbols without a text', (x, y) => symbol[((y >> 1) % CELL) * CELL + ((x >> 1) % CELL)], true],
])('%s', (_name, valueAt, isTried) => {
  jest.clearAllMocks();
  expect(scanPicture(paintPicture(WIDTH, HEIGHT, valueAt))).toEqual([]);
  const refined = jest.mocked(refineSymbol).mock.calls.length;
  expect(refined > 0).toBe(isTried);
  // Of the many squares that finder patterns make, four are read at a scale, three times each.
  expect(refined).toBeLessThanOrEqual(12);
  expect(jest.mocked(decodeModules).mock.calls.length).toBeLessThanOrEqual(36);
});
