import {
  adoptJob,
  createKeyring,
  createProtectionJob,
  keyringForJob,
  type ProtectionJob,
  protectFrame,
  restoreFrame,
} from '../../src/engine';
import { makeFrame } from './frames';

/** What crosses to another thread goes through structured clone, as `postMessage` does it. */
const cross = <T>(value: T): T => structuredClone(value);

const passphrase = 'right words';
const report = 'Findings: none.';
const areas = [{ x: 40, y: 40, width: 90, height: 90 }];
const frame = makeFrame({ width: 200, height: 180, bitsStored: 12 });

let job: ProtectionJob;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report, workFactor: 10 });
});

test('a job that was handed on protects as the first one does', async () => {
  const adopted = adoptJob(cross(job.share()));
  const protectedFrame = await protectFrame(frame, adopted, { areas, index: 1, count: 2 });
  adopted.dispose();
  const restored = await restoreFrame(protectedFrame.frame, keyringForJob(job));
  expect(restored.frame.samples).toEqual(frame.samples);
  expect(restored).toMatchObject({ report, index: 1, count: 2 });
  expect(Buffer.from(restored.jobId)).toEqual(Buffer.from(job.id));
});

test('a keyring that was handed on opens without deriving the key again', async () => {
  const { frame: sent } = await protectFrame(frame, job, { areas });
  const first = createKeyring({ passphrase });
  await restoreFrame(sent, first);
  const adopted = createKeyring({ passphrase: 'other words' }, { opened: cross(await first.share()) });
  expect((await restoreFrame(sent, adopted)).frame.samples).toEqual(frame.samples);
});

test('what is handed on holds a key whose bytes nobody can read', async () => {
  const { key } = cross(job.share());
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
});
