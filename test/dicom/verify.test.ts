import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { type PixelLayout, pixelLayout } from '../../src/dicom/image/pixels';
import { protectFile, restoreFile, verifyFile } from '../../src/dicom/index';
import { createKeyring } from '../../src/engine/index';
import { buildImage, EXPLICIT, encode, type ImageOptions, pixelBytes, shorts } from './builder';
import { codeOf, REPORT, testKeys } from './support';

const AREA = { x: 40, y: 40, width: 60, height: 60 };
const AREAS = { areas: [{ rectangle: AREA }] };
const original = buildImage({ bitsStored: 12, width: 160, height: 150, frames: 2 });

const keys = testKeys();
let sent: Uint8Array;
let layout: PixelLayout;
beforeAll(async () => {
  sent = (await protectFile(original, keys.job, AREAS)).file;
  layout = pixelLayout(readFile(sent));
});

/** A copy of `bytes` of which a square of pixels, one where no side is given, has other lowest bits. */
function altered(bytes: Uint8Array, frame: number, x: number, y: number, side = 1): Uint8Array {
  const copy = bytes.slice();
  const { start } = pixelLayout(readFile(bytes));
  for (let row = y; row < y + side; row++) {
    for (let column = x; column < x + side; column++) {
      copy[start + (frame - 1) * layout.frameLength + 2 * (row * layout.width + column)] ^= 3;
    }
  }
  return copy;
}

/** The stored values of one rectangle. */
function cut(bytes: Uint8Array, frame: number, { x, y, width, height } = AREA): Buffer {
  const { start } = pixelLayout(readFile(bytes));
  const rows = Array.from({ length: height }, (_, row) => {
    const at = start + (frame - 1) * layout.frameLength + 2 * ((y + row) * layout.width + x);
    return bytes.subarray(at, at + 2 * width);
  });
  return Buffer.concat(rows);
}

describe('verifying a file', () => {
  test('finds that it is whole', async () => {
    const verdict = await verifyFile(sent, keys.keyring);
    expect(verdict).toMatchObject({
      outcome: 'verified',
      pixelsVerified: true,
      fileVerified: true,
      altered: [],
      unprotectedFramesAltered: false,
      repairedSegments: 0,
      report: REPORT,
    });
    expect(verdict).not.toHaveProperty('file');
  });

  test('finds damage under the QR code that was repaired', async () => {
    const verdict = await verifyFile(altered(sent, 1, 60, 52, 6), keys.keyring);
    expect(verdict).toMatchObject({ outcome: 'repaired', pixelsVerified: true, fileVerified: true });
    expect(verdict.repairedSegments).toBeGreaterThan(0);
  });

  test('tells which blocks of which frame were altered', async () => {
    const verdict = await verifyFile(altered(altered(sent, 2, 5, 3), 2, 159, 149), keys.keyring);
    expect(verdict).toMatchObject({ outcome: 'altered', pixelsVerified: false, fileVerified: false });
    const [{ blockSize, columns, rows, blocks }] = verdict.altered;
    expect(verdict.altered).toHaveLength(1);
    expect(verdict.altered[0].frame).toBe(2);
    expect([columns, rows]).toEqual([Math.ceil(160 / blockSize), Math.ceil(150 / blockSize)]);
    expect(blocks).toHaveLength(2);
    expect(blocks[0]).toEqual({ x: 0, y: 0, width: blockSize, height: blockSize });
    expect([blocks[1].x + blocks[1].width, blocks[1].y + blocks[1].height]).toEqual([160, 150]);
  });

  test('finds that frames were altered which were not protected', async () => {
    const { file } = await protectFile(original, keys.job, { areas: [{ rectangle: AREA, frames: [2] }] });
    expect(await verifyFile(file, keys.keyring)).toMatchObject({ outcome: 'verified' });
    expect(await verifyFile(altered(file, 1, 5, 3), keys.keyring)).toMatchObject({
      outcome: 'altered',
      altered: [],
      unprotectedFramesAltered: true,
    });
    const both = await verifyFile(altered(altered(file, 1, 5, 3), 2, 5, 3), keys.keyring);
    expect(both).toMatchObject({ outcome: 'altered', unprotectedFramesAltered: true });
    expect(both.altered.map(({ frame }) => frame)).toEqual([2]);
    const one = await verifyFile(altered(file, 2, 5, 3), keys.keyring);
    expect(one).toMatchObject({ outcome: 'altered', unprotectedFramesAltered: false });
  });

  test('refuses what restoring refuses', async () => {
    const other = createKeyring({ passphrase: 'another passphrase' });
    expect(await codeOf(() => verifyFile(sent, other))).toBe('wrong-key');
    expect(await codeOf(() => verifyFile(original, keys.keyring))).toBe('not-protected');
  });
});

