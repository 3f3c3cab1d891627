import { readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { pixelLayout } from '../../src/dicom/image/pixels';
import {
  compareOutput,
  protectFile,
  type ResumeJobOptions,
  restoreFile,
  resumeJob,
} from '../../src/dicom/index';
import { createKeyring, type ProtectionJob } from '../../src/engine/index';
import { buildImage, EXPLICIT, encode, text } from './builder';
import { codeOf, expectSameBytes, makeKeys, REPORT, testKeys } from './support';

const PATIENT_NAME = 0x00100010;
const PIXEL_SPACING = 0x00280030;
const AREA = { x: 30, y: 40, width: 50, height: 50 };
const OPTIONS = { areas: [{ rectangle: AREA }], index: 0, count: 2 };
const original = buildImage({ bitsStored: 12 });
const second = buildImage({ bitsStored: 12, seed: 2, nodes: [text(0x00080018, 'UI', '1.2.3')] });

const keys = testKeys();
let sent: Uint8Array;
beforeAll(async () => {
  sent = (await protectFile(original, keys.job, OPTIONS)).file;
});

const resume = (options: Partial<ResumeJobOptions> = {}, bytes = sent) =>
  resumeJob(bytes, keys.keyring, { original, report: REPORT, ...OPTIONS, ...options });

describe('an interrupted job', () => {
  test('is gone on with: the rest shares its id, its envelopes and its series', async () => {
    const job = await resume();
    expect(Buffer.from(job.id)).toEqual(Buffer.from(keys.job.id));
    const rest = { ...OPTIONS, index: 1 };
    const [resumed, uninterrupted] = [
      await protectFile(second, job, rest),
      await protectFile(second, keys.job, rest),
    ];
    expect(resumed.seriesInstanceUID).toBe(uninterrupted.seriesInstanceUID);
    expect(resumed.sopInstanceUID).toBe(uninterrupted.sopInstanceUID);
    const restored = await restoreFile(resumed.file, keys.keyring);
    expect(restored).toMatchObject({ fileVerified: true, report: REPORT, index: 1, count: 2 });
    expectSameBytes(restored.file, second);
  });

  test('is found again in a file of which the first frame is not protected', async () => {
    const frames = buildImage({ frames: 3, bitsStored: 12 });
    const options = { areas: [{ rectangle: AREA, frames: [2, 3] }] };
    const { file } = await protectFile(frames, keys.job, options);
    const job = await resumeJob(file, keys.keyring, { original: frames, report: REPORT, ...options });
    expect(await compareOutput(file, job, frames, options)).toBe('same');
  });

  test.each<[string, Partial<ResumeJobOptions>]>([
    ['another report', { report: 'another' }],
    ['another notice', { notice: 'another' }],
    ['the report in clear in the QR code', { qr: 'open' }],
    ['no report in the QR code', { qr: 'notice' }],
    ['another original', { original: second }],
    ['another area', { areas: [{ rectangle: { ...AREA, x: 31 } }] }],
    ['another carrier', { carrier: 'surroundings' }],
    ['scrambling', { scramble: true }],
    ['another place', { index: 1 }],
    ['more files', { count: 3 }],
  ])('is not gone on with after %s', async (_, options) => {
    expect(await codeOf(() => resume(options))).toBe('invalid-argument');
  });

  test('is not found with another key, nor where nothing is protected', async () => {
    const other = createKeyring({ passphrase: 'another passphrase' });
    const options = { original, report: REPORT, ...OPTIONS };
    expect(await codeOf(() => resumeJob(sent, other, options))).toBe('wrong-key');
    expect(await codeOf(() => resume({}, original))).toBe('not-protected');
  });
});

describe('an output', () => {
  const made = (bytes: Uint8Array, job: ProtectionJob = keys.job) =>
    compareOutput(bytes, job, original, OPTIONS);

  test('that is whole is known as what the job makes of its input', async () => {
    expect(await made(sent)).toBe('same');
  });

  test('of another job or input, cut short or altered is none', async () => {
    expect(await made(sent, (await makeKeys()).job)).toBe('other');
    expect(await compareOutput(sent, keys.job, second, OPTIONS)).toBe('other');
    expect(await made(sent.subarray(0, -1))).toBe('other');
    expect(await made(original)).toBe('other');
    const altered = sent.slice();
    altered[pixelLayout(readFile(sent)).start] ^= 1;
    expect(await made(altered)).toBe('other');
  });

  test('of which a server changed attributes is told, and goes on where that will do', async () => {
    const changed = splice(readFile(sent), [
      { tag: PATIENT_NAME, bytes: encode(text(PATIENT_NAME, 'PN', 'Roe^Rick'), EXPLICIT) },
    ]);
    expect(await made(changed)).toBe('attributes changed');
    expect(await codeOf(() => resume({}, changed))).toBe('invalid-argument');
    expect((await resume({ acceptChanged: true }, changed)).id).toEqual(keys.job.id);
  });

  test('of which others changed what pixels mean is none', async () => {
    const spacing = encode(text(PIXEL_SPACING, 'DS', '9\\9'), EXPLICIT);
    expect(await made(splice(readFile(sent), [{ tag: PIXEL_SPACING, bytes: spacing }]))).toBe('other');
  });

  test('stops to be compared where the user gives up', async () => {
    const comparing = compareOutput(sent, keys.job, original, { ...OPTIONS, signal: AbortSignal.abort() });
    expect(await codeOf(() => comparing)).toBe('cancelled');
  });
});
