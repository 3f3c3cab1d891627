import { type DicomFile, findElement, readFile, textOf, valueBytes } from '../../src/dicom/dataset/reader';
import { recodeElement } from '../../src/dicom/dataset/recode';
import { type Edit, splice } from '../../src/dicom/dataset/splice';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '../../src/dicom/dataset/transferSyntaxes';
import { framesToSearch } from '../../src/dicom/frames';
import { pixelLayout, readFrame, writeFrame } from '../../src/dicom/image/pixels';
import { inspectFile, protectFile, restoreFile, verifyFile } from '../../src/dicom/index';
import { createKeyring, KeyAreaError, type ProtectionJob, protectFrame } from '../../src/engine/index';
import { fc } from '../properties';
import {
  BIG_ENDIAN,
  buildImage,
  EXPLICIT,
  encode,
  IMPLICIT,
  type Node,
  numbers,
  shorts,
  text,
} from './builder';
import { codeOf, errorOf, expectSameBytes, makeKeys, testKeys } from './support';

const AREA = { x: 30, y: 40, width: 50, height: 50 };
const AREAS = { areas: [{ rectangle: AREA }] };

const keys = testKeys();

const protect = async (file: Uint8Array, options = {}) =>
  (await protectFile(file, keys.job, { ...AREAS, ...options })).file;
const set = (node: Node): Edit => ({ tag: node.tag, bytes: encode(node, EXPLICIT) });
const remove = (tag: number): Edit => ({ tag, bytes: undefined });
const edited = (bytes: Uint8Array, ...edits: Edit[]) => splice(readFile(bytes), edits);
const pixelsOf = (bytes: Uint8Array) => {
  const { start, frameLength, frames } = pixelLayout(readFile(bytes));
  return bytes.subarray(start, start + frames * frameLength);
};

