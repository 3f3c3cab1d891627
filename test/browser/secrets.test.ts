import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Page } from 'playwright-core';
import type { JobOptions } from '../../src/engine/index';
import { demoOfFolder, download, drag, field, thumbnailOf, waitForImage, waitForView } from './harness';
import { type Memory, type Sought, searchMemory } from './memory';
import {
  IMAGE_BYTES,
  PASSPHRASE,
  READING,
  REPORT,
  SECRET_WORDS,
  typeSecrets,
  writeOtherStudy,
  writeProtected,
} from './secretStudy';
import { expectNoTraces, expectNothingLeft, type Overheard, overhear, readable, typeInto } from './traces';

/**
 * Where passphrases, identities, reports and restored pixels must not be, in the unmodified viewer: neither
 * while the study is open, nor anywhere in memory after it was closed.
 */

const WRONG = 'wrongfalcon lantern cobalt 7 river';

const series = new Map<string, string>();
const pixels: Record<string, Uint8Array> = {};
let identity: string;
/** Of the picture that the viewer lists a restored series with; none is like it before. */
let thumbnail = 'none yet, and this is nowhere';
let studyUID: string;
/** The study of the image that is protected in the viewer; nothing that is restored is in it. */
let otherStudyUID: string;

const running = demoOfFolder(async (folder) => {
  identity = await generateX25519Identity();
  const keys: Record<string, Partial<JobOptions>> = {
    '08': { passphrase: PASSPHRASE },
    '09': { recipients: [await identityToRecipient(identity)] },
  };
  for (const [number, key] of Object.entries(keys)) {
    const image = await writeProtected(folder, number, key);
    pixels[`pixels of ${number}`] = image.pixels;
    series.set(number, image.seriesUID);
    ({ studyUID } = image);
  }
  otherStudyUID = await writeOtherStudy(folder, studyUID);
});

const sought = (): Sought => ({
  texts: {
    ...SECRET_WORDS,
    'wrong passphrase': 'wrongfalcon',
    identity: identity.slice(20),
    thumbnail,
  },
  bytes: pixels,
});

const namesOf = ({ found }: Memory): string[] => [...new Set(found.map(({ name }) => name))].sort();

async function open(study: string): Promise<Overheard> {
  const address = `${running.demo.origin}/key-area-protection?StudyInstanceUIDs=${study}`;
  const overheard = await overhear(running.browser, address);
  await waitForImage(overheard.page);
  return overheard;
}

/** The viewer's settings and services are among what is looked through. */
const sure = () => ['keyAreaProtection', studyUID.slice(0, -1)];

/** Back to the list of studies, inside the viewer: no page is loaded. */
async function leave({ page }: Overheard): Promise<void> {
  await page.locator('[data-cy="return-to-work-list"]').click();
  await page.waitForURL((url) => !url.pathname.includes('key-area-protection'));
  await page.waitForFunction(() => document.querySelector('.kap-panel') === null);
  // The last page that a text was looked for in is not forgotten before the next.
  expect(await page.getByText('Bit for bit').count()).toBe(0);
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** A part of the picture's address, which holds the picture. */
async function restoredThumbnail(page: Page): Promise<string> {
  const listed = page.locator('[data-cy="study-browser-thumbnail"]', { hasText: '(restored)' });
  const source = await listed.first().locator('img').getAttribute('src');
  expect(source).toMatch(/^data:image/);
  return source!.slice(700, 760);
}

/** Takes the place of the browser's print dialog, which a browser without a window does not open. */
const withoutDialog = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { append } = Element.prototype;
    document.body.append = function (...nodes) {
      append.apply(this, nodes);
      for (const node of nodes)
        if (node instanceof HTMLIFrameElement && node.contentWindow) node.contentWindow.print = () => {};
    };
  });

test(
  'once an image is protected, neither passphrase nor report is left in the page or its workers',
  async () => {
    const opened = await open(otherStudyUID);
    const { page, said, faults } = opened;
    await page.getByRole('button', { name: 'Draw key area' }).click();
    await drag(page, { x: 100, y: 110 }, { x: 150, y: 150 });
    await waitForView(page, 'protect');
    await typeSecrets(page);
    await page.getByText('Strong.').waitFor();
    await page.getByText('Restores bit for bit.').waitFor();
    await expectNoTraces(opened, sought(), sure());

    await page.getByRole('button', { name: 'Protect 1 image' }).click();
    await waitForView(page, 'protected');
    await waitForImage(page, 'blob:');
    const file = await download(page, () => page.getByRole('button', { name: 'Download .dcm' }).click());
    expect(Object.values(sought().texts).filter((text) => file.includes(text))).toEqual([]);
    await page.getByRole('button', { name: 'Save to PACS' }).click();
    await page.getByRole('button', { name: 'Save now' }).click();
    await page.getByText('read back and equal').waitFor();
    expect(said.filter((text) => text.includes('DICM'))).toHaveLength(1);
    await expectNoTraces(opened, sought(), sure());
    // With the study still open.
    expect((await searchMemory(page, sought())).found).toEqual([]);
    expect(faults).toEqual([]);

    await leave(opened);
    await expectNothingLeft(opened, sought(), sure(), IMAGE_BYTES);
    await page.close();
  },
  READING,
);

test(
  'what was restored is in memory while the study is open, its key is not; nothing is once it is closed',
  async () => {
    const opened = await open(studyUID);
    const { page, faults } = opened;
    const show = async (number: string) => {
      await (await thumbnailOf(page, series.get(number)!)).dblclick();
      await waitForImage(page, series.get(number)!);
      await waitForView(page, 'restore');
    };
    await show('09');
    const file = { name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from(identity) };
    await page.locator('.kap-panel input[type=file]').setInputFiles(file);
    await page.getByText('key.txt · choose another…').waitFor();
    await button(page, 'Restore').click();
    await waitForView(page, 'restored');

    await show('08');
    await typeInto(page, 'Passphrase', WRONG);
    await page.keyboard.press('Enter');
    await page.locator('.kap-panel').getByText('Wrong key').waitFor();
    await expectNoTraces(opened, sought(), sure());
    await typeInto(page, 'Passphrase', PASSPHRASE);
    await page.keyboard.press('Enter');
    await waitForView(page, 'restored');
    await waitForImage(page, 'blob:');
    await download(page, () => button(page, 'Download in clear').click());
    await Promise.all([button(page, 'Copied').waitFor(), button(page, 'Copy').click()]);
    await withoutDialog(page);
    await button(page, 'Print').click();
    await page.locator('iframe').waitFor({ state: 'attached' });
    await button(page, 'Save in clear…').click();
    await button(page, 'Save in clear').click();
    await page.getByText('read back and equal').waitFor();
    await expect(field(page, 'Report').inputValue()).resolves.toBe(REPORT);
    await expectNoTraces(opened, sought(), sure());
    expect(await readable(page)).not.toEqual([]);

    // The same search finds what may be there, and no key.
    thumbnail = await restoredThumbnail(page);
    const memory = await searchMemory(page, sought());
    expect(namesOf(memory)).toEqual([...Object.keys(pixels), 'report', 'thumbnail'].sort());
    const holdsPixels = memory.found.filter(({ name }) => name in pixels).map(({ holder }) => holder);
    expect(holdsPixels.some((holder) => /^blobs >/.test(holder))).toBe(true);
    expect(holdsPixels.some((holder) => /Array of/.test(holder))).toBe(true);
    expect(faults).toEqual([]);

    await leave(opened);
    await expectNothingLeft(opened, sought(), sure(), IMAGE_BYTES);
    await page.close();
  },
  READING,
);
