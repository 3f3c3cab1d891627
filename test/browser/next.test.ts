import type { Browser } from 'playwright-core';
import { type Demo, launchBrowser, startDemo } from './harness';
import { wholeJob } from './wholeJob';

/** The next version of OHIF, as pinned in .ohifrc: one test, of everything. */

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  demo = await startDemo('--viewer', 'v3-next');
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

test('the whole job is done in the next version of the viewer', async () => {
  const { faults } = await wholeJob(browser, demo.origin, 'next');
  expect(faults).toEqual([]);
});
