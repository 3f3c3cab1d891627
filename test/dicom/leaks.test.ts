import { findElement, readFile, textOf } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { planFile, protectFile, restoreFile } from '../../src/dicom/index';
import {
  buildImage,
  EXPLICIT,
  encode,
  IMPLICIT,
  type ImageOptions,
  join,
  latin1,
  type Node,
  pixelBytes,
  shorts,
  text,
} from './builder';
import { errorOf, expectSameBytes, testKeys } from './support';

/** Whatever else in a file shows the key area goes into hiding with it, and comes back. */
const AREAS = { areas: [{ rectangle: { x: 10, y: 10, width: 70, height: 70 } }] };
/** Found in a file as it is, wherever it lies. */
const PICTURE = latin1('A PICTURE OF THE KEY AREA.......');

const keys = testKeys();

const pixels: Node = { tag: 0x7fe00010, vr: 'OB', value: PICTURE };
const icon = (undefinedLength = false): Node => ({
  tag: 0x00880200,
  vr: 'SQ',
  items: [[shorts(0x00280010, 4), shorts(0x00280011, 8), pixels]],
  undefinedLength,
});
const holds = (bytes: Uint8Array) => Buffer.from(bytes).includes(Buffer.from(PICTURE));

async function roundTrip(options: ImageOptions, areas = AREAS, parts = {}) {
  const original = buildImage({ bitsStored: 12, ...options }, parts);
  const result = await protectFile(original, keys.job, areas);
  const restored = await restoreFile(result.file, keys.keyring);
  expect(restored.fileVerified).toBe(true);
  expectSameBytes(restored.file, original);
  return { original, sent: result.file, warnings: result.warnings.map(({ code }) => code) };
}

const creator = text(0x00290010, 'LO', 'SOMEONE');
const sequence = (tag: number, items: Node[][], vr = 'SQ', undefinedLength = false): Node => ({
  tag,
  vr,
  items,
  undefinedLength,
});
/** Begins as a BMP file that is `length` bytes long. */
const bitmap = (length: number): Uint8Array => {
  const header = Buffer.alloc(26);
  header.write('BM', 'latin1');
  header.writeUInt32LE(length, 2);
  return join([header, PICTURE]);
};
const label = text(0x00081150, 'UI', '1.2.3');

describe('a picture of the key area is hidden with it', () => {
  test.each<[string, Node[], typeof EXPLICIT?]>([
    ['an icon', [icon()]],
    ['an icon of undefined length', [icon(true)]],
    ['an icon in implicit VR', [icon()], IMPLICIT],
    ['an icon inside a sequence', [sequence(0x00041220, [[label], [label, icon()]])]],
    [
      'icons inside private sequences',
      [creator, sequence(0x00291001, [[icon(true)], [label, icon()]], 'SQ', true)],
    ],
    ['an icon inside a sequence in implicit VR', [sequence(0x00041220, [[label, icon()]])], IMPLICIT],
    ['an icon inside a sequence of VR UN', [creator, sequence(0x00291001, [[label, icon()]], 'UN', true)]],
    [
      'an icon beside elements out of order',
      [sequence(0x00041220, [[text(0x00090010, 'LO', 'X'), label, icon()]])],
    ],
    ['private pixel data', [creator, sequence(0x00291001, [[label, pixels]])]],
    [
      'private pixel data three deep',
      [creator, sequence(0x00291001, [[sequence(0x00081140, [[sequence(0x00291002, [[pixels]])]])]])],
    ],
    [
      'a private JPEG picture',
      [creator, { tag: 0x00291001, vr: 'OB', value: join([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), PICTURE]) }],
    ],
    [
      'a private PNG picture in implicit VR',
      [creator, { tag: 0x00291001, vr: 'UN', value: join([Uint8Array.of(0x89, 0x50, 0x4e, 0x47), PICTURE]) }],
      IMPLICIT,
    ],
    ['a private BMP picture', [creator, { tag: 0x00291001, vr: 'UN', value: bitmap(26 + PICTURE.length) }]],
    [
      'a private BMP picture, padded',
      [creator, { tag: 0x00291001, vr: 'OB', value: bitmap(25 + PICTURE.length) }],
    ],
    ['retired pixel data', [{ tag: 0x7f000010, vr: 'OW', value: PICTURE }]],
    ['retired pixel data behind the image', [{ tag: 0x7ffe0010, vr: 'OB', value: PICTURE }]],
    ['retired pixel data in implicit VR', [{ tag: 0x7f020010, vr: 'OW', value: PICTURE }], IMPLICIT],
    [
      'retired pixel data inside a sequence',
      [sequence(0x00041220, [[label, { tag: 0x7f000010, vr: 'OW', value: PICTURE }]])],
    ],
    [
      'retired coefficients',
      [
        { tag: 0x7fe00020, vr: 'OW', value: PICTURE },
        { tag: 0x7f000040, vr: 'OW', value: PICTURE },
      ],
    ],
  ])('%s', async (_, nodes, syntax = EXPLICIT) => {
    const { original, sent, warnings } = await roundTrip({ nodes, syntax });
    expect(holds(original)).toBe(true);
    expect(holds(sent)).toBe(false);
    expect(warnings).toEqual([]);
  });

  test('and what lies beside it stays', async () => {
    const nodes = [sequence(0x00041220, [[label], [label, icon()]])];
    const { sent } = await roundTrip({ nodes });
    const left = encode(sequence(0x00041220, [[label], [label]]), EXPLICIT);
    expect(Buffer.from(sent).includes(Buffer.from(left))).toBe(true);
  });

  test('and is put back in what others made of the sequence around it', async () => {
    const { original, sent } = await roundTrip({ nodes: [sequence(0x00041220, [[label, icon()]])] });
    const note = text(0x00081155, 'UI', '1.9');
    const edit = { tag: note.tag, bytes: encode(note, EXPLICIT), path: [{ sequence: 0x00041220, item: 0 }] };
    const { file, changedSince } = await restoreFile(splice(readFile(sent), [edit]), keys.keyring);
    expectSameBytes(file, splice(readFile(original), [edit]));
    expect(changedSince).toEqual(['(0004,1220)']);
  });

  test('and stays away where others took away its place, which is told', async () => {
    const { original, sent } = await roundTrip({ nodes: [sequence(0x00041220, [[label, icon()]])] });
    const edit = { tag: 0x00041220, bytes: undefined };
    const { file, changedSince } = await restoreFile(splice(readFile(sent), [edit]), keys.keyring);
    expectSameBytes(file, splice(readFile(original), [edit]));
    expect(changedSince).toEqual(['(0004,1220)']);
  });
});

