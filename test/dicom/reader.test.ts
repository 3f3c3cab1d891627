import { findElement, readFile, textOf } from '../../src/dicom/dataset/reader';
import { readNative } from '../../src/dicom/decode/native';
import { pixelLayout } from '../../src/dicom/image/pixels';
import { KeyAreaError } from '../../src/engine/errors';
import { fc } from '../properties';
import {
  BIG_ENDIAN,
  buildFile,
  buildImage,
  EXPLICIT,
  encode,
  IMPLICIT,
  imageNodes,
  type Node,
  PATIENT_NAME,
  RLE,
  shorts,
  text,
} from './builder';
import { codeOf, errorOf } from './support';

const layoutOf = async (file: Uint8Array) => pixelLayout((await readNative(file)).file);

describe('the structure of a file', () => {
  test.each([
    ['implicit VR little endian', IMPLICIT],
    ['explicit VR little endian', EXPLICIT],
    ['explicit VR big endian', BIG_ENDIAN],
  ])('is read in %s', (_, syntax) => {
    const nodes = [text(0x00100010, 'PN', 'A^B'), text(0x0020000d, 'UI', '1.2.3')];
    const file = readFile(buildFile({ syntax, nodes }));
    expect(file.transferSyntax.uid).toBe(syntax.uid);
    expect(file.elements.map(({ tag }) => tag)).toEqual([0x00100010, 0x0020000d]);
    expect(textOf(file, 0x0020000d)).toBe('1.2.3');
  });

  test('covers the file without a gap, whatever the kind of length', () => {
    const nested: Node[] = [
      text(0x00080100, 'SH', 'CODE'),
      { tag: 0x00081199, vr: 'SQ', items: [[text(0x00081150, 'UI', '1.2')]], undefinedLength: true },
    ];
    const nodes: Node[] = [
      { tag: 0x00081110, vr: 'SQ', items: [nested, []], undefinedLength: true },
      { tag: 0x00081111, vr: 'SQ', items: [nested] },
      { tag: 0x00081112, vr: 'SQ', items: [] },
      { tag: 0x00091010, vr: 'UN', items: [nested], undefinedLength: true },
      { tag: 0x7fe00001, vr: 'OV', value: new Uint8Array(16) },
      { tag: 0x7fe00002, vr: 'UV', value: new Uint8Array(8) },
      { tag: 0x7fe00010, vr: 'OB', fragments: [new Uint8Array(10), new Uint8Array(4)] },
    ];
    const file = readFile(buildFile({ syntax: RLE, nodes }));
    expect(file.elements.map(({ tag }) => tag)).toEqual(nodes.map(({ tag }) => tag));
    const spans = [...file.meta, ...file.elements];
    spans.slice(1).forEach((element, index) => {
      expect(element.start).toBe(spans[index].end);
    });
    expect(spans.at(-1)?.end).toBe(file.bytes.length);
    expect(file.elements.map(({ undefinedLength }) => undefinedLength)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  test('ends where what follows the pixel data is no element', () => {
    for (const trailing of [new Uint8Array(1), new Uint8Array(512), new Uint8Array(40).fill(0xff)]) {
      const file = readFile(buildImage({}, { trailing }));
      expect(file.elements.at(-1)?.tag).toBe(0x7fe00010);
      expect(file.bytes.length - file.dataSetEnd).toBe(trailing.length);
    }
    const implicit = readFile(buildImage({ syntax: IMPLICIT }, { trailing: new Uint8Array(64) }));
    expect(implicit.elements.at(-1)?.tag).toBe(0x7fe00010);
    const padding: Node = { tag: 0xfffcfffc, vr: 'OB', value: new Uint8Array(126) };
    expect(readFile(buildImage({ nodes: [padding] })).elements.at(-1)?.tag).toBe(0xfffcfffc);
  });

  test('is read from a view into a larger buffer too', async () => {
    const file = buildImage();
    const larger = new Uint8Array(file.length + 7);
    larger.set(file, 3);
    expect(await layoutOf(larger.subarray(3, 3 + file.length))).toEqual(await layoutOf(file));
  });
});

describe('what is no DICOM file', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['a data set without a header', encode(text(0x00080018, 'UI', '1.2.3'), EXPLICIT)],
    ['something else of some length', new Uint8Array(1000).fill(0x41)],
    ['a file that names no transfer syntax', buildFile({ nodes: [], syntax: { uid: '', explicit: true } })],
    [
      'a data set of another coding than it says',
      buildFile({
        nodes: [text(0x00080005, 'CS', 'ISO_IR 100')],
        syntax: { uid: EXPLICIT.uid, explicit: false },
      }),
    ],
  ])('is refused: %s', async (_, file) => {
    expect(await codeOf(() => readFile(file))).toBe('not-dicom');
  });

  test('includes sequences nested without end', async () => {
    let node: Node = { tag: 0x00081110, vr: 'SQ', items: [], undefinedLength: true };
    for (let depth = 0; depth < 200; depth++) node = { ...node, items: [[node]] };
    expect(await codeOf(() => readFile(buildFile({ nodes: [node] })))).toBe('not-dicom');
  });

  test('includes items that are none', async () => {
    const sequence = encode({ tag: 0x00081110, vr: 'SQ', items: [[]], undefinedLength: true }, EXPLICIT);
    sequence[12] = 0x42;
    expect(await codeOf(() => readFile(new Uint8Array([...buildFile({ nodes: [] }), ...sequence])))).toBe(
      'not-dicom',
    );
  });
});

