import fc from 'fast-check';
import { readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { disjoint } from '../../src/dicom/image/disjoint';
import { returnOverlayBits, takeOverlayBits } from '../../src/dicom/image/overlays';
import { protectFile, restoreFile } from '../../src/dicom/index';
import type { Rectangle } from '../../src/engine/index';
import { BIG_ENDIAN, buildImage, EXPLICIT, type Node, numbers, text } from './builder';
import { expectSameBytes, testKeys } from './support';

const keys = testKeys();

/** An overlay from the image's first row and column on, whose frames begin at an image frame where that is given. */
interface Overlay {
  readonly side: number;
  readonly frames?: number;
  readonly announced?: number | undefined;
  readonly origin?: readonly number[];
  readonly bigEndian?: boolean;
}

const elementsOf = (
  value: Uint8Array,
  { side, frames = 1, announced = frames, origin = [], bigEndian }: Overlay,
) => [
  numbers(0x60000010, 'US', [side], bigEndian),
  numbers(0x60000011, 'US', [side], bigEndian),
  ...(announced > 1 ? [text(0x60000015, 'IS', String(announced))] : []),
  ...(origin.length > 0 ? [numbers(0x60000051, 'US', origin, bigEndian)] : []),
  { tag: 0x60003000, vr: 'OW', value } satisfies Node,
];
const fileWith = (value: Uint8Array, overlay: Overlay) =>
  buildImage({ width: 8, height: 8, nodes: elementsOf(value, overlay) });

const SIDE = { side: 8 };
/** Columns 0 to 3 of every row. */
const left = new Uint8Array(8).fill(0x0f);
const take = (value: Uint8Array, ...areas: Rectangle[]) =>
  takeOverlayBits(readFile(fileWith(value, SIDE)), new Map([[1, areas]]), 1);
const area = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });

test('bits over the key area are taken, first bit lowest', () => {
  const { taken, edits } = take(left, area(2, 1, 4, 2));
  expect(taken).toEqual([{ tag: 0x60003000, areas: [area(2, 1, 2, 2)], bits: Uint8Array.of(0b1111) }]);
  expect(edits.map(({ bytes }) => bytes?.subarray(12))).toEqual([
    Uint8Array.of(0x0f, 0x03, 0x03, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f),
  ]);
});

test('nothing is taken where there is nothing', () => {
  const none = { taken: [], edits: [] };
  expect(take(left, area(4, 0, 4, 8))).toEqual(none);
  expect(take(left, area(50, 50, 4, 8))).toEqual(none);
  expect(take(left)).toEqual(none);
  expect(takeOverlayBits(readFile(buildImage()), new Map([[1, [area(0, 0, 4, 8)]]]), 1)).toEqual(none);
});

test('data that are shorter than their size says are taken as far as they go', () => {
  const { taken } = take(left.subarray(0, 2), area(0, 0, 8, 8));
  expect(taken).toEqual([{ tag: 0x60003000, areas: [area(0, 0, 4, 2)], bits: Uint8Array.of(0xff) }]);
});

test('a bit under several areas is recorded once', () => {
  const areas = Array.from({ length: 300 }, (_, index) => area(index % 4, Math.floor(index / 75), 4, 4));
  const { taken } = take(new Uint8Array(8).fill(0xff), ...areas);
  expect(taken).toEqual([{ tag: 0x60003000, areas: [area(0, 0, 7, 7)], bits: expect.anything() }]);
  expect(taken[0].bits).toHaveLength(Math.ceil(49 / 8));
});

test('areas that are apart are recorded apart', () => {
  const { taken } = take(new Uint8Array(8).fill(0xff), area(0, 0, 2, 1), area(6, 7, 5, 5));
  expect(taken[0].areas).toEqual([area(0, 0, 2, 1), area(6, 7, 2, 1)]);
  expect(taken[0].bits).toEqual(Uint8Array.of(0b1111));
});

test('rectangles that hold the same pixels do not overlap', () => {
  const rectangle = fc.record({
    x: fc.nat(12),
    y: fc.nat(12),
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 6 }),
  });
  const pixelsOf = ({ x, y, width, height }: Rectangle) =>
    Array.from(
      { length: width * height },
      (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
    );
  fc.assert(
    fc.property(fc.array(rectangle, { maxLength: 12 }), (areas) => {
      const apart = disjoint(areas).flatMap(pixelsOf);
      expect(new Set(apart).size).toBe(apart.length);
      expect(new Set(apart)).toEqual(new Set(areas.flatMap(pixelsOf)));
    }),
  );
});

