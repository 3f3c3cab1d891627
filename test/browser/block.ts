import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { writePart10 } from '../../demo/part10.mjs';
import { findElement, readFile, valueBytes } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { restoreFile } from '../../src/dicom/index';
import { createKeyring } from '../../src/engine/index';

/** A bright block of known pixels, which can be found on the screen by its brightness alone. */

export const STUDY = '1.2.826.0.1.3680043.8.498.4242.1';
export const SIZE = { columns: 160, rows: 128 };
export const BLOCK = { x: 70, y: 40, width: 48, height: 30 };

/** An image whose pixels are wider than high, black but for some texture and the block. */
export function blockImage(): Buffer {
  const pixels = Buffer.alloc(2 * SIZE.columns * SIZE.rows);
  for (let y = 0, index = 0; y < SIZE.rows; y++) {
    for (let x = 0; x < SIZE.columns; x++, index++) {
      const [column, row] = [x - BLOCK.x, y - BLOCK.y];
      const inside = column >= 0 && row >= 0 && column < BLOCK.width && row < BLOCK.height;
      pixels.writeUInt16LE((inside ? 3800 : 100) + ((x * 7 + y * 13) % 64), 2 * index);
    }
  }
  return writePart10([
    { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.4' },
    { tag: 0x00080018, vr: 'UI', value: `${STUDY}.1.1` },
    { tag: 0x00080020, vr: 'DA', value: '20260105' },
    { tag: 0x00080060, vr: 'CS', value: 'MR' },
    { tag: 0x0008103e, vr: 'LO', value: 'Block' },
    { tag: 0x00100010, vr: 'PN', value: 'Phantom^Block' },
    { tag: 0x00100020, vr: 'LO', value: 'PHANTOM-2' },
    { tag: 0x0020000d, vr: 'UI', value: STUDY },
    { tag: 0x0020000e, vr: 'UI', value: `${STUDY}.1` },
    { tag: 0x00200013, vr: 'IS', value: '1' },
    { tag: 0x00200032, vr: 'DS', value: '-80\\-40\\0' },
    { tag: 0x00200037, vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
    { tag: 0x00200052, vr: 'UI', value: `${STUDY}.2` },
    { tag: 0x00280002, vr: 'US', value: 1 },
    { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
    { tag: 0x00280010, vr: 'US', value: SIZE.rows },
    { tag: 0x00280011, vr: 'US', value: SIZE.columns },
    // Between rows, then between columns (PS3.3, section 10.7.1.3).
    { tag: 0x00280030, vr: 'DS', value: '0.7\\1.0' },
    { tag: 0x00280100, vr: 'US', value: 16 },
    { tag: 0x00280101, vr: 'US', value: 12 },
    { tag: 0x00280102, vr: 'US', value: 11 },
    { tag: 0x00280103, vr: 'US', value: 0 },
    { tag: 0x00281050, vr: 'DS', value: '2048' },
    { tag: 0x00281051, vr: 'DS', value: '4096' },
    { tag: 0x7fe00010, vr: 'OW', value: pixels },
  ]);
}

/** A small image in colour, 8 bits a sample. */
export function colourImage(): Buffer {
  const [columns, rows] = [128, 112];
  const pixels = Buffer.alloc(3 * columns * rows);
  for (let y = 0, index = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, index += 3) {
      pixels.set([(2 * x + y) % 256, (x + 2 * y) % 256, (x * 3 + y * 5) % 64], index);
    }
  }
  return writePart10([
    { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.7' },
    { tag: 0x00080018, vr: 'UI', value: `${STUDY}.3.1` },
    { tag: 0x00080060, vr: 'CS', value: 'OT' },
    { tag: 0x0008103e, vr: 'LO', value: 'Colour' },
    { tag: 0x00100010, vr: 'PN', value: 'Phantom^Colour' },
    { tag: 0x00100020, vr: 'LO', value: 'PHANTOM-3' },
    { tag: 0x0020000d, vr: 'UI', value: `${STUDY}.4` },
    { tag: 0x0020000e, vr: 'UI', value: `${STUDY}.3` },
    { tag: 0x00200013, vr: 'IS', value: '1' },
    { tag: 0x00280002, vr: 'US', value: 3 },
    { tag: 0x00280004, vr: 'CS', value: 'RGB' },
    { tag: 0x00280006, vr: 'US', value: 0 },
    { tag: 0x00280010, vr: 'US', value: rows },
    { tag: 0x00280011, vr: 'US', value: columns },
    { tag: 0x00280100, vr: 'US', value: 8 },
    { tag: 0x00280101, vr: 'US', value: 8 },
    { tag: 0x00280102, vr: 'US', value: 7 },
    { tag: 0x00280103, vr: 'US', value: 0 },
    { tag: 0x7fe00010, vr: 'OW', value: pixels },
  ]);
}

/** Where the block is on the page: the box of all that is bright inside the viewport. */
export async function blockOnPage(page: Page) {
  const viewport = (await page.locator('.cornerstone-canvas').first().boundingBox())!;
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip: viewport, scale: 'css' }));
  let [left, top, right, bottom] = [width, height, 0, 0];
  // The viewer's own words and marks stand along the edges.
  for (let y = 80; y < height - 80; y++) {
    for (let x = 80; x < width - 80; x++) {
      if (data[4 * (y * width + x)]! < 128) continue;
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
    }
  }
  expect(right).toBeGreaterThan(left);
  return {
    left: viewport.x + left,
    top: viewport.y + top,
    right: viewport.x + right + 1,
    bottom: viewport.y + bottom + 1,
  };
}

const samples = (bytes: Uint8Array): Uint16Array => {
  const file = readFile(bytes);
  return new Uint16Array(valueBytes(file, findElement(file, TAG.PixelData)!).slice().buffer);
};

/** A protected file hides the block, nothing outside the covered area differs, and it restores. */
export async function expectBlockHidden(made: Buffer, original: Buffer, passphrase: string): Promise<void> {
  const { areas, coveredAreas, file } = await restoreFile(made, createKeyring({ passphrase }));
  expect(areas).toEqual([BLOCK]);
  expect(Buffer.from(file).equals(original)).toBe(true);
  const [covered] = coveredAreas;
  const [from, to] = [samples(original), samples(made)];
  let blockChanged = 0;
  let changedOutside = 0;
  for (let index = 0; index < from.length; index++) {
    const [x, y] = [index % SIZE.columns, Math.floor(index / SIZE.columns)];
    const inside = (area: typeof BLOCK) =>
      x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;
    if (inside(BLOCK) && from[index] !== to[index]) blockChanged++;
    if (!inside(covered!) && from[index] !== to[index]) changedOutside++;
  }
  expect(changedOutside).toBe(0);
  expect(blockChanged).toBeGreaterThan(0.9 * BLOCK.width * BLOCK.height);
}
