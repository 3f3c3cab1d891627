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

test('frames that are protected side by side are each proven by themselves', async () => {
  const frames = [120, 160, 200, 160, 200, 120].map((width, seed) =>
    makeFrame({ width, height: 150, bitsStored: seed % 2 ? 12 : 10, seed, noise: 0.02 }),
  );
  for (let round = 0; round < 3; round++) {
    const all = await Promise.all(
      frames.map((frame) => protectFrame(frame, job, { areas: [{ x: 20, y: 30, width: 90, height: 90 }] })),
    );
    for (const [k, { frame: sent }] of all.entries()) {
      const restored = await restoreFrame(sent, keyringForJob(job));
      expect(restored.frame.samples).toEqual(frames[k].samples);
    }
  }
});

test('cells to prove in are lent once, and not kept by a job that was disposed of', async () => {
  const lending = await createProtectionJob({ passphrase, report, workFactor: 4 });
  const cells = lending.takeCells(new Uint16Array(40));
  lending.giveBackCells(cells);
  expect(lending.takeCells(new Uint8Array(40))).not.toBe(cells);
  lending.giveBackCells(cells);
  expect(lending.takeCells(new Uint16Array(40))).toBe(cells);
  expect(lending.takeCells(new Uint16Array(40))).not.toBe(cells);
  lending.giveBackCells(cells);
  expect(lending.packedReport.length).toBeGreaterThan(2);
  lending.dispose();
  expect(lending.takeCells(new Uint16Array(40))).not.toBe(cells);
  lending.giveBackCells(cells);
  expect(lending.takeCells(new Uint16Array(40))).not.toBe(cells);
  expect(lending.packedReport.length).toBe(2);
});

test('what is handed on holds a key whose bytes nobody can read', async () => {
  const { key } = cross(job.share());
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
});
