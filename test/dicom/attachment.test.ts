import {
  type Attachment,
  decodeAttachment,
  encodeAttachment,
  runsOf,
} from '../../src/dicom/changes/attachment';
import { KeyAreaError } from '../../src/engine/errors';
import { fc } from '../properties';
import { codeOf } from './support';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const short = fc.nat(0xffff);
const long = fc.nat(0xffffffff);
const area = fc.record({ x: short, y: short, width: short, height: short });
const original = fc
  .record({
    path: fc.array(fc.record({ sequence: long, item: short }), { maxLength: 5 }),
    repeat: fc.nat(1000),
    bytes: fc.uint8Array(),
  })
  .map((value) => ({ ...value, repeat: value.path.length > 0 ? value.repeat : 1 }));
/** Runs of numbers from 1, apart from one another. */
const runs = fc
  .uniqueArray(fc.integer({ min: 1, max: 0xffffffff }), { minLength: 2 })
  .map((numbers) => numbers.sort((one, other) => one - other))
  .map((ends) =>
    Array.from({ length: ends.length >> 1 }, (_, run) => [ends[2 * run], ends[2 * run + 1]] as const),
  );
const attachment: fc.Arbitrary<Attachment> = fc.record({
  frame: long,
  frames: long,
  object: bytes(16),
  record: fc.option(
    fc.record({
      fileHash: bytes(32),
      decodedFrom: fc.constantFrom('', '1.2.840.10008.1.2.4.90'),
      coding: fc.constantFrom(
        { explicit: false, bigEndian: false },
        { explicit: true, bigEndian: false },
        { explicit: true, bigEndian: true },
      ),
      series: bytes(16),
      protectedFrames: runs,
      pixelHash: fc.option(bytes(32), { nil: undefined }),
      originals: fc.array(original),
      inserted: fc.array(long),
      overlays: fc.array(fc.record({ tag: long, areas: fc.array(area), bits: fc.uint8Array() })),
      digests: fc.uniqueArray(fc.record({ tag: fc.integer({ min: 1, max: 0xffffffff }), hash: short }), {
        selector: ({ tag }) => tag,
      }),
    }),
    { nil: undefined },
  ),
});

test('an attachment comes back as it was', () => {
  fc.assert(
    fc.property(attachment, (value) => {
      expect(decodeAttachment(encodeAttachment(value))).toEqual(value);
    }),
  );
});

test('a shortened attachment is damaged, whatever is missing', () => {
  fc.assert(
    fc.property(attachment, fc.double({ min: 0, max: 0.999, noNaN: true }), (value, share) => {
      const encoded = encodeAttachment(value);
      const shortened = encoded.subarray(0, Math.max(1, Math.floor(encoded.length * share)));
      try {
        decodeAttachment(shortened);
        throw new Error('nothing was thrown');
      } catch (error) {
        expect(error).toBeInstanceOf(KeyAreaError);
        expect((error as KeyAreaError).code).toBe('damaged');
      }
    }),
  );
});

test('a record by which no frame was protected is damaged', async () => {
  await fc.assert(
    fc.asyncProperty(attachment, async (value) => {
      if (value.record === undefined) return;
      const encoded = encodeAttachment({ ...value, record: { ...value.record, protectedFrames: [] } });
      expect(await codeOf(() => decodeAttachment(encoded))).toBe('damaged');
    }),
  );
});

test('no attachment is none, and one of a later version is named', async () => {
  expect(decodeAttachment(new Uint8Array())).toBeUndefined();
  expect(await codeOf(() => decodeAttachment(Uint8Array.of(2, 0, 0)))).toBe('unsupported-version');
});

test('frame numbers are joined to runs', () => {
  expect(runsOf([])).toEqual([]);
  expect(runsOf([3])).toEqual([[3, 3]]);
  expect(runsOf([1, 2, 3, 7, 9, 10])).toEqual([
    [1, 3],
    [7, 7],
    [9, 10],
  ]);
});
