import { effectiveEdits, pathOfRepeat, recordChanges } from '../../src/dicom/changes/changes';
import { findLeaks, removalsOf } from '../../src/dicom/changes/leaks';
import { readFile } from '../../src/dicom/dataset/reader';
import { type Edit, splice } from '../../src/dicom/dataset/splice';
import { prepareFile } from '../../src/dicom/prepare';
import { protectFile } from '../../src/dicom/protect';
import { buildImage, join, type Node, numbers, pixelBytes, text } from './builder';
import { errorOf, expectSameBytes, testKeys } from './support';

/**
 * Files of very many private elements that may be pictures: each is looked at a few times, however many there are.
 * Looks are counted.
 */

let looks = 0;

jest.mock('../../src/dicom/dataset/elements', () => {
  const actual = jest.requireActual('../../src/dicom/dataset/elements');
  return {
    ...actual,
    ElementReader: class extends actual.ElementReader {
      next(depth?: number) {
        const { tag, ...element } = super.next(depth);
        return Object.defineProperty(element, 'tag', {
          enumerable: true,
          get() {
            looks++;
            return tag;
          },
        });
      }
    },
  };
});

const keys = testKeys();
const AREAS = { areas: [{ rectangle: { x: 10, y: 10, width: 70, height: 70 } }] };
const SIGNATURE = Uint8Array.of(0xff, 0xd8, 0xff, 0);

const picture = (tag: number): Node => ({ tag, vr: 'OB', value: SIGNATURE });
const sequence = (tag: number, items: Node[][]): Node => ({ tag, vr: 'SQ', items });
const each = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
/** So many tags of private elements, one after the other. */
const privateTags = (count: number): number[] =>
  each(count, (index) => 0x00291000 + 0x20000 * Math.floor(index / 0xe000) + (index % 0xe000));
/** A right group length and a wrong one in turn. */
const groups = (count: number): Node[] =>
  each(count, (index) => [
    numbers(0x00310000 + 0x20000 * index, 'UL', [index % 2 ? 12 : 7]),
    picture(0x00311001 + 0x20000 * index),
  ]).flat();

const SHAPES: Record<string, (count: number) => Node[]> = {
  'beside one another': (count) => privateTags(count).map(picture),
  'in one item': (count) => [sequence(0x00291001, [privateTags(count).map(picture)])],
  'each in an item': (count) => [
    sequence(
      0x00291001,
      each(count, () => [picture(0x00291001)]),
    ),
  ],
  'each in a sequence': (count) => privateTags(count).map((tag) => sequence(tag, [[picture(0x00291001)]])),
  'each in a sequence in one item': (count) => [
    sequence(0x00291001, [privateTags(count).map((tag) => sequence(tag, [[picture(0x00291001)]]))]),
  ],
  'in groups with lengths': groups,
};

/** A file with so many pictures. */
const withPictures = (nodes: readonly Node[]): Uint8Array => buildImage({ bitsStored: 12, nodes });

/** The tag of an element in little-endian order. */
const tagIn = (element: Uint8Array): number => {
  const view = new DataView(element.buffer, element.byteOffset);
  return view.getUint16(0, true) * 0x10000 + view.getUint16(2, true);
};

/** Looks at elements for each of so many pictures, until they are taken out and are back. */
async function looksFor(count: number, nodes: readonly Node[]): Promise<number> {
  const bytes = withPictures(nodes);
  looks = 0;
  await prepareFile(bytes, keys.job, AREAS);
  const file = readFile(bytes);
  const removals = effectiveEdits(file, removalsOf(file, findLeaks(file).pictures));
  expect(removals).toHaveLength(count);
  const { originals } = recordChanges(file, removals);
  const without = readFile(splice(file, removals));
  const edits = originals.flatMap(({ path, repeat, bytes: original }): Edit[] =>
    each(repeat, (index) => ({ tag: tagIn(original), bytes: original, path: pathOfRepeat(path, index) })),
  );
  const restored = splice(without, edits);
  const result = looks / count;
  expectSameBytes(restored, bytes);
  return result;
}

test.each(Object.entries(SHAPES))('pictures %s', async (_, shape) => {
  const small = await looksFor(300, shape(300));
  const large = await looksFor(1200, shape(1200));
  expect(large).toBeLessThan(1.2 * small);
});

test('more than can be counted are refused', async () => {
  const protect = (nodes: readonly Node[]) => protectFile(withPictures(nodes), keys.job, AREAS);
  expect(await errorOf(() => protect(privateTags(0x10000).map(picture)))).toMatchObject({
    code: 'no-room',
    message: expect.stringMatching(/65\d{3} elements to change or take out.* 65535 at most/),
  });
  const items = each(0x10000, (): Node[] => []);
  expect(
    await errorOf(() => protect([sequence(0x00291001, [...items, [picture(0x00291001)]])])),
  ).toMatchObject({
    code: 'no-room',
    message: expect.stringContaining('65537 items'),
  });
  const texts = each(0x10000, (index) =>
    text(0x30000000 + 0x20000 * (index >> 8) + (index % 256) + 1, 'LO', ''),
  );
  expect(await errorOf(() => protect(texts))).toMatchObject({
    code: 'no-room',
    message: expect.stringContaining('different elements'),
  });
});

test('those that there is no room for are not all named', async () => {
  const noise = pixelBytes({ bitsStored: 12 }).map((byte, index) => byte ^ ((index * index * 31) % 251));
  const nodes = privateTags(12).map((tag) => ({ tag, vr: 'OB', value: join([SIGNATURE, noise]) }));
  const { code, message } = await errorOf(() => protectFile(withPictures(nodes), keys.job, AREAS));
  expect(code).toBe('no-room');
  expect(message).toContain('(0029,1009) and 2 more');
});