describe('a file that was edited on the way', () => {
  const original = buildImage({ bitsStored: 12, nodes: [text(0x00081030, 'LO', 'Study')] });
  let sent: Uint8Array;
  beforeAll(async () => {
    sent = await protect(original);
  });

  async function restored(bytes: Uint8Array, options = {}): Promise<DicomFile> {
    const result = await restoreFile(bytes, keys.keyring, options);
    expect(result).toMatchObject({ pixelsVerified: true, fileVerified: false });
    expectSameBytes(pixelsOf(result.file), pixelsOf(original));
    return readFile(result.file);
  }

  test('keeps what others changed, and gets back what protecting changed', async () => {
    const note = text(0x00104000, 'LT', 'added by the archive');
    const study = text(0x00081030, 'LO', 'Corrected');
    const file = await restored(edited(sent, set(study), set(note), remove(0x00100020)));
    expectSameBytes(file.bytes, edited(original, set(study), set(note), remove(0x00100020)));
  });

  test('gets its own values back where others changed what protecting had changed', async () => {
    const file = await restored(
      edited(
        sent,
        set(text(0x0008103e, 'LO', 'x')),
        remove(0x00080008),
        remove(0x00082111),
        set(text(0x00104000, 'LT', 'note')),
      ),
    );
    expectSameBytes(file.bytes, edited(original, set(text(0x00104000, 'LT', 'note'))));
  });

  test('needs no private element', async () => {
    const { elements } = readFile(sent);
    const stripped = edited(
      sent,
      ...elements.filter(({ tag }) => (tag >>> 16) % 2).map(({ tag }) => remove(tag)),
    );
    expect(findElement(readFile(stripped), 0x00990010)).toBeUndefined();
    const result = await restoreFile(stripped, keys.keyring);
    expect(result.fileVerified).toBe(true);
    expectSameBytes(result.file, original);
  });

  test('loses our private block, and no other, wherever they are by now', async () => {
    const creator = text(0x00990010, 'LO', 'SOMEONE');
    const theirs = text(0x00991001, 'LO', 'theirs');
    const ours = [text(0x00990020, 'LO', 'KEY AREA PROTECTION 1'), text(0x00992001, 'LO', '1')];
    const moved = edited(
      sent,
      set(creator),
      set(theirs),
      remove(0x00991002),
      remove(0x00991003),
      remove(0x00991004),
      ...ours.map(set),
    );
    const file = await restored(moved);
    expectSameBytes(file.bytes, edited(original, set(creator), set(theirs)));
  });

  test('gets UIDs of its own where others gave it new ones, unless the original ones are asked for', async () => {
    const uids = [
      text(0x00020003, 'UI', '1.9.1'),
      text(0x00080018, 'UI', '1.9.1'),
      text(0x0020000e, 'UI', '1.9.2'),
    ];
    const uidsIn = (file: DicomFile) => [0x00020003, 0x00080018, 0x0020000e].map((tag) => textOf(file, tag));
    const reidentified = edited(sent, ...uids.map(set), set(text(0x00100010, 'PN', 'ANONYMOUS')));
    const kept = await restored(reidentified);
    const taken = [original, sent, reidentified].flatMap((bytes) => uidsIn(readFile(bytes)));
    for (const uid of uidsIn(kept)) expect(taken).not.toContain(uid);
    expect(uidsIn(kept)[0]).toBe(uidsIn(kept)[1]);
    expect(uidsIn(await restored(reidentified))).toEqual(uidsIn(kept));
    expect(textOf(kept, 0x00080008)).toBe('ORIGINAL\\PRIMARY\\AXIAL');
    const asked = await restored(reidentified, { originalUIDs: true });
    expectSameBytes(asked.bytes, edited(original, set(text(0x00100010, 'PN', 'ANONYMOUS'))));
  });

  test('of which one UID alone is another gets none of the original ones', async () => {
    const kept = await restored(edited(sent, set(text(0x0020000e, 'UI', '1.9.2'))));
    for (const tag of [0x00080018, 0x0020000e]) {
      expect(textOf(kept, tag)).toMatch(/^2\.25\./);
      expect(textOf(kept, tag)).not.toBe(textOf(readFile(sent), tag));
    }
  });

  test('is told apart from its original by the tags that others changed', async () => {
    const changed = async (...edits: Edit[]) =>
      (await restoreFile(edited(sent, ...edits), keys.keyring)).changedSince;
    expect(await changed()).toEqual([]);
    expect(await changed(remove(0x00020000))).toEqual([]);
    expect(
      await changed(
        set(text(0x00081030, 'LO', 'Corrected')),
        set(text(0x00104000, 'LT', 'note')),
        remove(0x00100020),
        set(text(0x00190010, 'LO', 'SOMEONE')),
        set(text(0x0008103e, 'LO', 'x')),
      ),
    ).toEqual(['(0008,1030)', '(0010,0020)', '(0010,4000)', '(0019,xxxx)']);
    expect(await changed(set(text(0x00080018, 'UI', '1.9.1')))).toEqual(['(0008,0018)', '(0020,000E)']);
  });

  describe('and was part of a concatenation', () => {
    const parts = [
      text(0x00200242, 'UI', '1.2.4'),
      text(0x00209161, 'UI', '1.2.5'),
      shorts(0x00209162, 2),
      shorts(0x00209163, 3),
      numbers(0x00209228, 'UL', [40]),
    ];
    const part = buildImage({ bitsStored: 12, nodes: parts });
    const left = (bytes: Uint8Array) => parts.filter(({ tag }) => findElement(readFile(bytes), tag));

    test('is one again as the original alone', async () => {
      const copy = edited(
        await protect(part),
        set(text(0x00080018, 'UI', '1.9.1')),
        set(text(0x0020000e, 'UI', '1.9.2')),
      );
      expect(left((await restoreFile(copy, keys.keyring)).file)).toEqual([]);
      const original = await restoreFile(copy, keys.keyring, { originalUIDs: true });
      expect(left(original.file)).toEqual(parts);
    });

    test('is none with altered pixels, which is not told as a change by others', async () => {
      const altered = await protect(part);
      altered[pixelLayout(readFile(altered)).start] ^= 1;
      const { file, changedSince } = await restoreFile(altered, keys.keyring, { acceptAltered: true });
      expect(left(file)).toEqual([]);
      expect(changedSince).toEqual([]);
    });
  });

  test('keeps a window that others chose, where protecting left the window alone', async () => {
    const window = (center: string, width: string, explanation: string) => [
      text(0x00281050, 'DS', center),
      text(0x00281051, 'DS', width),
      text(0x00281055, 'LO', explanation),
    ];
    const windowed = buildImage({ bitsStored: 12, nodes: window('2000', '4000', 'ALL') });
    const theirs = window('40', '400', 'SOFT TISSUE').map(set);
    const other = edited(await protect(windowed), ...theirs);
    const result = await restoreFile(other, keys.keyring);
    expectSameBytes(result.file, edited(windowed, ...theirs));
    expect(result.changedSince).toEqual(['(0028,1050)', '(0028,1051)', '(0028,1055)']);
  });

  test('keeps the VOI LUT Function of such a window too', async () => {
    const window = (center: string, width: string) => [
      text(0x00281050, 'DS', center),
      text(0x00281051, 'DS', width),
    ];
    const windowed = buildImage({ bitsStored: 12, nodes: window('2000', '4000') });
    const theirs = [...window('40', '0.5'), text(0x00281056, 'CS', 'SIGMOID')].map(set);
    const result = await restoreFile(edited(await protect(windowed), ...theirs), keys.keyring);
    expectSameBytes(result.file, edited(windowed, ...theirs));
    expect(result.changedSince).toEqual(['(0028,1050)', '(0028,1051)', '(0028,1056)']);
  });

  test('loses a window that others chose, where there was none', async () => {
    const other = edited(sent, set(text(0x00281050, 'DS', '40')), set(text(0x00281051, 'DS', '400')));
    expectSameBytes((await restoreFile(other, keys.keyring)).file, original);
  });

  test('keeps extremes of pixel values that others wrote, where protecting left them alone', async () => {
    const extremes = (smallest: number) => [shorts(0x00280106, smallest), shorts(0x00280107, 65535)];
    const ranged = buildImage({ bitsStored: 12, nodes: extremes(0) });
    const other = edited(await protect(ranged), set(shorts(0x00280106, 7)));
    expectSameBytes(
      (await restoreFile(other, keys.keyring)).file,
      edited(ranged, set(shorts(0x00280106, 7))),
    );
  });

  test('without its meta group length, or with another one, is restored without complaint', async () => {
    const file = await restored(edited(sent, remove(0x00020000)));
    expectSameBytes(file.bytes, edited(original, remove(0x00020000)));
  });
});

