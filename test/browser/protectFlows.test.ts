import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { readProtectionTags } from '../../src/dicom/dataset/privateBlock';
import { readFile } from '../../src/dicom/dataset/reader';
import { restoreFile } from '../../src/dicom/index';
import { createKeyring } from '../../src/engine/index';
import { violationsIn } from './axe';
import {
  demoAndBrowser,
  download,
  drag,
  field,
  holdFiles,
  openPage,
  pixelOnPage,
  SERIES,
  STUDY,
  screenshot,
  startDemo,
  turn,
  type WatchedPage,
  waitForImage,
  waitForView,
} from './harness';
import { watchFrames } from './longFrames';

/** The way to a protected series, as a radiologist goes it. */

const GERMAN =
  'Befund: unscharf begrenzte Hyperintensität im linken Thalamus, 9 mm.\nBeurteilung: Verlaufskontrolle in drei Monaten.\n所見：左視床に9 mmの高信号。';
const ARABIC = 'النتائج: فرط إشارة غير محدد الحواف في المهاد الأيسر، 9 مم.\nالتوصية: متابعة بعد ثلاثة أشهر.';

const running = demoAndBrowser();

/** Opens the study in our mode, with keys derived at low cost. */
async function open(settings: object = {}): Promise<WatchedPage> {
  const address = `${running.demo.origin}/key-area-protection?StudyInstanceUIDs=${STUDY}`;
  const watched = await openPage(running.browser, address, { workFactor: 10, ...settings });
  await waitForImage(watched.page, SERIES);
  await waitForView(watched.page, 'draw');
  return watched;
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const radio = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const expectAccessible = async (page: Page, part = '.kap-panel') =>
  expect(await violationsIn(page, part)).toEqual([]);

type Corner = { readonly x: number; readonly y: number };

/** Draws a key area, and waits until the panel lists it. */
async function draw(page: Page, from: Corner, to: Corner): Promise<void> {
  await button(page, /^Draw key area/)
    .or(button(page, 'Add another'))
    .click();
  await drag(page, from, to);
  await page.getByText(`${to.x - from.x + 1} × ${to.y - from.y + 1} at ${from.x}, ${from.y}`).waitFor();
}

/** Scrolls down from one image of the stack to another, one by one. */
async function scroll(page: Page, from: number, to: number): Promise<void> {
  const { x, y } = await pixelOnPage(page, { x: 20, y: 20 });
  await page.mouse.move(x, y);
  for (let position = from + 1; position <= to; position++) {
    await page.mouse.wheel(0, 100);
    await page.getByText(`(${position}/20)`).waitFor();
  }
}

async function generate(page: Page): Promise<void> {
  await button(page, 'Generate').click();
  await page.getByText('Strong.').waitFor();
}

test('a proposal is drawn, planned live, and previewed before anything is done', async () => {
  const { page, faults } = await open();
  await expectAccessible(page);
  await button(page, 'Suggest').click();
  const proposals = page.getByRole('button', { name: /^Draw the proposal/ });
  await proposals.first().waitFor();
  await expectAccessible(page);
  await screenshot(page, 'protect-1-suggest');
  await proposals.first().click();
  await waitForView(page, 'protect');

  await field(page, 'Report').fill(GERMAN);
  await page.getByText(/^133 characters · fits the QR, sealed, 1 px modules$/).waitFor();
  await page.getByText(/^Covered with QR: \d+ × \d+$/).waitFor();
  await page.getByText('0 samples change outside. Restores bit for bit.').waitFor();
  await generate(page);
  await expectAccessible(page);
  await screenshot(page, 'protect-2-ready');

  await button(page, 'Show on image').click();
  await page.getByRole('dialog', { name: 'Image 1, protected' }).waitFor();
  await expectAccessible(page, '.kap-dialog');
  await screenshot(page, 'protect-3-preview');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await page.close();
});

test('what the panel does to key areas, the viewer’s Undo takes back, last first', async () => {
  const { page, faults } = await open();
  const size = (text: string) => page.getByText(text, { exact: true });
  const press = async (keys: string) => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(keys);
  };
  await button(page, 'Place it by keyboard').click();
  await waitForView(page, 'protect');
  await press('Control+z');
  await waitForView(page, 'draw');
  await draw(page, { x: 20, y: 30 }, { x: 59, y: 69 });
  await draw(page, { x: 100, y: 90 }, { x: 169, y: 149 });
  await draw(page, { x: 180, y: 180 }, { x: 219, y: 209 });
  const [first, second, third] = ['40 × 40 at 20, 30', '70 × 60 at 100, 90', '40 × 30 at 180, 180'].map(size);

  await button(page, /^Remove.*40 × 40/).click();
  await first!.waitFor({ state: 'detached' });
  await press('Control+z');
  await first!.waitFor();
  expect([await second!.count(), await third!.count()]).toEqual([1, 1]);

  await button(page, 'Clear all').click();
  await waitForView(page, 'draw');
  await press('Control+z');
  for (const area of [first, second, third]) await area!.waitFor();
  await press('Control+y');
  await waitForView(page, 'draw');
  await press('Control+z');
  await first!.waitFor();
  await screenshot(page, 'protect-undone');
  expect(faults).toEqual([]);
  await page.close();
});

