import { deflateRawSync } from 'node:zlib';
import { findElement, readFile, textOf, unsignedShortsOf, valueBytes } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { readNative } from '../../src/dicom/decode/native';
import { frameCells, pixelLayout } from '../../src/dicom/image/pixels';
import { compareOutput, type ProtectFileOptions, protectFile, restoreFile } from '../../src/dicom/index';
import {
  BIG_ENDIAN,
  buildFile,
  buildImage,
  EXPLICIT,
  encode,
  IMPLICIT,
  type ImageOptions,
  imageNodes,
  join,
  type Node,
  pixelBytes,
  shorts,
  text,
  withGroupLengths,
} from './builder';
import { errorOf, expectSameBytes, testKeys } from './support';

/** Native YBR_FULL_422: two pixels as Y1, Y2, Cb, Cr. */
const COLOUR: ImageOptions = { samplesPerPixel: 3, photometric: 'YBR_FULL_422', bitsAllocated: 8 };
const PIXEL_DATA = 0x7fe00010;
const PHOTOMETRIC = 0x00280004;

const keys = testKeys();

/** The samples of an image in YBR_FULL, of two pixels the same chroma. */
function wideCells(options: ImageOptions): number[] {
  const raw = pixelBytes(options);
  const cells = options.bitsAllocated === 8 ? raw : new Uint16Array(raw.buffer);
  return Array.from(cells, (cell, at) => (at % 6 === 4 || at % 6 === 5 ? cells[at - 3] : cell));
}

/** Pixel data of these samples, two pixels in four; in words where big-endian words are asked for. */
function pixelData(options: ImageOptions, vr = 'OB', tail = 0): Node {
  const wide = wideCells(options);
  const cells = wide.flatMap((y, at) => (at % 6 ? [] : [y, wide[at + 3], wide[at + 1], wide[at + 2]]));
  const value = Buffer.from(
    options.bitsAllocated === 8 ? Uint8Array.from(cells) : new Uint8Array(Uint16Array.from(cells).buffer),
  );
  if (options.syntax === BIG_ENDIAN && vr === 'OW') value.swap16();
  return { tag: PIXEL_DATA, vr, value: join([value, new Uint8Array(tail)]) };
}

function subsampled(options: ImageOptions = {}, vr = 'OB', tail = 0): ImageOptions {
  const all = { ...COLOUR, ...options };
  return { ...all, nodes: [...(options.nodes ?? []), pixelData(all, vr, tail)] };
}

/** Such an image as a file. */
function build(...args: Parameters<typeof subsampled>): Uint8Array {
  const options = subsampled(...args);
  if (options.syntax !== BIG_ENDIAN) return buildImage(options);
  const inOrder = (node: Node): Node =>
    node.vr === 'US' && node.value ? { ...node, value: Buffer.from(node.value).swap16() } : node;
  return buildFile({ syntax: BIG_ENDIAN, nodes: imageNodes(options).map(inOrder) });
}

const CODINGS: [string, ImageOptions, string][] = [
  ['bytes', {}, 'OB'],
  ['words', {}, 'OW'],
  ['implicit VR', { syntax: IMPLICIT }, 'OW'],
  ['several frames', { frames: 3 }, 'OB'],
  ['big-endian words of two bytes', { syntax: BIG_ENDIAN, frames: 3 }, 'OW'],
  ['bytes in a big-endian file', { syntax: BIG_ENDIAN }, 'OB'],
  ['12 of 16 bits', { bitsAllocated: 16, bitsStored: 12 }, 'OW'],
  ['12 of 16 bits, big-endian', { bitsAllocated: 16, bitsStored: 12, syntax: BIG_ENDIAN }, 'OW'],
];

test.each(CODINGS)('each pixel gets the chroma that it shares: %s', async (_, options, vr) => {
  const small = { width: 6, height: 5, ...options };
  const { file } = await readNative(build(small, vr));
  expect(textOf(file, PHOTOMETRIC)).toBe('YBR_FULL');
  const layout = pixelLayout(file);
  const cells = Array.from({ length: layout.frames }, (__, k) => [...frameCells(file.bytes, layout, k + 1)]);
  expect(cells.flat()).toEqual(wideCells({ ...COLOUR, ...small }));
});

