import { decodeAttachment, encodeAttachment } from '../../src/dicom/changes/attachment';
import { type DicomFile, readFile, textOf, unsignedShortsOf } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { TAG } from '../../src/dicom/dataset/tags';
import { pixelLayout, storedValueRange } from '../../src/dicom/image/pixels';
import { inspectFile, protectFile, restoreFile, verifyFile } from '../../src/dicom/index';
import { createKeyring, type ErrorCode } from '../../src/engine/index';
import { buildImage, EXPLICIT, encode, latin1, pixelBytes, shorts, text } from './builder';
import { codeOf, errorOf, makeKeys, PASSPHRASE, REPORT, testKeys } from './support';

/** Of an object that lost some of its protected frames, the others come back where that is accepted. */

const keys = testKeys();
const AREAS = { areas: [{ rectangle: { x: 40, y: 40, width: 60, height: 60 } }] };
const FRAMES = 12;
const nodes = [text(TAG.BurnedInAnnotation, 'CS', 'NO')];
const original = buildImage({ bitsStored: 12, width: 160, height: 150, frames: FRAMES, nodes });
const accepting = { acceptAltered: true };

let sent: Uint8Array;
beforeAll(async () => {
  sent = (await protectFile(original, keys.job, AREAS)).file;
});

function frameOf(file: Uint8Array, number: number): Uint8Array {
  const { start, frameLength } = pixelLayout(readFile(file));
  return file.subarray(start + (number - 1) * frameLength, start + number * frameLength);
}

/** A copy of which these frames are black from row 60 on, a part of the key area and its QR code with them. */
function blackened(file: Uint8Array, numbers: readonly number[]): Uint8Array {
  const copy = file.slice();
  for (const number of numbers) frameOf(copy, number).fill(0, 60 * 160 * 2);
  return copy;
}

/** A copy of which these frames have no lowest bits any more, as after compression with loss: the QR code is left. */
function coarsened(file: Uint8Array, numbers: readonly number[]): Uint8Array {
  const copy = file.slice();
  for (const number of numbers) {
    const frame = frameOf(copy, number);
    for (let at = 0; at < frame.length; at += 2) frame[at] = 0;
  }
  return copy;
}

/** A copy of which these frames are black all over: nothing tells that they were protected. */
function emptied(file: Uint8Array, ...numbers: number[]): Uint8Array {
  const copy = file.slice();
  for (const number of numbers) frameOf(copy, number).fill(0);
  return copy;
}

test('inspecting tells which frames show by their QR codes alone that they were protected', async () => {
  expect(await inspectFile(sent)).toMatchObject({ protectedFrames: FRAMES, lostFrames: [] });
  expect(await inspectFile(coarsened(sent, [1, 5]))).toMatchObject({
    frames: FRAMES,
    protectedFrames: FRAMES - 2,
    lostFrames: [1, 5],
  });
  const all = Array.from({ length: FRAMES }, (_, index) => index + 1);
  expect(await codeOf(() => inspectFile(coarsened(sent, all)))).toBe('stored-with-loss');
});

