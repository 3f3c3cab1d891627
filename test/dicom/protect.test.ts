import { decodeAttachment } from '../../src/dicom/changes/attachment';
import { readProtectionTags } from '../../src/dicom/dataset/privateBlock';
import {
  elementBytes,
  findElement,
  readFile,
  textOf,
  unsignedShortsOf,
  valueBytes,
} from '../../src/dicom/dataset/reader';
import { pixelLayout, readFrame, storedValueRange } from '../../src/dicom/image/pixels';
import {
  inspectFile,
  type ProtectedFile,
  type ProtectFileOptions,
  protectFile,
  restoreFile,
} from '../../src/dicom/index';
import { restoreFrame } from '../../src/engine/index';
import {
  buildFile,
  buildImage,
  EXPLICIT,
  encode,
  IMPLICIT,
  type ImageOptions,
  imageNodes,
  join,
  latin1,
  type Node,
  numbers,
  pixelBytes,
  shorts,
  text,
  withGroupLengths,
} from './builder';
import { codeOf, expectSameBytes, makeKeys, REPORT, testKeys } from './support';

const AREA = { x: 30, y: 40, width: 50, height: 50 };
const AREAS = { areas: [{ rectangle: AREA }] };

const keys = testKeys();

const protect = (file: Uint8Array, options: Partial<ProtectFileOptions> = {}): Promise<ProtectedFile> =>
  protectFile(file, keys.job, { ...AREAS, ...options });

/** Protects, restores with the passphrase, and gives the protected file for a closer look. */
async function roundTrip(file: Uint8Array, options: Partial<ProtectFileOptions> = {}) {
  const before = file.slice();
  const result = await protect(file, options);
  expectSameBytes(file, before);
  const restored = await restoreFile(result.file, keys.keyring);
  expect(restored.fileVerified).toBe(true);
  expectSameBytes(restored.file, file);
  return { result, restored, parsed: readFile(result.file) };
}

/** Date and time of this machine, as DA and TM. */
function localParts(instant: string): [date: string, time: string] {
  const at = new Date(instant);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const date = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return [date, `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`];
}

const sequence = (tag: number, undefinedLength = false, vr = 'SQ'): Node => ({
  tag,
  vr,
  items: [[text(0x00081150, 'UI', '1.2.3'), { tag: 0x00091001, vr: 'UN', value: latin1('private') }]],
  undefinedLength,
});
const icon: Node = {
  tag: 0x00880200,
  vr: 'SQ',
  items: [
    [
      shorts(0x00280010, 4),
      shorts(0x00280011, 4),
      { tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(16).fill(77) },
    ],
  ],
};
const RGB: ImageOptions = { bitsAllocated: 8, samplesPerPixel: 3 };

