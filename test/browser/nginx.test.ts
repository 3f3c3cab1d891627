import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { appConfigScript } from '../../demo/appConfig.mjs';
import { readOhifrc } from '../../scripts/lib/ohifrc.mjs';
import { distFolder } from '../../scripts/lib/project.mjs';
import { ensureViewer } from '../../scripts/lib/viewer.mjs';
import { describeWithNginx, type Nginx, startNginx } from '../nginx';
import { type Demo, launchBrowser, openPage, startDemo, waitForImage, waitForView } from './harness';
import { wholeJob } from './wholeJob';

/** The folder as README says to install it: beside a deployed viewer, on a web server as it comes. */

const FOLDER = '/extensions/key-area-protection';
const extensionFolder = join(distFolder, 'ohif');

/** What the browser may load of this extension before it is used, in bytes as they travel. */
const LARGEST_START = 300 * 1000;

describeWithNginx('served by nginx under a strict content security policy', () => {
  let demo: Demo;
  let nginx: Nginx;
  let browser: Browser;
  beforeAll(async () => {
    // Builds, and answers as the PACS behind nginx.
    demo = await startDemo();
    const { viewers } = await readOhifrc();
    nginx = await startNginx({
      viewerFolder: join(await ensureViewer(viewers.v3!), 'dist'),
      extensionFolder,
      appConfig: appConfigScript({ extensionPath: FOLDER, dicomWebPath: '/dicomweb' }),
      dicomWeb: demo.origin,
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await nginx?.stop();
    await demo?.stop();
  });

  test('little is loaded before it is used', async () => {
    const { page } = await openPage(
      browser,
      nginx.origin + new URL(demo.address).pathname + new URL(demo.address).search,
    );
    await waitForImage(page);
    await waitForView(page, 'draw');
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    const ours = loaded.map((url) => new URL(url).pathname).filter((path) => path.startsWith(`${FOLDER}/`));
    expect(ours).toContain(`${FOLDER}/key-area-protection.js`);
    const sizes = ours.map(
      (path) => gzipSync(readFileSync(extensionFolder + path.slice(FOLDER.length))).length,
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    process.stdout.write(`Loaded before first use: ${total} bytes, compressed, in ${ours.length} files\n`);
    expect(total).toBeLessThanOrEqual(LARGEST_START);
    await page.close();
  });

  test('the whole job is done, and the policy is kept', async () => {
    const { faults } = await wholeJob(browser, nginx.origin, 'nginx');
    expect(faults).toEqual([]);
  });
});
