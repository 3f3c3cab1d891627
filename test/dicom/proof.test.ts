import { protectFile } from '../../src/dicom/index';
import * as restore from '../../src/dicom/restore';
import { KeyAreaError } from '../../src/engine/index';
import { buildImage } from './builder';
import { errorOf, makeKeys } from './support';

/** Here, and here alone, restoring is made to fail: what is protected must not be handed out then. */
jest.mock('../../src/dicom/restore');

const failures: readonly (readonly [string, (file: Uint8Array) => unknown])[] = [
  [
    'a byte differs',
    (file) => ({ file: file.map((byte, index) => (index === 200 ? byte ^ 1 : byte)), fileVerified: true }),
  ],
  ['the file is shorter', (file) => ({ file: file.subarray(1), fileVerified: true })],
  ['the hash differs', (file) => ({ file, fileVerified: false })],
  [
    'nothing is restored',
    () => {
      throw new KeyAreaError('damaged', 'x');
    },
  ],
  [
    'the software fails',
    () => {
      throw new TypeError('x');
    },
  ],
];

test.each(failures)('a protected file that does not restore is not handed out: %s', async (_, outcome) => {
  const original = buildImage();
  jest.mocked(restore.restoreFile).mockImplementation(async () => outcome(original) as never);
  const { job } = await makeKeys();
  const error = await errorOf(() =>
    protectFile(original, job, { areas: [{ rectangle: { x: 9, y: 9, width: 50, height: 50 } }] }),
  );
  expect(error.code).toBe('proof-failed');
});

test('one that does restore is', async () => {
  const original = buildImage();
  jest
    .mocked(restore.restoreFile)
    .mockImplementation(async () => ({ file: original, fileVerified: true }) as never);
  const { job } = await makeKeys();
  await expect(
    protectFile(original, job, { areas: [{ rectangle: { x: 9, y: 9, width: 50, height: 50 } }] }),
  ).resolves.toBeDefined();
});