test('after one key area the tool is put down, and two areas are interpolated between', async () => {
  const { page, faults } = await open();
  await draw(page, { x: 80, y: 90 }, { x: 149, y: 149 });
  // A drag changes the window now.
  await drag(page, { x: 40, y: 40 }, { x: 60, y: 60 }, 'WindowLevel');
  await scroll(page, 1, 5);
  await draw(page, { x: 100, y: 90 }, { x: 169, y: 149 });
  expect(await page.locator('.kap-area [role=img]').count()).toBe(3);
  await page.getByText('Two areas are drawn.').waitFor();
  await button(page, 'Include images 1 to 5').click();
  expect(
    await page.getByRole('checkbox', { name: 'In-between images get areas between the two.' }).isChecked(),
  ).toBe(true);
  await field(page, 'Report').fill('Findings: none.');
  await generate(page);
  await expectAccessible(page);
  await screenshot(page, 'protect-4-interpolated');
  await button(page, 'Protect 5 images').click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');
  await expectAccessible(page);
  await screenshot(page, 'protect-5-protected');
  const archive = unzipSync(await download(page, () => button(page, 'Download .zip').click()), {
    filter: ({ name }) => name.endsWith('.dcm'),
  });
  const lefts = Object.values(archive).map(
    (bytes) => readProtectionTags(readFile(bytes))!.coveredAreas[0]!.x,
  );
  expect(lefts).toHaveLength(5);
  // Evenly, whatever the QR code adds on both sides.
  expect(new Set(lefts.slice(1).map((left, index) => left - lefts[index]!))).toEqual(new Set([5]));
  expect(faults).toEqual([]);
  await page.close();
});

test('a recipient of the site opens it with an identity, and so does the one for recovery', async () => {
  const identities = [await generateIdentity(), await generateIdentity(), await generateIdentity()];
  const [board, recovery, pasted] = await Promise.all(identities.map(identityToRecipient));
  const { page, faults } = await open({
    recipients: [{ name: 'Tumour board', key: board }],
    recoveryRecipients: [{ name: 'Department archive', key: recovery }],
  });
  await draw(page, { x: 100, y: 110 }, { x: 149, y: 149 });
  await radio(page, 'Recipients').check();
  await page.getByText('Can always restore here: Department archive.').waitFor();
  await button(page, 'Protect 1 image').click();
  await page.getByText('Choose one, or paste an age public key.').waitFor();
  await page.getByRole('checkbox', { name: 'Tumour board' }).check();
  await field(page, 'age public keys').fill(`${pasted!.slice(0, -1)}`);
  await page.getByText(/^Not an age public key: age1/).waitFor();
  await expectAccessible(page);
  await screenshot(page, 'protect-6-recipients');
  await field(page, 'age public keys').fill(pasted!);
  await page.getByText('1 key read').waitFor();
  await field(page, 'Report').fill(ARABIC);
  await screenshot(page, 'protect-7-arabic');
  await button(page, 'Protect 1 image').click();
  await waitForView(page, 'protected');
  const file = await download(page, () => button(page, 'Download .dcm').click());
  for (const identity of identities) {
    const restored = await restoreFile(new Uint8Array(file), createKeyring({ identities: [identity] }));
    expect(restored).toMatchObject({ report: ARABIC, fileVerified: true });
  }
  expect(faults).toEqual([]);
  await page.close();
});