describe('a file that ends early', () => {
  test('is refused wherever it ends before its last pixel', async () => {
    const whole = buildImage({
      width: 4,
      height: 4,
      nodes: [{ tag: 0x00081110, vr: 'SQ', items: [[shorts(0x00280010, 1)]], undefinedLength: true }],
    });
    const codes = new Set<string>();
    for (let length = 0; length < whole.length; length++) {
      codes.add(await codeOf(() => layoutOf(whole.subarray(0, length))));
    }
    expect([...codes].sort()).toEqual(['no-pixel-data', 'not-dicom', 'truncated']);
  });

  test('is refused where an element announces more than there is', async () => {
    const huge = encode({ tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(2) }, EXPLICIT);
    new DataView(huge.buffer).setUint32(8, 0xfffffffe, true);
    const file = new Uint8Array([...buildFile({ nodes: [] }), ...huge]);
    expect(await codeOf(() => readFile(file))).toBe('truncated');
  });

  test('is refused where the pixel data are shorter than rows, columns and frames need', async () => {
    const short: Node = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(128 * 128 * 2 - 2) };
    expect(await codeOf(() => layoutOf(buildImage({ nodes: [short] })))).toBe('truncated');
    const frames = text(0x00280008, 'IS', '2000000000');
    expect(await codeOf(() => layoutOf(buildImage({ nodes: [frames] })))).toBe('truncated');
  });
});

