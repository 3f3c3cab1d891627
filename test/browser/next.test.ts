import { demoAndBrowser } from './harness';
import { wholeJob } from './wholeJob';

/** The next version of OHIF, as pinned in .ohifrc: one test, of everything. */

const running = demoAndBrowser('--viewer', 'v3-next');

test('the whole job is done in the next version of the viewer', async () => {
  const { faults } = await wholeJob(running.browser, running.demo.origin, 'next');
  expect(faults).toEqual([]);
});