const AREA = { x: 31, y: 40, width: 51, height: 50 };
const AREAS: ProtectFileOptions = { areas: [{ rectangle: AREA }] };

async function roundTrip(original: Uint8Array, options: Partial<ProtectFileOptions> = {}) {
  const { file: sent } = await protectFile(original, keys.job, { ...AREAS, ...options });
  return { sent, restored: await restoreFile(sent, keys.keyring) };
}

async function expectIdentity(original: Uint8Array, options: Partial<ProtectFileOptions> = {}) {
  const { sent, restored } = await roundTrip(original, options);
  expect(textOf(readFile(sent), PHOTOMETRIC)).toBe('YBR_FULL');
  expect(restored).toMatchObject({ fileVerified: true, changedSince: [], decodedFrom: undefined });
  expectSameBytes(restored.file, original);
}

describe('a file in YBR_FULL_422 is restored byte for byte', () => {
  test.each(CODINGS)('%s', (_, options, vr) => expectIdentity(build(options, vr)));

  test('with one protected frame of three', () =>
    expectIdentity(build({ frames: 3 }), { areas: [{ rectangle: AREA, frames: [2] }] }));

  test.each<[string, Partial<ProtectFileOptions>]>([
    ['hidden in the surroundings', { carrier: 'surroundings' }],
    ['scrambled', { scramble: true }],
    ['packed as JPEG-LS', { compress: true }],
  ])('%s', (_, options) => expectIdentity(build({ width: 176, height: 176 }), options));

  test('without Planar Configuration, with zeros after the frames and bytes after the data set', () => {
    const nodes = imageNodes(subsampled({ without: [0x00280006] }, 'OB', 6));
    return expectIdentity(buildFile({ nodes, trailing: Uint8Array.of(1, 2, 3) }));
  });

  const nodes = imageNodes(subsampled());
  const wideLength = 12 + 128 * 128 * 3;
  test.each<[string, [number, number][]]>([
    ['right', []],
    [
      'wrong',
      [
        [0x28, 7],
        [0x7fe0, 9],
      ],
    ],
    ['those of YBR_FULL', [[0x7fe0, wideLength]]],
  ])('with group lengths that are %s', (_, wrong) =>
    expectIdentity(buildFile({ nodes: withGroupLengths(nodes, EXPLICIT, new Map(wrong)) })),
  );

  test('and is known as the original of the protected one', async () => {
    const original = build();
    const { sent } = await roundTrip(original);
    expect(await compareOutput(sent, keys.job, original, AREAS)).toBe('same');
    expect(await compareOutput(sent, keys.job, build({ seed: 2 }), AREAS)).toBe('other');
  });
});

test('a deflated one comes back as what it inflates to', async () => {
  const inflated = build();
  const { dataSetStart } = readFile(inflated);
  const deflated = buildFile({
    syntax: { uid: '1.2.840.10008.1.2.1.99', explicit: true },
    nodes: [],
    trailing: deflateRawSync(inflated.subarray(dataSetStart)),
  });
  const { restored } = await roundTrip(deflated);
  expect(restored).toMatchObject({ fileVerified: true, decodedFrom: { uid: '1.2.840.10008.1.2.1.99' } });
  expectSameBytes(restored.file.subarray(-inflated.length + dataSetStart), inflated.subarray(dataSetStart));
});