test('what the options change is told before anything is done', async () => {
  const { page } = await open();
  await draw(page, { x: 100, y: 20 }, { x: 139, y: 59 });
  await page.locator('summary').click();
  await page.getByText('Here: under the QR.').waitFor();
  await field(page, 'Report').fill('Findings: none.');
  await radio(page, 'Keep its size').check();
  await page.getByText('sealed in the image; too long for this QR, which shows the notice only').waitFor();
  await page.getByRole('checkbox', { name: 'Compress the export' }).check();
  await expectAccessible(page);
  await screenshot(page, 'protect-8-small-area');
  await radio(page, 'Notice').check();
  await radio(page, 'Surroundings').check();
  await page.getByText(/^About [\d,]+ samples change by little outside: \d+\sdB, SSIM 0\.\d{3}\./).waitFor();
  await expectAccessible(page);
  await button(page, 'Show on image').scrollIntoViewIfNeeded();
  await screenshot(page, 'protect-8-surroundings');
  await field(page, 'Report').fill('x'.repeat(70_000));
  await page.getByText('The report is too long', { exact: true }).waitFor();
  await expectAccessible(page);
  await screenshot(page, 'protect-9-too-long');
  await field(page, 'Report').fill('');
  await radio(page, 'Under the QR').check();
  await page.getByRole('checkbox', { name: 'Scramble the rest of the picture' }).check();
  await page.getByText('All other pixels turn to noise. Restores bit for bit.').waitFor();
  await page.getByText('A scrambled picture gets no shorter, so it is not compressed.').waitFor();
  await button(page, 'Show on image').click();
  await screenshot(page, 'protect-10-scrambled');
  await page.close();
});

test('on a small screen, with several areas, Protect is in reach by mouse and keyboard', async () => {
  const { page } = await open();
  await page.setViewportSize({ width: 1280, height: 720 });
  for (const x of [60, 100, 140, 180]) await draw(page, { x, y: 110 }, { x: x + 29, y: 139 });
  await page.getByText('0 samples change outside').waitFor();
  await generate(page);
  await page.locator('.kap-root').evaluate((root) => root.scrollTo(0, 0));
  const { y, height } = (await button(page, 'Protect 1 image').boundingBox())!;
  expect(y + height).toBeLessThanOrEqual(720);
  await screenshot(page, 'protect-11-small');

  await field(page, 'Report').focus();
  const isFocused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-cy') === 'kap-protect');
  for (let presses = 0; presses < 40 && !(await isFocused()); presses++) await page.keyboard.press('Tab');
  expect(await isFocused()).toBe(true);
  await page.keyboard.press('Enter');
  await screenshot(page, 'protect-11-keyboard');
  await waitForView(page, 'protected');

  // It is saved nowhere: one press does not lose it, and Escape keeps it.
  await button(page, 'Remove from this viewer').click();
  await page.getByText('This series is saved nowhere').waitFor();
  await screenshot(page, 'protect-11-remove');
  await page.keyboard.press('Escape');
  await page.getByText('This series is saved nowhere').waitFor({ state: 'detached' });
  await button(page, 'Remove from this viewer').click();
  await button(page, 'Remove').click();
  await waitForView(page, 'protect');

  // So low a window, or so large a zoom, leaves no room for a button that stands.
  await page.setViewportSize({ width: 640, height: 400 });
  const report = field(page, 'Report');
  await report.focus();
  await report.scrollIntoViewIfNeeded();
  const isOnTop = await report.evaluate((area) => {
    const { left, bottom, width } = area.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, Math.min(bottom, window.innerHeight) - 4) === area;
  });
  expect(isOnTop).toBe(true);
  await screenshot(page, 'protect-11-low');
  await page.close();
});

