import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { readNative } from '../../src/dicom/decode/native';
import { pixelLayout } from '../../src/dicom/image/pixels';
import { expectSameBytes } from '../dicom/support';
import {
  type Demo,
  drag,
  field,
  launchBrowser,
  openPage,
  screenshot,
  startDemo,
  type WatchedPage,
  waitForImage,
  waitForView,
} from './harness';
import { restoreAndDownload } from './wholeJob';

/** Real files of other kinds than the demo's series, protected and restored by hand where the collection is there. */
const COLLECTION = process.env.KEY_AREA_DATA ?? join(__dirname, '../../../shared/data');
const KINDS: [kind: string, file: string][] = [
  ['ct', 'ct-phantom-head/001.dcm'],
  ['monochrome1-jpeg2000', 'cr-leg-mono1-j2k.dcm'],
  ['monochrome1-burned-in', 'cr-chest-mono1-burnedin-rle.dcm'],
  ['radiograph-htj2k', 'dx-vet-thorax-htj2k.dcm'],
  ['rgb-ultrasound', 'us-rgb-burnedin.dcm'],
  ['multi-frame', 'mr-cine-8frames.dcm'],
  ['jpeg-ls', 'ct-acrin-chest/001.dcm'],
];
const isThere = KINDS.every(([, file]) => existsSync(join(COLLECTION, file)));
const PASSPHRASE = 'orchid lantern cobalt 7 river';

let folder: string;
let demo: Demo;
let browser: Browser;
let watched: WatchedPage;
beforeAll(async () => {
  if (!isThere) return;
  folder = mkdtempSync(join(tmpdir(), 'kinds-'));
  for (const [, file] of KINDS)
    copyFileSync(join(COLLECTION, file), join(folder, `${dirname(file)}-${basename(file)}`));
  demo = await startDemo('--data', folder);
  browser = await launchBrowser();
  watched = await openPage(browser, demo.origin, { workFactor: 10 });
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

(isThere ? test : test.skip).each(KINDS)('%s: comes back as it was', async (kind, name) => {
  const { page, faults } = watched;
  const { file, original } = await readNative(new Uint8Array(readFileSync(join(COLLECTION, name))));
  const { width, height } = pixelLayout(file);
  const uid = (tag: number) => textOf(readFile(original.bytes), tag) ?? '';
  const opened = Date.now();
  await page.goto(`${demo.origin}/key-area-protection?StudyInstanceUIDs=${uid(TAG.StudyInstanceUID)}`);
  await waitForImage(page, uid(TAG.SOPInstanceUID));
  const firstImage = Date.now() - opened;
  await waitForView(page, 'draw');
  await page.getByRole('button', { name: /^Draw key area/ }).click();
  const corner = { x: Math.round(width / 2), y: Math.round(height / 2) };
  await drag(page, corner, { x: corner.x + Math.round(width / 8), y: corner.y + Math.round(height / 8) });
  await waitForView(page, 'protect');
  await field(page, 'Report').fill('Findings: none.');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.getByText('Restores bit for bit.').waitFor();
  await screenshot(page, `kinds-${kind}-1-ready`);
  const pressed = Date.now();
  await page.locator('[data-cy=kap-protect]').click();
  await waitForView(page, 'protected');
  const protecting = Date.now() - pressed;
  await waitForImage(page, 'blob:');
  await screenshot(page, `kinds-${kind}-2-protected`);
  await page.getByRole('button', { name: 'Restore it here' }).click();
  await waitForView(page, 'restore');
  const restored = await restoreAndDownload(page, PASSPHRASE);
  await screenshot(page, `kinds-${kind}-3-restored`);
  expectSameBytes(restored, original.bytes);
  process.stdout.write(
    `${kind}, ${width} × ${height}: first image after ${firstImage} ms, protected in ${protecting} ms\n`,
  );
  expect(faults).toEqual([]);
});