describe('a protected file that was changed on the way', () => {
  const original = build();

  test('to planes comes back in YBR_FULL_422, whose samples lie by pixel', async () => {
    const { sent } = await roundTrip(original);
    const file = readFile(sent);
    const cells = frameCells(sent, pixelLayout(file), 1);
    const planes = [0, 1, 2].map((sample) => cells.filter((__, at) => at % 3 === sample) as Uint8Array);
    const value = join(planes);
    const edits = [shorts(0x00280006, 1), { tag: PIXEL_DATA, vr: 'OB', value }];
    const planar = splice(
      file,
      edits.map((node) => ({ tag: node.tag, bytes: encode(node, EXPLICIT) })),
    );
    const restored = await restoreFile(planar, keys.keyring);
    expect(restored.fileVerified).toBe(true);
    expectSameBytes(restored.file, original);
  });

  test('to implicit VR comes back in that, in YBR_FULL_422', async () => {
    const { sent } = await roundTrip(original);
    const read = readFile(sent);
    const nodes: Node[] = read.elements
      .filter(({ vr }) => vr !== 'SQ')
      .map((element) => ({ tag: element.tag, vr: element.vr as string, value: valueBytes(read, element) }));
    const restored = await restoreFile(buildFile({ nodes, syntax: IMPLICIT }), keys.keyring);
    expect(restored.pixelsVerified).toBe(true);
    const file = readFile(restored.file);
    expect(textOf(file, PHOTOMETRIC)).toBe('YBR_FULL_422');
    const element = findElement(file, PIXEL_DATA);
    expectSameBytes(
      element ? valueBytes(file, element) : new Uint8Array(),
      pixelData(COLOUR).value as Uint8Array,
    );
  });

  test('where two pixels share their chroma no longer comes back in YBR_FULL, which nobody else is said to have made it', async () => {
    const { sent } = await roundTrip(original);
    const altered = sent.slice();
    altered[pixelLayout(readFile(sent)).start + 1] ^= 8;
    expect((await errorOf(() => restoreFile(altered, keys.keyring))).code).toBe('altered');
    const restored = await restoreFile(altered, keys.keyring, { acceptAltered: true });
    expect(restored).toMatchObject({ pixelsVerified: false, fileVerified: false });
    expect(restored).toMatchObject({ outcome: 'altered', changedSince: [], meaningChanged: [] });
    const file = readFile(restored.file);
    expect(textOf(file, PHOTOMETRIC)).toBe('YBR_FULL');
    expect(pixelLayout(file)).toMatchObject({ width: 128, height: 128, ybr: true });
  });

  test('where luminance alone was altered comes back in YBR_FULL_422', async () => {
    const { sent } = await roundTrip(original);
    const altered = sent.slice();
    altered[pixelLayout(readFile(sent)).start] ^= 8;
    const restored = await restoreFile(altered, keys.keyring, { acceptAltered: true });
    expect(restored.pixelsVerified).toBe(false);
    const file = readFile(restored.file);
    expect(textOf(file, PHOTOMETRIC)).toBe('YBR_FULL_422');
    expect(unsignedShortsOf(file, 0x00280006)).toEqual([0]);
    const element = findElement(file, PIXEL_DATA);
    const expected = (pixelData(COLOUR).value as Uint8Array).slice();
    expected[0] ^= 8;
    expectSameBytes(element ? valueBytes(file, element) : new Uint8Array(), expected);
  });
});

describe('what is not YBR_FULL_422 as it should be is refused by name', () => {
  const all = 128 * 128;
  const pixels = (length: number, vr = 'OB'): Node => ({
    tag: PIXEL_DATA,
    vr,
    value: new Uint8Array(length),
  });
  test.each<[string, string, RegExp, ImageOptions]>([
    ['an odd width', 'unsupported-pixels', /Columns 127 is odd/, { width: 127, nodes: [pixels(all * 2)] }],
    ['planes', 'unsupported-pixels', /Planar Configuration 1/, { planar: true, nodes: [pixels(all * 2)] }],
    [
      'as long as YBR_FULL',
      'unsupported-pixels',
      /as long as those of YBR_FULL/,
      { nodes: [pixels(all * 3)] },
    ],
    ['more than padding', 'unsupported-pixels', /longer/, { height: 127, nodes: [pixelData(COLOUR)] }],
    ['cut off', 'truncated', /need 32768 bytes, 32766 are there/, { nodes: [pixels(all * 2 - 2)] }],
    [
      'any number of frames',
      'truncated',
      /cut off/,
      { nodes: [pixels(all * 2), text(0x00280008, 'IS', '4294967295')] },
    ],
    ['one sample', 'unsupported-pixels', /1 samples per pixel/, { nodes: [shorts(0x00280002, 1)] }],
    [
      'a representation of short values',
      'unsupported-pixels',
      /value representation/,
      { width: 8, height: 8, nodes: [pixels(128, 'US')] },
    ],
    [
      'encapsulated',
      'unsupported-pixels',
      /encapsulated/,
      { nodes: [{ tag: PIXEL_DATA, vr: 'OB', fragments: [new Uint8Array(64)] }] },
    ],
  ])('%s', async (_, code, words, options) => {
    const error = await errorOf(() => readNative(buildImage({ ...COLOUR, ...options })));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(words)]);
  });
});
