import type { Page } from 'playwright-core';
import { KEY_AREA_TOOL } from '../../src/ohif/keyAreaTool';
import { MEASURING_TOOL } from '../../src/ohif/measuredRectangles';
import {
  demoAndBrowser,
  drag,
  field,
  hasTool,
  openPage,
  pixelOnPage,
  pressUntil,
  SERIES,
  STUDY,
  screenshot,
  thumbnailOf,
  waitForImage,
  waitForView,
} from './harness';

/** Everywhere a hand would look: hotkeys, context menus, thumbnail menus, in OHIF's stock viewer mode. */

/** What the tests use of the globals that OHIF v3 sets. */
interface ViewerWindow {
  readonly services: { readonly measurementService: { getMeasurements(): unknown[] } };
}

const running = demoAndBrowser();

const open = (path: string, settings: object = { workFactor: 10 }) =>
  openPage(running.browser, running.demo.origin + path, settings);

async function rightClick(page: Page, x: number, y: number): Promise<void> {
  const place = await pixelOnPage(page, { x, y });
  await page.mouse.click(place.x, place.y, { button: 'right' });
}

test('a measured rectangle becomes a key area, and its measurement goes', async () => {
  const { page, faults } = await open(`/viewer?StudyInstanceUIDs=${STUDY}`);
  await waitForImage(page, SERIES);
  await page.getByText('Skip all').click();
  await page.locator('[data-cy="MeasurementTools-split-button-secondary"]').click();
  await page.locator('[data-cy="RectangleROI"]').click();
  await drag(page, { x: 80, y: 90 }, { x: 140, y: 130 }, MEASURING_TOOL);
  await page.getByText('Track measurements for this series?').waitFor();
  await page.getByText('Yes', { exact: true }).click();
  await page.waitForFunction(
    () => (window as unknown as ViewerWindow).services.measurementService.getMeasurements().length === 1,
  );
  await rightClick(page, 80, 110);
  await page.getByText('Protect this area').waitFor();
  await screenshot(page, 'menus-1-rectangle');
  await page.getByText('Protect this area').click();
  await waitForView(page, 'protect');
  await page.getByText('61 × 41 at 80, 90').waitFor();
  expect(
    await page.evaluate(() =>
      (window as unknown as ViewerWindow).services.measurementService.getMeasurements(),
    ),
  ).toEqual([]);
  await screenshot(page, 'menus-2-adopted');

  await rightClick(page, 80, 110);
  await page.getByText('Remove key area').waitFor();
  expect(await page.getByText('Delete measurement').count()).toBe(0);
  await screenshot(page, 'menus-3-key-area');
  await page.getByText('Remove key area').click();
  await waitForView(page, 'draw');
  expect(faults).toEqual([]);
  await page.close();
});

test('hotkeys are in the viewer’s own settings, and letters typed as text are text', async () => {
  const { page } = await open(`/key-area-protection?StudyInstanceUIDs=${STUDY}`);
  await waitForImage(page, SERIES);
  await waitForView(page, 'draw');
  await page.locator('button.mt-2[aria-haspopup="menu"]').click();
  await page.getByText('Preferences').click();
  for (const label of ['Draw key area', 'Protect key area', 'Restore key area', 'Export protected']) {
    await page.getByRole('dialog').getByText(label, { exact: true }).waitFor();
  }
  await screenshot(page, 'menus-4-hotkeys');
  await page.getByRole('button', { name: 'Cancel' }).click();

  const told = page.getByText('Open a protected series to send it on.').first();
  await pressUntil(page, 'x', () => told.isVisible());
  await pressUntil(page, 'p', () => hasTool(page, KEY_AREA_TOOL));
  await drag(page, { x: 80, y: 90 }, { x: 140, y: 130 });
  await waitForView(page, 'protect');
  await field(page, 'Report').click();
  await page.keyboard.type('kpux are letters here');
  expect(await field(page, 'Report').inputValue()).toBe('kpux are letters here');
  await waitForView(page, 'protect');
  await page.close();
});

test('a thumbnail’s menu protects its series', async () => {
  const { page } = await open(`/viewer?StudyInstanceUIDs=${STUDY}`);
  await waitForImage(page, SERIES);
  await page.getByText('Skip all').click();
  const thumbnail = await thumbnailOf(page, SERIES);
  await thumbnail.hover();
  await thumbnail.locator('[aria-haspopup="menu"]').click();
  await page.getByText('Restore key area').waitFor();
  await page.getByText('Export protected series').waitFor();
  await screenshot(page, 'menus-5-thumbnail');
  await page.getByText('Protect series').click();
  await waitForView(page, 'draw');
  await drag(page, { x: 80, y: 90 }, { x: 140, y: 130 });
  await waitForView(page, 'protect');
  await page.getByRole('button', { name: 'Protect 20 images' }).waitFor();
  await page.close();
});

test('on computed views the buttons are off and say why, and so does the panel', async () => {
  const { page } = await open(`/viewer?StudyInstanceUIDs=${STUDY}`);
  await waitForImage(page, SERIES);
  await page.getByText('Skip all').click();
  await page.locator('[data-cy="Layout"]').click();
  await page.getByText('MPR', { exact: true }).click();
  const button = page.locator('[data-cy="KeyArea-btn"]');
  await page.waitForFunction(() => document.querySelector('[data-cy="KeyArea-btn"]')?.matches(':disabled'));
  await button.locator('..').hover();
  await page.getByText('not on computed views').first().waitFor();
  await screenshot(page, 'menus-6-computed');
  const told = page.locator('[data-kap-view="unsuitable"]');
  await pressUntil(page, 'k', () => told.isVisible());
  await page.close();
});

test('settings with a fault are told in the viewer, and nothing is protected with them', async () => {
  const { page } = await open(`/key-area-protection?StudyInstanceUIDs=${STUDY}`, {
    workFactor: 10,
    recoveryRecipients: [{ name: 'Archive', key: 'age1abc' }],
  });
  await waitForImage(page, SERIES);
  await waitForView(page, 'draw');
  const fault = 'keyAreaProtection.recoveryRecipients[0].key is not an age public key (age1...).';
  await page.locator('.kap-panel').getByText(fault).waitFor();
  await screenshot(page, 'menus-7-settings');
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await drag(page, { x: 80, y: 90 }, { x: 140, y: 130 });
  await waitForView(page, 'protect');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('button', { name: /^Protect/ }).click();
  await page.getByText('Not with these settings').waitFor();
  await page.close();
});