test('pictures that there is no room for are named', async () => {
  const copy = pixelBytes({ bitsStored: 12 }).map((byte, index) => byte ^ ((index * index * 31) % 251));
  const original = buildImage({ bitsStored: 12, nodes: [{ tag: 0x7f000010, vr: 'OW', value: copy }] });
  const refusal = { code: 'no-room', message: expect.stringContaining('32780 bytes in (7F00,0010)') };
  await expect(protectFile(original, keys.job, AREAS)).rejects.toMatchObject(refusal);
  await expect(planFile(original, keys.job, 1, AREAS)).rejects.toMatchObject(refusal);
});

describe('what is longer than can be hidden is refused as having no room, and named', () => {
  const MEBIBYTE = 2 ** 20;
  const overlay = (side: number): Node[] => [
    shorts(0x60000010, side),
    shorts(0x60000011, side),
    { tag: 0x60003000, vr: 'OW', value: new Uint8Array(side ** 2 / 8).fill(0xff) },
  ];
  const longPicture: Node = {
    tag: 0x00291001,
    vr: 'OB',
    value: join([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), new Uint8Array(5 * MEBIBYTE)]),
  };
  const longIcon = sequence(0x00880200, [[{ ...pixels, value: new Uint8Array(5 * MEBIBYTE) }]]);

  test.each<[string, Node[], string]>([
    ['a private picture', [creator, longPicture], `${12 + 5 * MEBIBYTE + 4} bytes in (0029,1001)`],
    ['an icon', [longIcon], `${5 * MEBIBYTE + 32} bytes in (0088,0200)`],
    [
      'pictures, the longest first',
      [icon(), creator, longPicture],
      `${5 * MEBIBYTE + 16} bytes in (0029,1001), 84 bytes in (0088,0200):`,
    ],
  ])('%s', async (_, nodes, named) => {
    const original = buildImage({ bitsStored: 12, nodes });
    for (const carrier of ['vault', 'surroundings'] as const) {
      const refused = errorOf(() => protectFile(original, keys.job, { ...AREAS, carrier }));
      const { code, message } = await refused;
      expect(code).toBe('no-room');
      expect(message).toMatch(/takes 52\d{5} bytes, and 4194304 at most can be hidden/);
      expect(message).toContain(named);
      expect(message).toContain('remove them first');
    }
    const refusal = { code: 'no-room', message: expect.stringContaining(named) };
    await expect(planFile(original, keys.job, 1, AREAS)).rejects.toMatchObject(refusal);
  });

  test('an overlay', async () => {
    const side = 6000;
    const original = buildImage({ width: side, height: side, bitsAllocated: 8, nodes: overlay(side) });
    const whole = { areas: [{ rectangle: { x: 0, y: 0, width: side, height: side } }] };
    const { code, message } = await errorOf(() => protectFile(original, keys.job, whole));
    expect(code).toBe('no-room');
    expect(message).toContain('4500000 bytes in (6000,3000):');
  });
});