describe('pixels that are not supported', () => {
  test.each<[string, string, RegExp, Uint8Array]>([
    [
      'a retired JPEG',
      'unsupported-transfer-syntax',
      /Spectral Selection/,
      buildImage({ syntax: { uid: '1.2.840.10008.1.2.4.53', explicit: true } }),
    ],
    [
      'video',
      'unsupported-transfer-syntax',
      /MPEG-4/,
      buildImage({ syntax: { uid: '1.2.840.10008.1.2.4.102', explicit: true } }),
    ],
    [
      'compressed pixel data that are native',
      'unsupported-pixels',
      /native although/,
      buildImage({ syntax: RLE }),
    ],
    [
      'a private syntax',
      'unsupported-transfer-syntax',
      /1\.2\.3\.4/,
      buildImage({ syntax: { uid: '1.2.3.4', explicit: true } }),
    ],
    ['32 bits', 'unsupported-pixels', /Bits Allocated 32/, buildImage({ nodes: [shorts(0x00280100, 32)] })],
    ['1 bit', 'unsupported-pixels', /Bits Allocated 1 /, buildImage({ nodes: [shorts(0x00280100, 1)] })],
    ['1 bit stored', 'unsupported-pixels', /Bits Stored 1 /, buildImage({ nodes: [shorts(0x00280101, 1)] })],
    [
      'more bits stored than allocated',
      'unsupported-pixels',
      /Bits Stored 17/,
      buildImage({ nodes: [shorts(0x00280101, 17)] }),
    ],
    [
      'another high bit',
      'unsupported-pixels',
      /High Bit 15/,
      buildImage({ bitsStored: 12, nodes: [shorts(0x00280102, 15)] }),
    ],
    [
      'floating point',
      'unsupported-pixels',
      /Floating-point/,
      buildFile({ nodes: [{ tag: 0x7fe00008, vr: 'OF', value: new Uint8Array(4) }] }),
    ],
    [
      'PALETTE COLOR',
      'unsupported-pixels',
      /colour palette of this image is segmented or not whole/,
      buildImage({ photometric: 'PALETTE COLOR' }),
    ],
    [
      'YBR_PARTIAL_420',
      'unsupported-pixels',
      /YBR_PARTIAL_420/,
      buildImage({ samplesPerPixel: 3, photometric: 'YBR_PARTIAL_420' }),
    ],
    [
      'a strange photometric interpretation',
      'unsupported-pixels',
      /unknown Photometric/,
      buildImage({ photometric: 'Jane Doe!' }),
    ],
    [
      'no photometric interpretation',
      'unsupported-pixels',
      /Photometric Interpretation/,
      buildImage({ without: [0x00280004] }),
    ],
    [
      'signed colour',
      'unsupported-pixels',
      /Signed colour/,
      buildImage({ samplesPerPixel: 3, bitsAllocated: 8, signed: true }),
    ],
    [
      'samples that do not fit',
      'unsupported-pixels',
      /3 samples/,
      buildImage({ nodes: [shorts(0x00280002, 3)] }),
    ],
    ['no rows', 'unsupported-pixels', /Rows/, buildImage({ without: [0x00280010] })],
    ['0 columns', 'unsupported-pixels', /Columns is 0/, buildImage({ nodes: [shorts(0x00280011, 0)] })],
    [
      'frames that are no number',
      'unsupported-pixels',
      /Number of Frames/,
      buildImage({ nodes: [text(0x00280008, 'IS', 'many')] }),
    ],
    [
      'encapsulated native pixels',
      'unsupported-pixels',
      /encapsulated/,
      buildImage({ nodes: [{ tag: 0x7fe00010, vr: 'OB', fragments: [new Uint8Array(64)] }] }),
    ],
    [
      'an overlay in unused bits',
      'unsupported-pixels',
      /overlay/,
      buildImage({ bitsStored: 12, nodes: [shorts(0x60000100, 16), shorts(0x60000102, 12)] }),
    ],
    [
      'image data after the last frame',
      'unsupported-pixels',
      /longer/,
      buildImage({ nodes: [{ tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(128 * 128 * 4).fill(9) }] }),
    ],
    ['no pixel data', 'no-pixel-data', /no pixel data/, buildImage({ without: [0x7fe00010] })],
    [
      'pixel data elsewhere',
      'no-pixel-data',
      /server/,
      buildImage({ without: [0x7fe00010], nodes: [text(0x00287fe0, 'UR', 'https://x')] }),
    ],
  ])('are refused by name: %s', async (_, code, words, file) => {
    const error = await errorOf(() => layoutOf(file));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
  });
});

test('padding after the last frame is accepted', async () => {
  const value = new Uint8Array(128 * 128 * 2 + 128);
  const { frames } = await layoutOf(buildImage({ nodes: [{ tag: 0x7fe00010, vr: 'OW', value }] }));
  expect(frames).toBe(1);
});

describe('a damaged file', () => {
  const original = buildImage({ width: 8, height: 8, syntax: EXPLICIT });
  const damages = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });

  test('gives a KeyAreaError or a file, never anything else, and no message quotes it', async () => {
    await fc.assert(
      fc.asyncProperty(damages, fc.nat(original.length), async (changes, length) => {
        const file = original.slice(0, length + 1);
        for (const [at, byte] of changes) file[at % file.length] = byte;
        try {
          const { file: native } = await readNative(file);
          const layout = pixelLayout(native);
          expect(layout.start + layout.frames * layout.frameLength).toBeLessThanOrEqual(native.bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(KeyAreaError);
          expect((error as KeyAreaError).message).not.toMatch(/Doe|Jane|PATIENT/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('still holds what a message must not say', () => {
    const file = readFile(buildFile({ nodes: imageNodes() }));
    expect(textOf(file, 0x00100010)).toBe(PATIENT_NAME);
    expect(findElement(file, 0x00100011)).toBeUndefined();
  });
});