test.each<[string, (file: Uint8Array) => Uint8Array, number[], ErrorCode?]>([
  ['stored with loss', (file) => coarsened(file, [3, 4]), [3, 4], 'stored-with-loss'],
  ['painted over', (file) => blackened(file, [5]), [5]],
  ['the first of them', (file) => blackened(file, [1]), [1]],
  ['most of those that carry the record', (file) => emptied(blackened(file, [1]), 2), [1, 2]],
  ['without a trace', (file) => emptied(file, 1, 7), [1, 7]],
  [
    'all but one',
    (file) => emptied(file, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  ],
])('frames lost: %s', async (_, damage, lostFrames, code = 'damaged') => {
  const bytes = damage(sent);
  const refusal = await errorOf(() => restoreFile(bytes, keys.keyring));
  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(`${lostFrames.length} of ${FRAMES} protected frames`);

  const { file, ...restored } = await restoreFile(bytes, keys.keyring, accepting);
  const findings = {
    outcome: 'damaged',
    pixelsVerified: false,
    fileVerified: false,
    lostFrames,
    altered: [],
    changedSince: [],
    meaningChanged: [],
    frames: FRAMES - lostFrames.length,
    report: REPORT,
  };
  expect(restored).toMatchObject(findings);
  expect(await verifyFile(bytes, keys.keyring)).toMatchObject(findings);
  for (let number = 1; number <= FRAMES; number++) {
    const expected = lostFrames.includes(number) ? bytes : original;
    expect(Buffer.compare(frameOf(file, number), frameOf(expected, number))).toBe(0);
  }
});

test('what came back is an image of its own, which says what it lacks', async () => {
  const { file } = await restoreFile(blackened(sent, [5, 6]), keys.keyring, {
    ...accepting,
    originalUIDs: true,
  });
  const [before, then, now] = [original, sent, file].map((bytes) => readFile(bytes));
  for (const tag of [TAG.MediaStorageSOPInstanceUID, TAG.SOPInstanceUID, TAG.SeriesInstanceUID])
    expect([textOf(before, tag), textOf(then, tag)]).not.toContain(textOf(now, tag));
  expect(textOf(now, TAG.ImageType)).toMatch(/^DERIVED/);
  expect(textOf(now, TAG.DerivationDescription)).toContain(`in ${FRAMES - 2} of ${FRAMES} frames`);
});

test('a report in clear on a frame that did not come back still counts as burned in', async () => {
  const open = await makeKeys({ qr: 'open' });
  const { file: clear } = await protectFile(original, open.job, AREAS);
  const burnedIn = async (bytes: Uint8Array) =>
    textOf(readFile((await restoreFile(bytes, open.keyring, accepting)).file), TAG.BurnedInAnnotation);
  expect(await burnedIn(clear)).toBe('NO');
  expect(await burnedIn(blackened(clear, [5]))).toBe('YES');
  open.job.dispose();
  open.keyring.dispose();
});

test('where the frames with the record are lost, nothing comes back', async () => {
  const bytes = emptied(sent, 1, 2, FRAMES);
  expect(await codeOf(() => restoreFile(bytes, keys.keyring, accepting))).toBe('damaged');
});

test('another key opens none of them, and another image’s frame is none of them', async () => {
  const other = createKeyring({ passphrase: `not ${PASSPHRASE}` });
  expect(await codeOf(() => restoreFile(blackened(sent, [1]), other, accepting))).toBe('wrong-key');
  other.dispose();
  const foreign = (
    await protectFile(buildImage({ bitsStored: 12, width: 160, height: 150, frames: 12 }), keys.job, AREAS)
  ).file;
  const mixed = sent.slice();
  frameOf(mixed, 4).set(frameOf(foreign, 4));
  expect(await codeOf(() => restoreFile(mixed, keys.keyring, accepting))).toBe('altered');
});

test('a frame with envelopes of its own costs no derivation', async () => {
  const other = await makeKeys();
  const { file: foreign } = await protectFile(original, other.job, AREAS);
  const mixed = sent.slice();
  for (const number of [4, 5, 6]) frameOf(mixed, number).set(frameOf(foreign, number));
  const fresh = createKeyring({ passphrase: PASSPHRASE });
  const refusal = await errorOf(() => restoreFile(mixed, fresh, accepting));
  expect(refusal).toMatchObject({ code: 'altered', message: expect.stringContaining('frame 4 belongs') });
  expect(await fresh.share()).toHaveLength(1);
  // The passphrase fits those frames too.
  await restoreFile(foreign, fresh);
  expect(await fresh.share()).toHaveLength(2);
  for (const opened of [other.job, other.keyring, fresh]) opened.dispose();
});

describe('what is said of frames that did not come back is true of them', () => {
  const restoredOf = async (bytes: Uint8Array) => {
    const { file, ...restored } = await restoreFile(bytes, keys.keyring, accepting);
    return { ...restored, file: readFile(file), range: storedValueRange(file, pixelLayout(readFile(file))) };
  };
  const extremes = ({ file }: { file: DicomFile }) =>
    [TAG.SmallestImagePixelValue, TAG.LargestImagePixelValue].map((tag) => unsignedShortsOf(file, tag)[0]);

  test('colour whose chroma is shared no longer stays wide, and nobody is said to have changed that', async () => {
    const shape = { samplesPerPixel: 3, bitsAllocated: 8, width: 160, height: 150, frames: 5 } as const;
    const raw = pixelBytes(shape);
    const cells = Array.from({ length: raw.length / 6 }, (_, pair) =>
      [0, 3, 1, 2].map((sample) => raw[6 * pair + sample]),
    ).flat();
    const pixels = { tag: TAG.PixelData, vr: 'OB', value: Uint8Array.from(cells) };
    const colour = buildImage({ ...shape, photometric: 'YBR_FULL_422', nodes: [pixels] });
    const { file } = await protectFile(colour, keys.job, AREAS);
    expect(await verifyFile(file, keys.keyring)).toMatchObject({ outcome: 'verified', fileVerified: true });
    const copy = file.slice();
    const third = frameOf(copy, 3);
    third.fill(0, third.length / 2);
    const restored = await restoredOf(copy);
    expect(restored).toMatchObject({
      outcome: 'damaged',
      lostFrames: [3],
      changedSince: [],
      meaningChanged: [],
    });
    expect(textOf(restored.file, TAG.PhotometricInterpretation)).toBe('YBR_FULL');
  });

  test('Frame Type, Image Type and the extremes', async () => {
    const type = { tag: TAG.FrameType, vr: 'CS', value: latin1('ORIGINAL\\PRIMARY\\M\\NONE') };
    const groups = {
      tag: TAG.PerFrameFunctionalGroupsSequence,
      vr: 'SQ',
      items: Array.from({ length: 4 }, () => [{ tag: 0x00189226, vr: 'SQ', items: [[type]] }]),
    };
    const range = [shorts(TAG.SmallestImagePixelValue, 7), shorts(TAG.LargestImagePixelValue, 9)];
    const enhanced = buildImage({
      ...{ bitsStored: 12, width: 160, height: 150, frames: 4 },
      nodes: [...range, groups],
    });
    const { file } = await protectFile(enhanced, keys.job, AREAS);
    const restored = await restoredOf(blackened(file, [2]));
    expect(restored.lostFrames).toEqual([2]);
    const types = Buffer.from(restored.file.bytes)
      .toString('latin1')
      .match(/(ORIGINAL|DERIVED).PRIMARY.M.NONE/g);
    expect(types?.map((found) => found.slice(0, 7))).toEqual(['ORIGINA', 'DERIVED', 'ORIGINA', 'ORIGINA']);
    expect(textOf(restored.file, TAG.ImageType)).toMatch(/^MIXED/);
    expect(extremes(restored)).toEqual([restored.range.minimum, restored.range.maximum]);
  });

  test('noise has no padding', async () => {
    const padding = shorts(TAG.PixelPaddingValue, 0);
    const padded = buildImage({ bitsStored: 12, width: 160, height: 150, frames: 4, nodes: [padding] });
    const { file } = await protectFile(padded, keys.job, { ...AREAS, scramble: true });
    const whole = await restoredOf(file);
    expect(unsignedShortsOf(whole.file, TAG.PixelPaddingValue)).toEqual([0]);
    const restored = await restoredOf(blackened(file, [2]));
    expect(restored).toMatchObject({ outcome: 'damaged', lostFrames: [2], changedSince: [] });
    expect(unsignedShortsOf(restored.file, TAG.PixelPaddingValue)).toEqual([]);
  });
});

test.each([
  ['NO', text(TAG.BurnedInAnnotation, 'CS', 'NO'), 'YES'],
  [
    'a text that no code may be',
    { tag: TAG.BurnedInAnnotation, vr: 'UT', value: new Uint8Array(70_000).fill(65) },
    'YES',
  ],
])('whatever else said whether a report in clear is burned in: %s', async (_, node, expected) => {
  const open = await makeKeys({ qr: 'open' });
  const { file } = await protectFile(original, open.job, AREAS);
  const edited = splice(readFile(file), [{ tag: node.tag, bytes: encode(node, EXPLICIT) }]);
  const restored = await restoreFile(blackened(edited, [5]), open.keyring, accepting);
  expect(textOf(readFile(restored.file), TAG.BurnedInAnnotation)).toBe(expected);
  const sealed = splice(readFile(sent), [{ tag: node.tag, bytes: encode(node, EXPLICIT) }]);
  const kept = await restoreFile(blackened(sealed, [5]), keys.keyring, accepting);
  expect(textOf(readFile(kept.file), TAG.BurnedInAnnotation)).toBe(
    textOf(readFile(sealed), TAG.BurnedInAnnotation),
  );
  open.job.dispose();
  open.keyring.dispose();
});

test.each<[string, [number, number][]]>([
  ['empty', [[5, 4]]],
  [
    'out of order',
    [
      [3, 4],
      [1, 2],
    ],
  ],
  [
    'overlapping',
    [
      [1, 3],
      [3, 4],
    ],
  ],
  ['before the first frame', [[0, 3]]],
])('a record whose runs of frames are %s is refused', (_, protectedFrames) => {
  const attachment = { frame: 1, frames: 4, object: new Uint8Array(16) };
  const record = {
    ...{ fileHash: new Uint8Array(32), decodedFrom: '', coding: { explicit: true, bigEndian: false } },
    ...{
      series: new Uint8Array(16),
      pixelHash: undefined,
      originals: [],
      inserted: [],
      overlays: [],
      digests: [],
    },
  };
  const encoded = (runs: [number, number][]) =>
    encodeAttachment({ ...attachment, record: { ...record, protectedFrames: runs } });
  expect(
    decodeAttachment(
      encoded([
        [1, 2],
        [3, 4],
      ]),
    ),
  ).toMatchObject(attachment);
  expect(() => decodeAttachment(encoded(protectedFrames))).toThrow('cannot be read');
});