describe('a warning tells of', () => {
  const long = (vr: string, start = ''): Node => ({
    tag: 0x00291001,
    vr,
    value: join([latin1(start), new Uint8Array(5000)]),
  });

  test.each<[string, Node[], string[]]>([
    ['long private bytes', [creator, long('OB')], ['private-data']],
    ['long private bytes of unknown representation', [creator, long('UN')], ['private-data']],
    ['long private text', [creator, long('UT', '/9j/4AAQSkZJRg')], ['private-data']],
    ['long private numbers', [creator, long('US')], ['private-data']],
    ['long private floating-point numbers', [creator, long('OF')], ['private-data']],
    [
      'long private data that begin as a BMP file of another length',
      [creator, long('US', 'BM')],
      ['private-data'],
    ],
    ['no long text of a known meaning', [{ tag: 0x00204000, vr: 'UT', value: new Uint8Array(5000) }], []],
    ['no other elements of a retired group', [{ tag: 0x7f000011, vr: 'US', value: new Uint8Array(2) }], []],
    ['no short private bytes', [creator, { ...long('OB'), value: new Uint8Array(400) }], []],
    [
      'no description by a known device',
      [text(0x00290010, 'LO', 'SIEMENS CSA HEADER'), long('OB', 'SV10')],
      [],
    ],
    ['padding that is not empty', [{ tag: 0xfffcfffc, vr: 'OB', value: PICTURE }], ['trailing-data']],
    ['no empty padding', [{ tag: 0xfffcfffc, vr: 'OB', value: new Uint8Array(32) }], []],
  ])('%s', async (_, nodes, expected) => {
    const { warnings } = await roundTrip({ nodes });
    expect(warnings).toEqual(expected);
  });

  test('bytes after the image that are not empty', async () => {
    expect((await roundTrip({}, AREAS, { trailing: PICTURE })).warnings).toEqual(['trailing-data']);
    expect((await roundTrip({}, AREAS, { trailing: new Uint8Array(9) })).warnings).toEqual([]);
  });

  test('frames that are not protected', async () => {
    const some = { areas: [{ ...AREAS.areas[0], frames: [2] }] };
    expect((await roundTrip({ frames: 2 }, some)).warnings).toEqual(['unprotected-frames']);
    expect((await roundTrip({ frames: 2 })).warnings).toEqual([]);
  });
});

describe('an enhanced image', () => {
  const type = (value: string): Node => sequence(0x00189226, [[text(0x00089007, 'CS', value)]]);
  const ORIGINAL = 'ORIGINAL\\PRIMARY\\M\\NONE';
  const perFrame = (...values: string[]): Node =>
    sequence(
      0x52009230,
      values.map((value) => [type(value)]),
      'SQ',
      true,
    );
  const options = (...nodes: Node[]): ImageOptions => ({
    frames: 3,
    nodes: [text(0x00080008, 'CS', ORIGINAL), ...nodes],
  });
  /** Image Type, and every Frame Type in the order of the file. */
  const typesIn = (bytes: Uint8Array) => {
    const file = readFile(bytes);
    const groups = [0x52009229, 0x52009230].map((tag) => findElement(file, tag));
    const types = groups.flatMap((element) => {
      const raw = element ? Buffer.from(bytes.subarray(element.start, element.end)).toString('latin1') : '';
      return raw.match(/(ORIGINAL|DERIVED)\\PRIMARY/g) ?? [];
    });
    return [textOf(file, 0x00080008), ...types];
  };

  test('has DERIVED frames where they are protected', async () => {
    const { sent } = await roundTrip(options(perFrame(ORIGINAL, ORIGINAL, ORIGINAL)));
    expect(typesIn(sent)).toEqual(['DERIVED\\PRIMARY\\M\\NONE', ...Array(3).fill('DERIVED\\PRIMARY')]);
  });

  test('is MIXED where others are left', async () => {
    const some = { areas: [{ ...AREAS.areas[0], frames: [1, 3] }] };
    const { sent } = await roundTrip(options(perFrame(ORIGINAL, ORIGINAL, ORIGINAL)), some);
    expect(typesIn(sent)).toEqual([
      'MIXED\\PRIMARY\\M\\NONE',
      'DERIVED\\PRIMARY',
      'ORIGINAL\\PRIMARY',
      'DERIVED\\PRIMARY',
    ]);
    const derived = await roundTrip(options(perFrame(ORIGINAL, 'DERIVED\\PRIMARY\\M\\NONE', ORIGINAL)), some);
    expect(typesIn(derived.sent)[0]).toBe('DERIVED\\PRIMARY\\M\\NONE');
  });

  test('has a DERIVED type that its frames share', async () => {
    const shared = sequence(0x52009229, [[type(ORIGINAL)]]);
    const { sent } = await roundTrip(options(shared));
    expect(typesIn(sent)).toEqual(['DERIVED\\PRIMARY\\M\\NONE', 'DERIVED\\PRIMARY']);
  });
});
