import {
  createKeyring,
  createProtectionJob,
  inspectFrame,
  protectFrame,
  restoreFrame,
} from '../../src/engine';
import { makeFrame, randomFrom } from './frames';

/** A clean QR code is drawn in values that tell apart what is dark and light in the picture as it became. */

test('where values moved beyond those of the original, the QR code is still read', async () => {
  const random = randomFrom(4);
  const frame = makeFrame({ width: 160, height: 160, bitsAllocated: 8, bitsStored: 8 });
  frame.samples.forEach((_, k) => {
    frame.samples[k] = k % 160 < 130 ? 5 : Math.floor(5 * random());
  });
  const passphrase = 'in the pixels around';
  // Too much for moves by one.
  const report = Array.from({ length: 8000 }, () => random().toString(36)[3]).join('');
  const job = await createProtectionJob({ passphrase, report, qr: 'notice', workFactor: 8 });
  const areas = [{ x: 60, y: 60, width: 60, height: 60 }];
  const { frame: marked } = await protectFrame(frame, job, { areas, carrier: 'surroundings' });
  const largest = Math.max(...marked.samples);
  expect(largest).toBeGreaterThan(8);
  expect(inspectFrame(marked).qrText).toBe(job.notice);
  expect((await restoreFrame(marked, createKeyring({ passphrase }))).frame.samples).toEqual(frame.samples);
});
