import { createProtectionJob, type Frame, KeyAreaError, protectFrame } from '../../src/engine';
import * as restore from '../../src/engine/restore';
import { makeFrame } from './frames';

/** Here, and here alone, what comes back in the proof is changed: what is protected must not be handed out then. */
jest.mock('../../src/engine/restore', () => {
  const actual = jest.requireActual('../../src/engine/restore');
  return { ...actual, openFrame: jest.fn(actual.openFrame) };
});
const { openFrame: actualOpenFrame } = jest.requireActual<typeof restore>('../../src/engine/restore');

const original = makeFrame({ width: 200, height: 160, bitsStored: 12 });
const protect = async () => {
  const job = await createProtectionJob({ passphrase: 'orchid lantern', report: '', workFactor: 4 });
  return protectFrame(original, job, { areas: [{ x: 60, y: 40, width: 90, height: 90 }] });
};
const changed = (frame: Frame): Frame => {
  const samples = frame.samples.slice();
  samples[samples.length - 1] ^= 1;
  return { ...frame, samples };
};

const failures: readonly (readonly [string, typeof restore.openFrame])[] = [
  [
    'another frame comes back, and its hash says that it is the original',
    (frame, keyring, prover) =>
      actualOpenFrame(
        frame,
        keyring,
        prover && { ...prover, whileHashing: (restored) => prover.whileHashing(changed(restored)) },
      ),
  ],
  [
    'the frame is right, and its hash says that it is not',
    async (...call) => {
      const opened = await actualOpenFrame(...call);
      return { ...opened, verdict: { ...opened.verdict, verified: false } };
    },
  ],
  [
    'no frame is shown',
    (frame, keyring, prover) =>
      actualOpenFrame(frame, keyring, prover && { ...prover, whileHashing: () => undefined }),
  ],
  [
    'what changed outside is not measured',
    (frame, keyring, prover) =>
      actualOpenFrame(frame, keyring, prover && { ...prover, whileOpening: () => undefined }),
  ],
  ['nothing is restored', () => Promise.reject(new KeyAreaError('damaged', 'x'))],
  ['the software fails', () => Promise.reject(new TypeError('x'))],
];

test.each(failures)('a frame that does not restore is not handed out: %s', async (_, openFrame) => {
  jest.mocked(restore.openFrame).mockImplementationOnce(openFrame);
  await expect(protect()).rejects.toMatchObject({ code: 'proof-failed' });
});

test('one that does restore is', async () => {
  await expect(protect()).resolves.toMatchObject({ samplesChangedOutside: 0 });
});