describe('restoring an altered file', () => {
  test('is refused unless it is accepted', async () => {
    expect(await codeOf(() => restoreFile(altered(sent, 2, 5, 3), keys.keyring))).toBe('altered');
  });

  test('gives the exact key area, and the pixels around as they are', async () => {
    const { file, pixelsVerified } = await restoreFile(altered(sent, 2, 5, 3), keys.keyring, {
      acceptAltered: true,
    });
    expect(pixelsVerified).toBe(false);
    for (const frame of [1, 2]) expect(cut(file, frame)).toEqual(cut(original, frame));
    const whole = { x: 0, y: 0, width: 160, height: 150 };
    expect(cut(file, 1, whole)).toEqual(cut(original, 1, whole));
    expect(cut(file, 2, whole)).toEqual(cut(altered(original, 2, 5, 3), 2, whole));
  });

  test('gives an image of its own, which says that it is not the original', async () => {
    const bytes = altered(sent, 2, 5, 3);
    const { file } = await restoreFile(bytes, keys.keyring, { acceptAltered: true, originalUIDs: true });
    const [before, now, then] = [original, file, sent].map((content) => readFile(content));
    for (const tag of [0x00020003, 0x00080018, 0x0020000e]) {
      expect([before, then].map((parsed) => textOf(parsed, tag))).not.toContain(textOf(now, tag));
    }
    expect(textOf(now, 0x00080008)).toBe('DERIVED\\PRIMARY\\AXIAL');
    expect(textOf(now, 0x0008103e)).toBe('Axial slices - restored, altered');
    expect(textOf(now, 0x00082111)).toMatch(/^Key area restored exactly/);
    expect(textOf(now, 0x00990010)).toBeUndefined();
    const other = await restoreFile(altered(sent, 2, 6, 3), keys.keyring, { acceptAltered: true });
    expect(textOf(readFile(other.file), 0x00080018)).not.toBe(textOf(now, 0x00080018));
    expect(textOf(readFile(other.file), 0x0020000e)).toBe(textOf(now, 0x0020000e));
  });
});

describe('a picture of another size than was protected', () => {
  /** A file whose frames have `rows` rows, the same as before as far as there are so many, then others. */
  function withRows(file: Uint8Array, rows: number): Uint8Array {
    const { start, frames, frameLength, height, planar, samplesPerPixel } = pixelLayout(readFile(file));
    const planes = planar ? samplesPerPixel : 1;
    const length = frameLength / planes;
    const cut = Array.from({ length: frames * planes }, (_, plane) => {
      const own = new Uint8Array((length / height) * rows).fill(rows > height ? 99 : 0);
      const first = start + plane * length;
      own.set(file.subarray(first, first + Math.min(length, own.length)));
      return own;
    });
    const value = new Uint8Array(Buffer.concat(cut));
    return splice(
      readFile(file),
      [shorts(0x00280010, rows), { tag: 0x7fe00010, vr: 'OW', value }].map((node) => ({
        tag: node.tag,
        bytes: encode(node, EXPLICIT),
      })),
    );
  }

  test.each<[string, ImageOptions]>([
    ['gray', {}],
    ['frames', { frames: 2 }],
    ['colour by plane', { samplesPerPixel: 3, planar: true, bitsAllocated: 8, bitsStored: 8 }],
  ])('is not verified: %s', async (_, options) => {
    const image = { bitsStored: 12, width: 160, height: 150, ...options };
    const pixels = pixelBytes(image);
    // Rows that are black: cut off, they come back as they were.
    const black = { tag: 0x7fe00010, vr: 'OW', value: pixels.fill(0, pixels.length - pixels.length / 10) };
    const { file } = await protectFile(buildImage({ ...image, nodes: [black] }), keys.job, AREAS);
    for (const rows of [166, 144]) {
      expect(await codeOf(() => verifyFile(withRows(file, rows), keys.keyring))).toBe('altered');
      expect(
        await codeOf(() => restoreFile(withRows(file, rows), keys.keyring, { acceptAltered: true })),
      ).toBe('altered');
    }
    expect(await verifyFile(withRows(file, 150), keys.keyring)).toMatchObject({ pixelsVerified: true });
  });
});