describe('a protected file restores byte for byte', () => {
  const ts = (options: ImageOptions, parts = {}) => buildImage(options, parts);
  test.each<[string, Uint8Array]>([
    ['explicit VR', ts({})],
    ['implicit VR', ts({ syntax: IMPLICIT })],
    ['8 bits', ts({ bitsAllocated: 8 })],
    ['8 bits, odd length', ts({ bitsAllocated: 8, width: 127, height: 121 })],
    ['10 bits in 16', ts({ bitsStored: 10 })],
    ['12 bits signed in 16, with negative values', ts({ bitsStored: 12, signed: true })],
    ['16 bits signed', ts({ signed: true })],
    ['MONOCHROME1', ts({ photometric: 'MONOCHROME1', bitsStored: 12 })],
    ['RGB by pixel', ts(RGB)],
    ['RGB by plane', ts({ ...RGB, planar: true })],
    ['RGB by plane, odd length', ts({ ...RGB, planar: true, width: 127, height: 121 })],
    ['RGB of 16 bits', ts({ samplesPerPixel: 3 })],
    ['pixel padding', ts({ bitsStored: 12, nodes: [shorts(0x00280120, 0)] })],
    ['3 frames', ts({ frames: 3 })],
    ['frames by plane', ts({ ...RGB, planar: true, frames: 2 })],
    ['a preamble', ts({}, { preamble: latin1('II*'.padEnd(128, '\0')) })],
    ['trailing bytes', ts({}, { trailing: new Uint8Array(300) })],
    ['trailing padding', ts({ nodes: [{ tag: 0xfffcfffc, vr: 'OB', value: new Uint8Array(10) }] })],
    [
      'a padded frame',
      ts({
        nodes: [
          {
            tag: 0x7fe00010,
            vr: 'OW',
            value: join([pixelBytes({}), new Uint8Array(64)]),
          },
        ],
      }),
    ],
    ['no group length in the meta information', ts({}, { metaGroupLength: null })],
    ['a wrong group length in the meta information', ts({}, { metaGroupLength: 12 })],
    ['group lengths', buildFile({ nodes: withGroupLengths(imageNodes(), EXPLICIT) })],
    [
      'wrong group lengths',
      buildFile({
        nodes: withGroupLengths(
          imageNodes(),
          EXPLICIT,
          new Map([
            [8, 1],
            [0x28, 2],
            [0x20, 3],
          ]),
        ),
      }),
    ],
    [
      'sequences of undefined length',
      ts({ nodes: [sequence(0x00081140, true), sequence(0x00400275, true)] }),
    ],
    [
      'private elements',
      ts({
        nodes: [text(0x00090010, 'LO', 'SOMEONE'), { tag: 0x00091001, vr: 'UN', value: latin1('xyz!') }],
      }),
    ],
    [
      'derivations of its own',
      ts({ nodes: [text(0x00082111, 'ST', 'Scaled'), sequence(0x00082112), sequence(0x0018a001)] }),
    ],
    [
      'derivations in sequences of undefined length',
      ts({ nodes: [sequence(0x00082112, true), sequence(0x0018a001, true)] }),
    ],
    [
      'derivations in implicit VR',
      ts({ syntax: IMPLICIT, nodes: [sequence(0x00082112, true), sequence(0x0018a001)] }),
    ],
    [
      'derivations that someone did not know',
      ts({ nodes: [sequence(0x00082112, true, 'UN'), { ...sequence(0x0018a001), vr: 'UN' }] }),
    ],
    [
      'empty derivations',
      ts({
        nodes: [
          { tag: 0x00082112, vr: 'SQ', items: [] },
          text(0x00082111, 'ST', ''),
          text(0x0008103e, 'LO', ''),
        ],
      }),
    ],
    [
      'odd lengths',
      ts({
        nodes: [
          { tag: 0x0008103e, vr: 'LO', value: latin1('odd') },
          { tag: 0x00080008, vr: 'CS', value: latin1('ORIGINAL\\PRIMARY\\X') },
        ],
      }),
    ],
    [
      'next to nothing but pixels',
      ts({ without: [0x00080005, 0x00080008, 0x0008103e, 0x00200011, 0x0020000d, 0x0020000e] }),
    ],
    ['an icon', ts({ nodes: [icon] })],
    ['signatures', ts({ nodes: [sequence(0x4ffe0001), sequence(0xfffafffa)] })],
    [
      'smallest and largest pixel value',
      ts({ nodes: [numbers(0x00280106, 'US', [0]), numbers(0x00280107, 'US', [65535])] }),
    ],
  ])('%s', async (_, file) => {
    await roundTrip(file);
  });
});

test('a wrong group length that happens to be right for the protected file comes back wrong', async () => {
  const metaLength = (file: Uint8Array) => readFile(file).dataSetStart - 132 - 12;
  const right = metaLength((await protect(buildImage())).file);
  expect(right).not.toBe(metaLength(buildImage()));
  await roundTrip(buildImage({}, { metaGroupLength: right }));
});

test('the input is not written to, a Buffer neither', async () => {
  const original = buildImage();
  const buffer = Buffer.from(original);
  const { file } = await protect(buffer);
  expectSameBytes(buffer, original);
  const sent = Buffer.from(file);
  expectSameBytes((await restoreFile(sent, keys.keyring)).file, original);
  expectSameBytes(sent, file);
});

