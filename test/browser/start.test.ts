import { demoAndBrowser, openPage, SERIES, screenshot, waitForImage } from './harness';

const running = demoAndBrowser();

test('npm start prints the address alone on its line, without colours, and then how to begin', () => {
  const lines = running.demo.output().trimEnd().split('\n');
  const line = lines.indexOf(running.demo.address);
  expect(line).toBeGreaterThanOrEqual(0);
  expect(lines.slice(0, line).join('\n')).not.toContain('http');
  expect(lines.slice(line + 1)).toHaveLength(1);
  expect(running.demo.output()).not.toContain('\u001b');
});

test('the address opens the demo study with the panel, within a strict content security policy', async () => {
  const { page, faults } = await openPage(running.browser, running.demo.address);
  await waitForImage(page, SERIES);
  await page.getByText('Draw the key area').waitFor();
  await screenshot(page, 'start');
  expect(faults).toEqual([]);
  await page.close();
});

test('the study list shows the other demo studies', async () => {
  const { page } = await openPage(running.browser, running.demo.origin);
  for (const name of ['CompressedSamples^CT1', 'CompressedSamples^MR2', 'Rubo DEMO', 'Phantom^Chest']) {
    await page.getByText(name.replace('^', ', ')).or(page.getByText(name)).first().waitFor();
  }
  await screenshot(page, 'study-list');
  await page.close();
});

test('a compressed image is displayed', async () => {
  const { page, faults } = await openPage(
    running.browser,
    `${running.demo.origin}/key-area-protection?StudyInstanceUIDs=1.3.6.1.4.1.5962.1.2.1.20040826185059.5457`,
  );
  await waitForImage(page, '1.3.6.1.4.1.5962.1.1.1.1.3.20040826185059.5457');
  expect(faults).toEqual([]);
  await page.close();
});
