import { readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { keyringForJob } from '../../src/engine/index';
import { buildImage, EXPLICIT, encode, latin1, type Node, shorts, text } from './builder';
import { makeKeys } from './support';

/** Content Sequence in Content Sequence, each with one item, in Explicit VR Little Endian. */
function nested(depth: number): Uint8Array {
  const STEP = 20;
  const bytes = Buffer.alloc(STEP * depth);
  for (let start = 0; start < bytes.length; start += STEP) {
    bytes.set([0x40, 0x00, 0x30, 0xa7, 0x53, 0x51, 0, 0], start);
    bytes.writeUInt32LE(bytes.length - start - 12, start + 8);
    bytes.set([0xfe, 0xff, 0x00, 0xe0], start + 12);
    bytes.writeUInt32LE(bytes.length - start - STEP, start + 16);
  }
  return bytes;
}

/** The tags that are named where an element was given another value since the file was protected. */
async function changedFrom(before: Node, after: Node): Promise<readonly string[]> {
  const { job } = await makeKeys();
  const areas = [{ rectangle: { x: 9, y: 9, width: 50, height: 50 } }];
  const { file } = await protectFile(buildImage({ nodes: [before] }), job, { areas });
  const edited = splice(readFile(file), [{ tag: after.tag, bytes: encode(after, EXPLICIT) }]);
  return (await restoreFile(edited, keyringForJob(job))).changedSince;
}

const [FRAME_NUMBER, COMMENT, FRAME_UID] = [0x00286010, 0x00204000, 0x00200052];
const words = (...values: number[]) => shorts(FRAME_NUMBER, ...values);
const bytes = (tag: number, vr: string, value: string): Node => ({ tag, vr, value: latin1(value) });

test.each([
  ['zero', words(0), words(0x20)],
  ['a space, as a number', words(0x20), words(0x2020)],
  ['a letter, as a number', words(0x41), words(0x2041)],
  ['a digit, as a number', words(0x31), words(0x2031)],
  ['zeros behind a number', words(7, 0), words(7)],
  ['text', text(COMMENT, 'LT', 'stable'), text(COMMENT, 'LT', 'stables')],
])('another value is named: %s', async (_, before, after) => {
  expect(await changedFrom(before, after)).toEqual([
    `(${before.tag === COMMENT ? '0020,4000' : '0028,6010'})`,
  ]);
});

test.each([
  ['spaces behind text', bytes(COMMENT, 'LT', 'stable'), bytes(COMMENT, 'LT', 'stable    ')],
  ['nothing but spaces', bytes(COMMENT, 'LT', ''), bytes(COMMENT, 'LT', '    ')],
  ['the end of a UID', bytes(FRAME_UID, 'UI', '1.2.840.999\0'), bytes(FRAME_UID, 'UI', '1.2.840.999 ')],
])('padding of another kind is no other value: %s', async (_, before, after) => {
  expect(await changedFrom(before, after)).toEqual([]);
});

test('what others added is named, however deep they nested it', async () => {
  const { job } = await makeKeys();
  const areas = [{ rectangle: { x: 9, y: 9, width: 50, height: 50 } }];
  const { file } = await protectFile(buildImage(), job, { areas });
  for (const depth of [1, 16, 17, 20_000]) {
    const edited = splice(readFile(file), [{ tag: 0x0040a730, bytes: nested(depth) }]);
    const { changedSince } = await restoreFile(edited, keyringForJob(job));
    expect([depth, changedSince]).toEqual([depth, ['(0040,A730)']]);
  }
});