describe('the protected object', () => {
  test('is an object and a series of its own in the same study', async () => {
    const original = buildImage();
    const { result, parsed } = await roundTrip(original);
    expect(result.sopInstanceUID).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
    expect(result.seriesInstanceUID).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
    expect(textOf(parsed, 0x00080018)).toBe(result.sopInstanceUID);
    expect(textOf(parsed, 0x00020003)).toBe(result.sopInstanceUID);
    expect(textOf(parsed, 0x0020000e)).toBe(result.seriesInstanceUID);
    expect(textOf(parsed, 0x0020000d)).toBe(result.studyInstanceUID);
    expect(result.studyInstanceUID).toBe('1.2.826.0.1.3680043.8.498.2');
    expect(textOf(parsed, 0x00080016)).toBe('1.2.840.10008.5.1.4.1.1.7');
    expect(textOf(parsed, 0x00200011)).toBe('4');
  });

  test('shares its series with the others of its job, and nothing with another job', async () => {
    const other = await makeKeys();
    const first = await protect(buildImage());
    const second = await protect(buildImage({ nodes: [text(0x00080018, 'UI', '1.2.3')] }));
    const again = await protectFile(buildImage(), other.job, AREAS);
    expect(second.seriesInstanceUID).toBe(first.seriesInstanceUID);
    const copy = await protectFile(buildImage(), keys.job, { ...AREAS, index: 1, count: 2 });
    expect(new Set([first, second, again, copy].map(({ sopInstanceUID }) => sopInstanceUID)).size).toBe(4);
    expect(again.seriesInstanceUID).not.toBe(first.seriesInstanceUID);
  });

  test('is derived, and says from what, how and by whom', async () => {
    const { parsed } = await roundTrip(buildImage());
    expect(textOf(parsed, 0x00080008)).toBe('DERIVED\\PRIMARY\\AXIAL');
    expect(textOf(parsed, 0x00082111)).toMatch(/^Key area hidden under a QR code/);
    expect(textOf(parsed, 0x0008103e)).toBe('Axial slices - key area hidden');
    const source = bytesOf(parsed, 0x00082112);
    for (const words of [
      '1.2.826.0.1.3680043.8.498.1',
      '121322',
      'DCM',
      'Source image for image processing operation',
    ]) {
      expect(source).toContain(words);
    }
    const equipment = bytesOf(parsed, 0x0018a001);
    for (const words of ['Key Area Protection', '109103', 'DCM', 'Modifying Equipment', '+0000']) {
      expect(equipment).toContain(words);
    }
  });

  test('keeps the history it had', async () => {
    const nodes = [
      text(0x00082111, 'ST', 'Scaled'),
      sequence(0x00082112),
      sequence(0x0018a001),
      text(0x00282110, 'CS', '01'),
    ];
    const original = readFile(buildImage({ nodes }));
    const { parsed } = await roundTrip(original.bytes);
    expect(textOf(parsed, 0x00082111)).toMatch(/^Scaled; Key area hidden/);
    expect(textOf(parsed, 0x00282110)).toBe('01');
    for (const tag of [0x00082112, 0x0018a001]) {
      expect(bytesOf(parsed, tag)).toContain(bytesOf(original, tag));
      expect(bytesOf(parsed, tag).length).toBeGreaterThan(bytesOf(original, tag).length);
    }
  });

  test('codes what it adds to a sequence of VR UN as what is there: in implicit VR', async () => {
    const unknown = { ...sequence(0x0018a001), vr: 'UN' };
    const known = bytesOf(
      (await roundTrip(buildImage({ nodes: [sequence(0x0018a001)] }))).parsed,
      0x0018a001,
    );
    const { parsed } = await roundTrip(buildImage({ nodes: [unknown] }));
    expect(known).toContain('\x08\x00\x70\x00LO');
    expect(bytesOf(parsed, 0x0018a001)).not.toContain('\x08\x00\x70\x00LO');
    expect(bytesOf(parsed, 0x0018a001)).toContain('\x08\x00\x70\x00\x1c\x00\x00\x00Key Area');
  });

  test('keeps every value of Image Type but the first, the empty ones too', async () => {
    const imageType = async (value: Node[], without: number[] = []) =>
      textOf((await roundTrip(buildImage({ nodes: value, without }))).parsed, 0x00080008);
    expect(await imageType([text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\')])).toBe('DERIVED\\PRIMARY\\');
    expect(await imageType([text(0x00080008, 'CS', 'DERIVED\\SECONDARY\\MPR\\\\X')])).toBe(
      'DERIVED\\SECONDARY\\MPR\\\\X',
    );
    expect(await imageType([], [0x00080008])).toBe('DERIVED\\SECONDARY');
  });

  test('says in value 3 of Image Type how it was made, where it is an ophthalmic photograph', async () => {
    const typeOf = async (sopClass: string, type: string) => {
      const nodes = [text(0x00080016, 'UI', sopClass), text(0x00080008, 'CS', type)];
      return textOf((await roundTrip(buildImage({ nodes }))).parsed, 0x00080008);
    };
    const photograph = '1.2.840.10008.5.1.4.1.1.77.1.5.1';
    expect(await typeOf(photograph, 'ORIGINAL\\PRIMARY\\\\COLOR')).toBe(
      'DERIVED\\PRIMARY\\KEY AREA HIDDEN\\COLOR',
    );
    expect(await typeOf(photograph, 'DERIVED\\PRIMARY\\MONTAGE\\COLOR')).toBe(
      'DERIVED\\PRIMARY\\MONTAGE\\COLOR',
    );
    const radiograph = '1.2.840.10008.5.1.4.1.1.1.1';
    expect(await typeOf(radiograph, 'ORIGINAL\\PRIMARY\\')).toBe('DERIVED\\PRIMARY\\');
  });

  test('does not refer to an original whose UID is no legal one', async () => {
    const { parsed } = await roundTrip(buildImage({ nodes: [text(0x00080018, 'UI', '999.1.2')] }));
    expect(findElement(parsed, 0x00082112)).toBeUndefined();
    expect(findElement(parsed, 0x0018a001)).toBeDefined();
  });

  test('carries its mark in the first free private block', async () => {
    const { result, parsed } = await roundTrip(buildImage());
    expect(textOf(parsed, 0x00990010)).toBe('KEY AREA PROTECTION 1');
    expect(readProtectionTags(parsed)).toEqual({
      version: '1',
      coveredAreas: result.coveredAreas,
      notice: keys.job.notice,
      losses: 0,
    });
    const taken = [
      text(0x00990010, 'LO', 'SOMEONE'),
      text(0x00991001, 'LO', 'x'),
      text(0x00991102, 'LO', 'y'),
    ];
    const other = (await roundTrip(buildImage({ nodes: taken }))).parsed;
    expect(textOf(other, 0x00990012)).toBe('KEY AREA PROTECTION 1');
    expect(textOf(other, 0x00991201)).toBe('1');
    expect(readProtectionTags(other)?.coveredAreas).toHaveLength(1);
  });

  test('tells the longest notice whole', async () => {
    const notice = 'é'.repeat(256);
    const { job, keyring } = await makeKeys({ notice });
    for (const characterSet of ['ISO_IR 100', 'ISO_IR 192']) {
      const original = buildImage({ nodes: [text(0x00080005, 'CS', characterSet)] });
      const { file } = await protectFile(original, job, AREAS);
      expect(readProtectionTags(readFile(file))?.notice).toBe(notice);
    }
    job.dispose();
    keyring.dispose();
  });

  test('has no icon and no signature any more', async () => {
    const { parsed } = await roundTrip(
      buildImage({ nodes: [icon, sequence(0x4ffe0001), sequence(0xfffafffa)] }),
    );
    for (const tag of [0x00880200, 0x4ffe0001, 0xfffafffa]) expect(findElement(parsed, tag)).toBeUndefined();
  });

  test('has no attribute any more that holds for another instance, concatenation or series', async () => {
    const nodes = [
      text(0x00080014, 'UI', '1.2.3'),
      numbers(0x00280108, 'US', [1]),
      numbers(0x00280109, 'US', [9]),
      text(0x00200242, 'UI', '1.2.4'),
      text(0x00209161, 'UI', '1.2.5'),
      shorts(0x00209162, 2),
      shorts(0x00209163, 3),
      numbers(0x00209228, 'UL', [40]),
      text(0x01000410, 'CS', 'AO'),
      text(0x01000420, 'DT', '20200102030405'),
      text(0x01000424, 'LT', 'final'),
      text(0x01000426, 'LO', '7'),
    ];
    const { parsed } = await roundTrip(buildImage({ nodes }));
    for (const { tag } of nodes) expect([tag, findElement(parsed, tag)]).toEqual([tag, undefined]);
  });

  test.each<[string, string, string, Node[]]>([
    ['time zone', '20260301', '003005', [text(0x00080201, 'SH', '+0230')]],
    ['western time zone', '20260228', '163005', [text(0x00080201, 'SH', '-0530')]],
    ['one of this machine', ...localParts('2026-02-28T22:00:05.700Z'), []],
  ])('was created when it was given its UID: %s', async (_, date, time, zone) => {
    const clock = jest.spyOn(Date, 'now');
    clock.mockReturnValue(Date.parse('2026-02-28T22:00:05.700Z'));
    try {
      const nodes = [text(0x00080012, 'DA', '20040102'), text(0x00080013, 'TM', '101112.5'), ...zone];
      const { parsed } = await roundTrip(buildImage({ nodes }));
      expect([textOf(parsed, 0x00080012), textOf(parsed, 0x00080013)]).toEqual([date, time]);
      const silent = (await roundTrip(buildImage())).parsed;
      expect(findElement(silent, 0x00080012)).toBeUndefined();
    } finally {
      clock.mockRestore();
    }
  });

  test('has right group lengths where it had', async () => {
    const { parsed } = await roundTrip(buildFile({ nodes: withGroupLengths(imageNodes(), EXPLICIT) }));
    for (const group of [0x0008, 0x0020, 0x0028]) {
      const members = parsed.elements.filter(({ tag }) => tag >>> 16 === group);
      const size = members.slice(1).reduce((sum, { start, end }) => sum + end - start, 0);
      const [low, high] = unsignedShortsOf(parsed, members[0].tag);
      expect(low + high * 65536).toBe(size);
    }
  });

  test('tells its smallest and largest pixel value truly', async () => {
    const values = [numbers(0x00280106, 'US', [0]), numbers(0x00280107, 'US', [65535])];
    const flat: ImageOptions = { bitsStored: 12, nodes: values };
    const pixels: Node = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(128 * 128 * 2).fill(3) };
    for (const options of [flat, { ...flat, nodes: [...values, pixels] }]) {
      const original = readFile(buildImage(options));
      const { parsed } = await roundTrip(original.bytes);
      const before = storedValueRange(original.bytes, pixelLayout(original));
      const after = storedValueRange(parsed.bytes, pixelLayout(parsed));
      const [smallest] = unsignedShortsOf(parsed, 0x00280106);
      const [largest] = unsignedShortsOf(parsed, 0x00280107);
      expect(smallest).toBe(before.minimum === after.minimum ? 0 : after.minimum);
      expect(largest).toBe(before.maximum === after.maximum ? 65535 : after.maximum);
    }
  });

  test('has a window where the original had none: as wide as the original is', async () => {
    const windowOf = async (options: ImageOptions) => {
      const original = buildImage(options);
      const { parsed } = await roundTrip(original);
      const layout = pixelLayout(readFile(original));
      return {
        range: storedValueRange(original, layout),
        shown: [0x00281050, 0x00281051].map((tag) => textOf(parsed, tag)),
      };
    };
    const window = (center: string, width: string) => [
      text(0x00281050, 'DS', center),
      text(0x00281051, 'DS', width),
    ];

    const none = await windowOf({ bitsStored: 12 });
    const size = none.range.maximum - none.range.minimum + 1;
    expect(none.shown).toEqual([String(none.range.minimum + size / 2), String(size)]);

    const scaled = [text(0x00281052, 'DS', '-1024'), text(0x00281053, 'DS', '2')];
    const rescaled = await windowOf({ bitsStored: 12, nodes: [...window('0', '0'), ...scaled] });
    const { minimum, maximum } = rescaled.range;
    expect(rescaled.shown.map(Number)).toEqual([minimum + maximum - 1024 + 0.5, 2 * (maximum - minimum) + 1]);

    expect((await windowOf({ nodes: window('40', '400\\80') })).shown).toEqual(['40', '400\\80']);
    const lut = await windowOf({ nodes: [sequence(0x00283010, false)] });
    expect(lut.shown).toEqual([undefined, undefined]);
    expect((await windowOf({ samplesPerPixel: 3, bitsAllocated: 8 })).shown).toEqual([undefined, undefined]);
  });

  test('explains a window only where it is the one that the original explains', async () => {
    const explained = (center: string, width: string, nodes: Node[] = []): ImageOptions => ({
      bitsStored: 12,
      nodes: [
        text(0x00281050, 'DS', center),
        text(0x00281051, 'DS', width),
        text(0x00281055, 'LO', 'BRAIN\\BONE'),
        ...nodes,
      ],
    });
    const shownOf = async (options: ImageOptions): Promise<(string | undefined)[]> => {
      const { parsed } = await roundTrip(buildImage(options));
      return [0x00281050, 0x00281055].map((tag) => textOf(parsed, tag));
    };
    // Among pixels of one value, a QR code goes beyond what there was.
    const flat: Node = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(128 * 128 * 2).fill(3) };
    const [center, explanation] = await shownOf(explained('4000\\80', '10\\400', [flat]));
    expect(center).not.toContain('\\');
    expect(explanation).toBeUndefined();
    expect(await shownOf(explained('40\\80', '400\\200'))).toEqual(['40\\80', 'BRAIN\\BONE']);
    const lut = explained('4000\\80', '10\\400', [flat, sequence(0x00283010)]);
    expect(await shownOf(lut)).toEqual(['4000\\80', 'BRAIN\\BONE']);
  });

  test('says that something is burned in only where the report is readable in the QR code', async () => {
    const burnedIn = async (qr: 'sealed' | 'notice' | 'open', nodes: Node[] = []) => {
      const { job, keyring } = await makeKeys({ qr });
      const original = buildImage({ nodes });
      const { file } = await protectFile(original, job, AREAS);
      expectSameBytes((await restoreFile(file, keyring)).file, original);
      return textOf(readFile(file), 0x00280301);
    };
    const no = [text(0x00280301, 'CS', 'NO')];
    expect(await burnedIn('sealed')).toBeUndefined();
    expect(await burnedIn('notice', no)).toBe('NO');
    expect(await burnedIn('open', no)).toBe('YES');
    expect(await burnedIn('open')).toBe('YES');
    expect(await burnedIn('sealed', [text(0x00280301, 'CS', 'YES')])).toBe('YES');
  });

  test('claims no longer that its patient cannot be identified, where the report is readable', async () => {
    const claimed = async (qr: 'sealed' | 'open', value: string) => {
      const { job, keyring } = await makeKeys({ qr });
      const original = buildImage({ nodes: [text(0x00120062, 'CS', value)] });
      const { file } = await protectFile(original, job, AREAS);
      expectSameBytes((await restoreFile(file, keyring)).file, original);
      return textOf(readFile(file), 0x00120062);
    };
    expect(await claimed('open', 'YES')).toBe('NO');
    expect(await claimed('open', 'NO')).toBe('NO');
    expect(await claimed('sealed', 'YES')).toBe('YES');
  });

  test('says what wrote it', async () => {
    const writer = [text(0x00020012, 'UI', '1.2.3'), text(0x00020013, 'SH', 'SOMEONE')];
    const meta = [text(0x00020003, 'UI', '1.2'), ...writer];
    for (const file of [buildImage(), buildImage({}, { meta })]) {
      const { parsed } = await roundTrip(file);
      expect(textOf(parsed, 0x00020012)).toMatch(/^2\.25\.\d{30,39}$/);
      expect(textOf(parsed, 0x00020013)).toMatch(/^KEYAREA_[\d.]{1,8}$/);
    }
  });

  test('differs from the original in nothing else', async () => {
    const original = readFile(
      buildImage({ nodes: [sequence(0x00400275, true), text(0x00120062, 'CS', 'NO')] }),
    );
    const { parsed } = await roundTrip(original.bytes);
    const changed = new Set([
      0x00020000, 0x00020003, 0x00020012, 0x00020013, 0x00080008, 0x00080018, 0x0008103e, 0x00082111,
      0x00082112, 0x0018a001, 0x0020000e, 0x00281050, 0x00281051, 0x00990010, 0x00991001, 0x00991002,
      0x00991003, 0x00991004, 0x7fe00010,
    ]);
    const contents = (file: typeof original) =>
      [...file.meta, ...file.elements]
        .filter(({ tag }) => !changed.has(tag))
        .map((element) => Buffer.from(elementBytes(file, element)).toString('hex'));
    expect(contents(parsed)).toEqual(contents(original));
    expect(new Set(parsed.elements.map(({ tag }) => tag)).size).toBe(parsed.elements.length);
  });
});

describe('overlays', () => {
  /** A plane with every bit set. */
  const plane = (
    width: number,
    height: number,
    origin: [number, number],
    group = 0x6000,
    frames = 1,
  ): Node[] => [
    shorts(group * 65536 + 0x10, height),
    shorts(group * 65536 + 0x11, width),
    ...(frames > 1 ? [text(group * 65536 + 0x15, 'IS', String(frames))] : []),
    text(group * 65536 + 0x40, 'CS', 'G'),
    numbers(group * 65536 + 0x50, 'SS', origin),
    shorts(group * 65536 + 0x100, 1),
    shorts(group * 65536 + 0x102, 0),
    {
      tag: group * 65536 + 0x3000,
      vr: 'OW',
      value: new Uint8Array(2 * Math.ceil((width * height * frames) / 16)).fill(0xff),
    },
  ];
  const bit = (bytes: Uint8Array, at: number) => (bytes[at >> 3] >> (at & 7)) & 1;

  test.each<[string, number, number, [number, number], number]>([
    ["of the image's size", 128, 128, [1, 1], 1],
    ['of an odd width', 127, 101, [1, 1], 1],
    ['shifted', 64, 64, [21, 11], 1],
    ['beginning outside the image', 100, 100, [-9, -19], 1],
    ['of several frames', 128, 128, [1, 1], 2],
  ])('are cleared over the key area and nowhere else: %s', async (_, width, height, origin, frames) => {
    const { parsed } = await roundTrip(buildImage({ nodes: plane(width, height, origin, 0x6002, frames) }));
    const data = valueBytes(parsed, findElement(parsed, 0x60023000) as never);
    for (let frame = 0; frame < frames; frame++) {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const x = column + origin[1] - 1;
          const y = row + origin[0] - 1;
          const hidden = x >= AREA.x && x < AREA.x + AREA.width && y >= AREA.y && y < AREA.y + AREA.height;
          if (bit(data, (frame * height + row) * width + column) === (hidden ? 1 : 0)) {
            throw new Error(`bit ${column}, ${row} of frame ${frame} is ${hidden ? 'left' : 'lost'}`);
          }
        }
      }
    }
  });

  test('are left alone where they show nothing of the key area', async () => {
    const nodes = plane(20, 20, [1, 1]);
    const { parsed } = await roundTrip(buildImage({ nodes }));
    expect(Buffer.from(elementBytes(parsed, findElement(parsed, 0x60003000) as never))).toEqual(
      Buffer.from(encode(nodes.at(-1) as Node, EXPLICIT)),
    );
  });

  test('without a size are refused', async () => {
    const [, ...nodes] = plane(20, 20, [1, 1]);
    expect(await codeOf(() => protect(buildImage({ nodes })))).toBe('unsupported-pixels');
  });

  test('that announce more frames than they have cost no more than they have', async () => {
    const nodes = plane(128, 128, [1, 1]);
    await roundTrip(buildImage({ nodes: [...nodes, text(0x60000015, 'IS', '2000000000')] }));
  });
});

