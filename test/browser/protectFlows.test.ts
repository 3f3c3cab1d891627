import type { Browser, Page } from 'playwright-core';
import { violationsIn } from './axe';
import {
  type Demo,
  launchBrowser,
  openPage,
  screenshot,
  startDemo,
  type WatchedPage,
  waitForImage,
} from './harness';

/** The way to a protected series, as a radiologist goes it. */

const STUDY = '0.0.0.0.2.8811.20010413115754.12432';
const SERIES = '0.0.0.0.3.8811.2.20010413115754.12432';
const REPORT =
  'Befund: unscharf begrenzte Hyperintensität im linken Thalamus, 9 mm.\nBeurteilung: Verlaufskontrolle in drei Monaten.\n所見：左視床に9 mmの高信号。';

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Opens the study in our mode, with keys derived at low cost. */
async function open(settings: object = {}): Promise<WatchedPage> {
  const address = `${demo.origin}/key-area-protection?StudyInstanceUIDs=${STUDY}`;
  const watched = await openPage(browser, address, { workFactor: 10, ...settings });
  await waitForImage(watched.page, SERIES);
  await waitForView(watched.page, 'draw');
  return watched;
}

const waitForView = (page: Page, view: string) =>
  page.waitForSelector(`[data-kap-view="${view}"]`, { timeout: 60_000 });
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

test('a proposal is drawn, planned live, and previewed before anything is done', async () => {
  const { page, faults } = await open();
  await button(page, 'Suggest').click();
  const proposals = page.getByRole('button', { name: /^Draw the proposal/ });
  await proposals.first().waitFor();
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'protect-1-suggest');
  await proposals.first().click();
  await waitForView(page, 'protect');

  await field(page, 'Report').fill(REPORT);
  await page.getByText(/^133 characters · fits the QR, sealed, 1 px modules$/).waitFor();
  await page.getByText(/^Covered with QR: \d+ × \d+$/).waitFor();
  await page.getByText('0 samples change outside. Restores bit for bit.').waitFor();
  await button(page, 'Generate').click();
  await page.getByText('Strong.').waitFor();
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'protect-2-ready');

  await button(page, 'Show on image').click();
  await page.getByRole('dialog', { name: 'Image 1, protected' }).waitFor();
  expect(await violationsIn(page, '.kap-dialog')).toEqual([]);
  await screenshot(page, 'protect-3-preview');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await page.close();
});
