import {
  createProtectionJob,
  type Frame,
  KeyAreaError,
  type ProtectionJob,
  protectFrame,
} from '../../src/engine';
import { hashFrame } from '../../src/engine/payload/frameHash';
import * as restore from '../../src/engine/restore';
import { makeFrame } from './frames';

/** Here, and here alone, what comes back in the proof is changed: what is protected must not be handed out then. */
jest.mock('../../src/engine/restore', () => {
  const actual = jest.requireActual('../../src/engine/restore');
  return { ...actual, openFrame: jest.fn(actual.openFrame) };
});
const { openFrame: actualOpenFrame } = jest.requireActual<typeof restore>('../../src/engine/restore');

const original = makeFrame({ width: 200, height: 160, bitsStored: 12 });
let job: ProtectionJob;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase: 'orchid lantern', report: '', workFactor: 4 });
});
const protect = (frame = original) =>
  protectFrame(frame, job, { areas: [{ x: 60, y: 40, width: 90, height: 90 }] });
const changed = (frame: Frame): Frame => {
  const samples = frame.samples.slice();
  samples[samples.length - 1] ^= 1;
  return { ...frame, samples };
};

/** Opens with a prover of which something was changed. */
const provenBy =
  (change: (prover: restore.Prover) => Partial<restore.Prover>): typeof restore.openFrame =>
  (frame, keyring, prover) =>
    actualOpenFrame(frame, keyring, prover && { ...prover, ...change(prover) });

const failures: readonly (readonly [string, typeof restore.openFrame])[] = [
  [
    'another frame comes back, and its hash says that it is the original',
    provenBy(({ hashOf }) => ({
      async hashOf(restored, upperBits) {
        await hashOf(changed(restored), upperBits);
        return hashFrame(restored, upperBits);
      },
    })),
  ],
  [
    'the frame is right, and its hash says that it is not',
    async (...call) => {
      const opened = await actualOpenFrame(...call);
      return { ...opened, verdict: { ...opened.verdict, verified: false } };
    },
  ],
  ['no frame is shown', provenBy(() => ({ hashOf: hashFrame }))],
  [
    'another frame comes back than the one whose hash is known',
    provenBy(({ hashOf }) => ({ hashOf: (restored, upperBits) => hashOf(changed(restored), upperBits) })),
  ],
  ['what changed outside is not measured', provenBy(() => ({ whileOpening: () => undefined }))],
  ['nothing is restored', () => Promise.reject(new KeyAreaError('damaged', 'x'))],
  ['the software fails', () => Promise.reject(new TypeError('x'))],
];

test.each(failures)('a frame that does not restore is not handed out: %s', async (_, openFrame) => {
  jest.mocked(restore.openFrame).mockImplementationOnce(openFrame);
  await expect(protect()).rejects.toMatchObject({ code: 'proof-failed' });
});

test('a frame that the caller writes to meanwhile is not handed out', async () => {
  const frame = makeFrame({ width: 200, height: 160, bitsStored: 12 });
  const protecting = protect(frame);
  frame.samples[0] ^= 1;
  await expect(protecting).rejects.toMatchObject({ code: 'proof-failed' });
});

test('one that does restore is', async () => {
  await expect(protect()).resolves.toMatchObject({ samplesChangedOutside: 0 });
});