describe('frames', () => {
  test('are all protected unless some are named', async () => {
    const { result, restored } = await roundTrip(buildImage({ frames: 6 }));
    expect(await inspectFile(result.file)).toMatchObject({ frames: 6, protectedFrames: 6 });
    expect(restored).toMatchObject({ frames: 6, areas: [AREA], report: REPORT, notice: keys.job.notice });
    expect(result.samplesChangedOutside).toBe(0);
  });

  test('that are not named stay as they are', async () => {
    const original = buildImage({ frames: 5, bitsStored: 12 });
    const { result, restored, parsed } = await roundTrip(original, {
      areas: [{ rectangle: AREA, frames: [2, 4, 5] }],
    });
    expect(restored.frames).toBe(3);
    expect(await inspectFile(result.file)).toMatchObject({ frames: 5, protectedFrames: 3 });
    const layout = pixelLayout(parsed);
    const before = readFile(original);
    for (const [number, same] of [
      [1, true],
      [2, false],
      [3, true],
      [4, false],
      [5, false],
    ] as const) {
      const is = readFrame(result.file, layout, number).samples;
      const was = readFrame(before.bytes, pixelLayout(before), number).samples;
      expect(Buffer.from(is.slice().buffer).equals(Buffer.from(was.slice().buffer))).toBe(same);
    }
  });

  test('can have areas of their own, several too', async () => {
    const small = { x: 80, y: 4, width: 40, height: 40 };
    const areas = [
      { rectangle: AREA, frames: [1, 3] },
      { rectangle: small, frames: [2, 3] },
    ];
    const { result, parsed, restored } = await roundTrip(buildImage({ frames: 3, bitsStored: 12 }), {
      areas,
    });
    expect(restored.areas).toEqual([AREA]);
    const covered = readProtectionTags(parsed)?.coveredAreas ?? [];
    expect(result.coveredAreas).toEqual(covered);
    for (const area of [AREA, small]) {
      expect(
        covered.some(
          ({ x, y, width, height }) =>
            x <= area.x &&
            y <= area.y &&
            x + width >= area.x + area.width &&
            y + height >= area.y + area.height,
        ),
      ).toBe(true);
    }
  });

  test('are counted while they are worked on, and the work can be stopped', async () => {
    const file = buildImage({ frames: 3 });
    const calls: [number, number][] = [];
    const { file: output } = await protect(file, { onProgress: (done, total) => calls.push([done, total]) });
    expect(calls).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    calls.length = 0;
    await restoreFile(output, keys.keyring, { onProgress: (done, total) => calls.push([done, total]) });
    expect(calls).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);

    const controller = new AbortController();
    calls.length = 0;
    const stop = (done: number, total: number) => {
      calls.push([done, total]);
      controller.abort();
    };
    expect(await codeOf(() => protect(file, { signal: controller.signal, onProgress: stop }))).toBe(
      'cancelled',
    );
    expect(calls).toEqual([[1, 3]]);
    expect(await codeOf(() => restoreFile(output, keys.keyring, { signal: controller.signal }))).toBe(
      'cancelled',
    );
    const late = new AbortController();
    const stopLast = (done: number) => done === 3 && late.abort();
    expect(await codeOf(() => protect(file, { signal: late.signal, onProgress: stopLast }))).toBe(
      'cancelled',
    );
  });

  test('of which there are many carry the record in the first two and the last only', async () => {
    const { file } = await protect(buildImage({ frames: 6 }));
    const layout = pixelLayout(readFile(file));
    const carriers: number[] = [];
    for (let number = 1; number <= 6; number++) {
      const { attachment } = await restoreFrame(readFrame(file, layout, number), keys.keyring);
      expect(decodeAttachment(attachment)).toMatchObject({ frame: number, frames: 6 });
      if (decodeAttachment(attachment)?.record) carriers.push(number);
    }
    expect(carriers).toEqual([1, 2, 6]);
  });

  test('that carried the record are missed, however many of the others restore', async () => {
    const original = buildImage({ frames: 6 });
    const { job, keyring } = await makeKeys({});
    const { file } = await protectFile(original, job, AREAS);
    const parsed = readFile(file);
    const layout = pixelLayout(parsed);
    const forged = file.slice();
    for (const number of [1, 2, 6]) {
      const start = layout.start + (number - 1) * layout.frameLength;
      forged.fill(0, start, start + layout.frameLength);
    }
    await expect(restoreFile(forged, keyring)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('have their place among the files of the job', async () => {
    const { restored } = await roundTrip(buildImage(), { index: 3, count: 20 });
    expect(restored).toMatchObject({ index: 3, count: 20, jobId: keys.job.id });
  });
});

describe('refused are', () => {
  test.each<[string, string, Uint8Array, ProtectFileOptions]>([
    ['no area', 'no-key-area', buildImage(), { areas: [] }],
    ['an area on no frame', 'no-key-area', buildImage(), { areas: [{ rectangle: AREA, frames: [] }] }],
    [
      'an area outside the image',
      'area-outside-image',
      buildImage(),
      { areas: [{ rectangle: { ...AREA, x: 100 } }] },
    ],
    ['half pixels', 'invalid-argument', buildImage(), { areas: [{ rectangle: { ...AREA, x: 1.5 } }] }],
    [
      'a frame that is not there',
      'invalid-argument',
      buildImage(),
      { areas: [{ rectangle: AREA, frames: [2] }] },
    ],
    ['frame 0', 'invalid-argument', buildImage(), { areas: [{ rectangle: AREA, frames: [0] }] }],
    [
      'an image too small for a QR code',
      'image-too-small',
      buildImage({ width: 20, height: 20 }),
      { areas: [{ rectangle: { x: 0, y: 0, width: 4, height: 4 } }] },
    ],
    ['a file without SOP Instance UID', 'not-dicom', buildImage({ without: [0x00080018] }), AREAS],
    [
      'repeated elements',
      'not-dicom',
      buildFile({ nodes: [text(0x00080008, 'CS', 'A'), ...imageNodes()] }),
      AREAS,
    ],
  ])('%s', async (_, code, file, options) => {
    expect(await codeOf(() => protectFile(file, keys.job, options))).toBe(code);
  });

  test('images that are protected already', async () => {
    const { file } = await protect(buildImage());
    expect(await codeOf(() => protect(file))).toBe('already-protected');
  });
});

/** A whole element as text, one character per byte. */
function bytesOf(file: ReturnType<typeof readFile>, tag: number): string {
  const element = findElement(file, tag);
  if (element === undefined) throw new Error('missing element');
  return Buffer.from(valueBytes(file, element))
    .toString('latin1')
    .replace(/\xfe\xff\xdd\xe0.*$/, '');
}