describe('a file that was coded anew on the way', () => {
  const items: Node = {
    tag: 0x00082112,
    vr: 'SQ',
    items: [
      [
        text(0x00081150, 'UI', '1.2.3'),
        { tag: 0x0040a170, vr: 'SQ', items: [[text(0x00080100, 'SH', 'C')], []], undefinedLength: true },
      ],
    ],
    undefinedLength: true,
  };
  const defined = (node: Node): Node => ({
    ...node,
    undefinedLength: false,
    ...(node.items ? { items: node.items.map((item) => item.map(defined)) } : {}),
  });

  test('gets elements in its own coding: explicit to implicit', () => {
    for (const node of [items, defined(items), text(0x0008103e, 'LO', 'Series'), shorts(0x00280106, 3)]) {
      const recoded = recodeElement(
        encode(node, EXPLICIT),
        EXPLICIT_LITTLE_ENDIAN,
        IMPLICIT_LITTLE_ENDIAN,
        false,
      );
      expectSameBytes(recoded, encode(defined(node), IMPLICIT));
    }
  });

  test('gets elements in its own coding: implicit to explicit', () => {
    for (const node of [
      text(0x0008103e, 'LO', 'Series'),
      text(0x00080018, 'UI', '1.2'),
      shorts(0x00280106, 3),
    ]) {
      const recoded = recodeElement(
        encode(node, IMPLICIT),
        IMPLICIT_LITTLE_ENDIAN,
        EXPLICIT_LITTLE_ENDIAN,
        false,
      );
      expectSameBytes(recoded, encode(node, EXPLICIT));
    }
    const sequence = recodeElement(
      encode(defined(items), IMPLICIT),
      IMPLICIT_LITTLE_ENDIAN,
      EXPLICIT_LITTLE_ENDIAN,
      false,
    );
    const value = encode(defined(items), IMPLICIT).subarray(8);
    expectSameBytes(sequence, encode({ tag: items.tag, vr: 'UN', value }, EXPLICIT));
  });

  test('gets elements in its own coding: another byte order', () => {
    const BIG = { ...EXPLICIT_LITTLE_ENDIAN, bigEndian: true };
    const smallest = (bigEndian: boolean): Node => ({
      tag: 0x00400275,
      vr: 'SQ',
      items: [[numbers(0x00280106, 'SS', [-3], bigEndian), text(0x00080100, 'SH', 'C1')]],
    });
    const little = encode(smallest(false), EXPLICIT);
    const big = encode(smallest(true), BIG_ENDIAN);
    expectSameBytes(recodeElement(big, BIG, EXPLICIT_LITTLE_ENDIAN, true), little);
    expectSameBytes(recodeElement(little, EXPLICIT_LITTLE_ENDIAN, BIG, true), big);
    expectSameBytes(recodeElement(big, BIG, IMPLICIT_LITTLE_ENDIAN, true), encode(smallest(false), IMPLICIT));
  });

  test('gets signed pixel values as such', () => {
    for (const tag of [0x00280106, 0x00280107, 0x00280120, 0x00280121]) {
      const node = numbers(tag, 'SS', [-1024]);
      const raw = encode(node, IMPLICIT);
      expectSameBytes(
        recodeElement(raw, IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, true),
        encode(node, EXPLICIT),
      );
    }
  });

  test('elements of the same coding are not touched', () => {
    const raw = encode(items, EXPLICIT);
    expect(recodeElement(raw, EXPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, false)).toBe(raw);
  });
});