test('nothing in the panel moves when the plan arrives, on the largest screen either', async () => {
  const { page } = await open();
  await page.setViewportSize({ width: 3840, height: 2160 });
  const letThrough = await holdFiles(page, 0);
  await draw(page, { x: 80, y: 90 }, { x: 149, y: 149 });
  await page.getByText('Working it out…').waitFor();
  const controls = [field(page, 'Report'), field(page, 'Passphrase'), radio(page, 'Range')];
  const places = () =>
    Promise.all([...controls, button(page, 'Protect 1 image')].map((control) => control.boundingBox()));
  const before = await places();
  await letThrough();
  await page.getByText('0 samples change outside').waitFor();
  expect(await places()).toEqual(before);
  await screenshot(page, 'protect-15-largest');
  await page.close();
});

test('pictures of the key area are turned as the image is', async () => {
  const { page } = await open();
  await draw(page, { x: 40, y: 60 }, { x: 119, y: 109 });
  const picture = page.getByRole('img', { name: 'What will be hidden' });
  await expect(picture.getAttribute('style')).resolves.toContain('matrix(1, 0, 0, 1, 0, 0)');
  await turn(page, 'r');
  await page.waitForFunction(() =>
    document
      .querySelector<HTMLElement>('.kap-area canvas')
      ?.style.transform.includes('matrix(0, 1, -1, 0, 0, 0)'),
  );
  await page.getByText('0 samples change outside').waitFor();
  await screenshot(page, 'protect-12-turned');
  await page.close();
});

/** A real CT series, 36 images of 512 x 512, where the collection is there; the demo's MR series elsewhere. */
const CT = join(process.env.KEY_AREA_DATA ?? join(__dirname, '../../../shared/data'), 'ct-acrin-chest');
const long = existsSync(CT)
  ? { options: ['--data', CT], images: 36, from: { x: 200, y: 160 }, to: { x: 311, y: 255 } }
  : { options: [], images: 20, from: { x: 100, y: 80 }, to: { x: 155, y: 127 } };

test('a series is protected while the page stays responsive', async () => {
  const demo = await startDemo(...long.options);
  try {
    const { page, faults } = await openPage(running.browser, demo.address, {});
    await waitForImage(page);
    await draw(page, long.from, long.to);
    await radio(page, 'Series').check();
    await field(page, 'Report').fill(GERMAN);
    await generate(page);
    await page.getByText('0 samples change outside').waitFor();
    const framesSince = await watchFrames(running.browser, page);
    const pressed = Date.now();
    await button(page, `Protect ${long.images} images`).click();
    await page.getByText(/^Protecting image (1\d|[2-9]) of/).waitFor();
    await screenshot(page, 'protect-13-working');
    await waitForView(page, 'protected');
    const seconds = (Date.now() - pressed) / 1000;
    const frames = await framesSince();
    process.stdout.write(
      `${long.images} images protected in ${seconds} s; long frames: ${JSON.stringify(frames)}\n`,
    );
    expect(frames.filter(({ ours, computed }) => ours > 50 && computed > 50)).toEqual([]);
    await waitForImage(page, 'blob:');
    await screenshot(page, 'protect-14-series');
    expect(faults).toEqual([]);
    await page.close();
  } finally {
    await demo.stop();
  }
});