describe('an overlay frame is cleared over', () => {
  /** All bits set, and one byte to a row. */
  const full = (frames: number, padding = 0) => new Uint8Array(8 * frames + padding).fill(0xff);
  /** Of three image frames the first has a key area in row 0, the second none, the third one in row 2. */
  const areasByFrame = new Map([
    [1, [area(0, 0, 8, 1)]],
    [3, [area(0, 2, 8, 1)]],
  ]);
  /** The rows that lose all their bits, frame by frame. */
  const clearedRows = (value: Uint8Array, overlay: Omit<Overlay, 'side'>, imageFrames = 3) => {
    const original = fileWith(value, { side: 8, ...overlay });
    const { taken, edits } = takeOverlayBits(readFile(original), areasByFrame, imageFrames);
    const sent = readFile(splice(readFile(original), edits));
    expectSameBytes(splice(sent, returnOverlayBits(sent, taken)), original);
    const cleared = edits[0].bytes?.subarray(12) ?? new Uint8Array();
    return Array.from({ length: overlay.frames ?? 1 }, (_, frame) =>
      [...cleared.subarray(8 * frame, 8 * frame + 8)].flatMap((row, y) => (row === 0 ? [y] : [])),
    );
  };

  test('the areas of its image frame, where there is one for each', () => {
    expect(clearedRows(full(3), { frames: 3 })).toEqual([[0], [], [2]]);
    expect(clearedRows(full(3), { frames: 3, origin: [1] })).toEqual([[0], [], [2]]);
  });

  test('the areas of its image frame, where it is said which is the first', () => {
    expect(clearedRows(full(2), { frames: 2, origin: [2] })).toEqual([[], [2]]);
    expect(clearedRows(full(2), { frames: 2, origin: [1] })).toEqual([[0], []]);
  });

  test.each<[string, Uint8Array, Omit<Overlay, 'side'>, number?]>([
    ['it is the only one', full(1), { frames: 1, origin: [3] }],
    ['nothing tells which image frames a few lie over', full(2), { frames: 2 }],
    ['they would end behind the image', full(2), { frames: 2, origin: [3] }],
    ['they begin at no frame', full(2), { frames: 2, origin: [0] }],
    ['they begin at several frames', full(2), { frames: 2, origin: [1, 2] }],
    ['there are more than the image has', full(4), { frames: 4, origin: [1] }],
    ['some are missing', full(2), { frames: 2, announced: 3 }],
    ['they have bytes between or behind them', full(3, 2), { frames: 3 }],
  ])('every area, where %s', (_, value, overlay) => {
    for (const rows of clearedRows(value, overlay)) expect(rows).toEqual([0, 2]);
  });
});

test('what overlapping areas have recorded is put back', () => {
  const original = fileWith(left, SIDE);
  const recorded = {
    tag: 0x60003000,
    areas: [area(2, 1, 4, 2), area(1, 1, 3, 1)],
    bits: Uint8Array.of(0b00110011, 0b111),
  };
  const cleared = Uint8Array.of(0x0f, 0x01, 0x03, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f);
  const file = readFile(fileWith(cleared, SIDE));
  expectSameBytes(splice(file, returnOverlayBits(file, [recorded])), original);
});

describe('over many frames with a moving key area', () => {
  const FRAMES = 60;
  const AREA_SIDE = 70;
  /** No two at the same place. */
  const moving = Array.from({ length: FRAMES }, (_, index) =>
    area(index % 50, Math.floor(index * 0.9), AREA_SIDE, AREA_SIDE),
  );
  const areas = moving.map((rectangle, index) => ({ rectangle, frames: [index + 1] }));
  const byFrame = new Map(moving.map((rectangle, index) => [index + 1, [rectangle]]));
  /** Half of the bits, without order. */
  const noise = Uint8Array.from({ length: (FRAMES * 128 * 128) / 8 }, (_, index) =>
    Math.floor(((Math.imul(index + 1, 2654435761) >>> 0) / 2 ** 32) * 256),
  );

  test.each([1, FRAMES])('an overlay of %i frames has no bit recorded twice', (frames) => {
    const value = noise.subarray(0, (frames * 128 * 128) / 8);
    const file = readFile(buildImage({ nodes: elementsOf(value, { side: 128, frames }) }));
    const [{ areas: recorded, bits }] = takeOverlayBits(file, byFrame, FRAMES).taken;
    expect(bits.length).toBeLessThanOrEqual(value.length);
    expect(recorded.length).toBeLessThan(4 * FRAMES);
  });

  test('an overlay with few bits has few recorded', () => {
    const value = new Uint8Array(noise.length);
    value[10 * 16 + 8] = 0xff;
    value[(41 * 128 + 60) * 16 + 8] = 0xff;
    // The number of frames is not that of the image: which lies over which is not certain.
    const file = readFile(buildImage({ nodes: elementsOf(value, { side: 128, frames: FRAMES }) }));
    const [{ areas: recorded, bits }] = takeOverlayBits(file, byFrame, FRAMES + 1).taken;
    expect(recorded.length).toBeLessThanOrEqual(4);
    expect(bits.length).toBeLessThan((8 * 128 * FRAMES) / 8);
  });

  test.each([
    ['one to one', EXPLICIT, FRAMES, []],
    ['one to one, in swapped words', BIG_ENDIAN, FRAMES, []],
    ['over some', EXPLICIT, FRAMES - 20, [11]],
    ['over nobody knows which', EXPLICIT, FRAMES - 20, []],
  ])('an overlay comes back byte for byte: %s', async (_, syntax, frames, origin) => {
    const { bigEndian = false } = syntax;
    // Lines across, of another pattern in each frame.
    const value = Uint8Array.from({ length: frames * 128 * 16 }, (_, index) =>
      index % 64 < 16 ? 0x1d + (index >> 11) : 0,
    );
    const original = buildImage({
      frames: FRAMES,
      bitsAllocated: 8,
      syntax,
      nodes: [
        ...(bigEndian ? bigEndianShorts : []),
        ...elementsOf(value, { side: 128, frames, origin, bigEndian }),
      ],
    });
    const { file: sent } = await protectFile(original, keys.job, { areas });
    const { file, fileVerified } = await restoreFile(sent, keys.keyring);
    expect(fileVerified).toBe(true);
    expectSameBytes(file, original);
  });
});

/** What an image of 8 bits says of its pixels. */
const bigEndianShorts: Node[] = (
  [
    [0x00280002, 1],
    [0x00280010, 128],
    [0x00280011, 128],
    [0x00280100, 8],
    [0x00280101, 8],
    [0x00280102, 7],
    [0x00280103, 0],
  ] as const
).map(([tag, value]) => numbers(tag, 'US', [value], true));