describe('overlays', () => {
  const overlay: Node[] = [
    shorts(0x60000010, 128),
    shorts(0x60000011, 128),
    { tag: 0x60003000, vr: 'OW', value: new Uint8Array(2048).fill(0xff) },
  ];

  test('get their hidden bits back, and keep what others drew meanwhile', async () => {
    const original = buildImage({ nodes: overlay });
    const sent = await protect(original);
    const data = valueBytes(readFile(sent), findElement(readFile(sent), 0x60003000) as never).slice();
    data[0] = 0;
    const drawn = set({ tag: 0x60003000, vr: 'OW', value: data });
    const { file } = await restoreFile(edited(sent, drawn), keys.keyring);
    const expected = new Uint8Array(2048).fill(0xff);
    expected[0] = 0;
    expectSameBytes(file, edited(original, set({ tag: 0x60003000, vr: 'OW', value: expected })));
  });

  test('that others removed stay away', async () => {
    const original = buildImage({ nodes: overlay });
    const sent = edited(await protect(original), remove(0x60003000));
    const { file, fileVerified } = await restoreFile(sent, keys.keyring);
    expect(fileVerified).toBe(false);
    expectSameBytes(file, edited(original, remove(0x60003000)));
  });
});

test('an icon comes back', async () => {
  const icon: Node = {
    tag: 0x00880200,
    vr: 'SQ',
    items: [[{ tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(16).fill(7) }]],
  };
  const original = buildImage({ nodes: [icon] });
  const other: Node = {
    tag: 0x00880200,
    vr: 'SQ',
    items: [[{ tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(4) }]],
  };
  const { file } = await restoreFile(edited(await protect(original), set(other)), keys.keyring);
  expectSameBytes(file, original);
});

describe('a file that cannot be restored', () => {
  test('says that nothing is protected in it', async () => {
    expect(await codeOf(() => restoreFile(buildImage(), keys.keyring))).toBe('not-protected');
    expect(await codeOf(() => inspectFile(buildImage()))).toBe('not-protected');
  });

  test('is not searched where its frames are too small to hold anything, however many there are', () => {
    const layout = pixelLayout(readFile(buildImage({ width: 7, height: 64, frames: 3 })));
    expect(framesToSearch(layout)).toBe(3);
    expect(framesToSearch({ ...layout, height: 63 })).toBe(0);
    expect(framesToSearch({ ...layout, width: 1, height: 150, samplesPerPixel: 3 })).toBe(3);
  });

  test.each<[string, (bytes: Uint8Array, signal: AbortSignal) => Promise<unknown>]>([
    ['inspecting', (bytes, signal) => inspectFile(bytes, { signal })],
    ['restoring', (bytes, signal) => restoreFile(bytes, keys.keyring, { signal })],
    ['verifying', (bytes, signal) => verifyFile(bytes, keys.keyring, { signal })],
  ])('is given up between two of its frames: %s', async (_, work) => {
    const many = buildImage({ width: 40, height: 40, bitsAllocated: 8, frames: 1000 });
    const controller = new AbortController();
    // Has its turn only where the work gives way.
    setTimeout(() => controller.abort(), 1);
    expect(await codeOf(() => work(many, controller.signal))).toBe('cancelled');
  });

  test('says that the key is another one', async () => {
    const sent = await protect(buildImage());
    const other = createKeyring({ passphrase: 'another passphrase' });
    expect(await codeOf(() => restoreFile(sent, other))).toBe('wrong-key');
  });

  test('says that its pixels were changed, where its tags know that it was protected', async () => {
    const sent = await protect(buildImage());
    const blurred = sent.slice();
    pixelsOf(blurred).fill(0x11);
    expect(await codeOf(() => restoreFile(blurred, keys.keyring))).toBe('damaged');
    expect(await codeOf(() => inspectFile(blurred))).toBe('damaged');
    const stripped = edited(blurred, remove(0x00990010));
    expect(await codeOf(() => restoreFile(stripped, keys.keyring))).toBe('not-protected');
  });

  test('says that its pixels were stored with loss, by the QR code or by its tags', async () => {
    const lossy = (sent: Uint8Array, ...edits: Edit[]) => {
      const copy = edited(sent, ...edits);
      const pixels = pixelsOf(copy);
      for (let at = 0; at < pixels.length; at += 2) pixels[at] &= 0xf0;
      return copy;
    };
    const large = { areas: [{ rectangle: { x: 4, y: 4, width: 120, height: 120 } }] };
    const { file } = await protectFile(buildImage({ bitsStored: 12 }), keys.job, large);
    const error = await errorOf(() => restoreFile(lossy(file), keys.keyring));
    expect(error.code).toBe('stored-with-loss');
    expect(error.message).toContain('may still be read from the QR code');

    const { job, keyring } = await makeKeys({ qr: 'notice' });
    const noticed = (await protectFile(buildImage({ bitsStored: 12 }), job, large)).file;
    expect(await codeOf(() => restoreFile(lossy(noticed), keyring))).toBe('damaged');
    const flag = set(text(0x00282110, 'CS', '01'));
    expect(await codeOf(() => restoreFile(lossy(noticed, flag), keyring))).toBe('stored-with-loss');
    expect(await codeOf(() => inspectFile(lossy(noticed, flag)))).toBe('stored-with-loss');
  });

  test('says that a pixel elsewhere was changed', async () => {
    const sent = await protect(buildImage());
    pixelsOf(sent)[2] ^= 1;
    expect(await codeOf(() => restoreFile(sent, keys.keyring))).toBe('altered');
  });

  test('is refused as any other file', async () => {
    expect(await codeOf(() => restoreFile(new Uint8Array(9), keys.keyring))).toBe('not-dicom');
    expect(await codeOf(() => inspectFile(new Uint8Array(9)))).toBe('not-dicom');
  });
});

test('a file damaged in its elements gives the exact pixels or a KeyAreaError', async () => {
  const original = buildImage({ width: 64, height: 64, bitsAllocated: 8 });
  const { file: sent } = await protectFile(original, keys.job, {
    areas: [{ rectangle: { x: 4, y: 4, width: 50, height: 50 } }],
  });
  const { start } = pixelLayout(readFile(sent));
  const damages = fc.array(fc.tuple(fc.nat(start - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(damages, async (changes) => {
      const damaged = sent.slice();
      for (const [at, byte] of changes) damaged[at] = byte;
      try {
        const { file } = await restoreFile(damaged, keys.keyring);
        expectSameBytes(pixelsOf(file), pixelsOf(original));
      } catch (error) {
        expect(error).toBeInstanceOf(KeyAreaError);
      }
    }),
    { numRuns: 60 },
  );
});

describe('pixels that were protected without a file around them', () => {
  /** A file of these frames, each protected by itself. */
  async function fileOf(jobs: readonly ProtectionJob[]): Promise<Uint8Array> {
    const bytes = buildImage({ frames: jobs.length });
    const layout = pixelLayout(readFile(bytes));
    for (const [index, job] of jobs.entries()) {
      const frame = readFrame(bytes, layout, index + 1);
      writeFrame(bytes, layout, index + 1, (await protectFrame(frame, job, { areas: [AREA] })).frame);
    }
    return bytes;
  }

  test('are restored; the file cannot be verified', async () => {
    const result = await restoreFile(await fileOf([keys.job, keys.job]), keys.keyring);
    expect(result).toMatchObject({ frames: 2, pixelsVerified: true, fileVerified: false });
    expectSameBytes(result.file, buildImage({ frames: 2 }));
  });

  test('belong to one job', async () => {
    const mixed = await fileOf([keys.job, (await makeKeys()).job]);
    expect(await codeOf(() => restoreFile(mixed, keys.keyring))).toBe('altered');
  });
});

describe('frames of a file', () => {
  const options = { frames: 6, bitsStored: 12, width: 96, height: 96 };
  const frameOf = (bytes: Uint8Array, number: number) => {
    const { start, frameLength } = pixelLayout(readFile(bytes));
    return bytes.subarray(start + (number - 1) * frameLength, start + number * frameLength);
  };
  const area = { x: 10, y: 10, width: 50, height: 50 };
  let original: Uint8Array;
  let sent: Uint8Array;
  let some: Uint8Array;
  beforeAll(async () => {
    original = buildImage(options);
    sent = await protect(original, { areas: [{ rectangle: area }] });
    some = await protect(original, { areas: [{ rectangle: area, frames: [2, 3, 5, 6] }] });
  });

  test.each([
    ['the first', 1],
    ['one that carries no record', 4],
    ['the last', 6],
  ])('that were lost are missed: %s', async (_, number) => {
    const lost = sent.slice();
    frameOf(lost, number).set(frameOf(original, number));
    const error = await errorOf(() => restoreFile(lost, keys.keyring));
    expect(error.code).toBe('damaged');
    expect(error.message).toContain(`: frame ${number}. `);
  });

  test("that stand in each other's place are found out", async () => {
    const swapped = sent.slice();
    frameOf(swapped, 3).set(frameOf(sent, 4));
    frameOf(swapped, 4).set(frameOf(sent, 3));
    const error = await errorOf(() => restoreFile(swapped, keys.keyring));
    expect(error.code).toBe('altered');
    expect(error.message).toContain('frame 3 of 6 was frame 4 of 6');
  });

  test('of another file or another job are found out', async () => {
    const otherFile = await protect(buildImage({ ...options, nodes: [text(0x00080018, 'UI', '1.2.3')] }), {
      areas: [{ rectangle: area }],
    });
    const otherJob = (await protectFile(original, (await makeKeys()).job, { areas: [{ rectangle: area }] }))
      .file;
    for (const other of [otherFile, otherJob]) {
      const mixed = sent.slice();
      frameOf(mixed, 4).set(frameOf(other, 4));
      expect(await codeOf(() => restoreFile(mixed, keys.keyring))).toBe('altered');
    }
  });

  test('that were not protected are compared too', async () => {
    const changed = some.slice();
    frameOf(changed, 4)[0] ^= 1;
    expect(await codeOf(() => restoreFile(changed, keys.keyring))).toBe('altered');
    expectSameBytes((await restoreFile(some, keys.keyring)).file, original);
  });

  test('that were protected but are in clear again do not pass for unprotected', async () => {
    const lost = some.slice();
    frameOf(lost, 2).set(frameOf(original, 2));
    expect(await codeOf(() => restoreFile(lost, keys.keyring))).toBe('damaged');
  });
});
