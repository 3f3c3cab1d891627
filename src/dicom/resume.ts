import { equalBytes } from '../engine/bytes';
import {
  inspectFrame,
  KeyAreaError,
  type Keyring,
  keyringForJob,
  type ProtectionJob,
  type Rectangle,
  type ResumeOptions,
  resumeProtectionJob,
  sha256,
} from '../engine/index';
import { areSame } from '../engine/kernels/cells';
import { assignAreas } from './areas';
import { isSameImage } from './compress';
import { readFile } from './dataset/reader';
import { compareObjects, type Likeness } from './dataset/sameObject';
import { protectedUids } from './dataset/uids';
import { readNative } from './decode/native';
import { framesToSearch, openFrames, protectedPixelsMissing } from './frames';
import { givingWay } from './givingWay';
import { pixelLayout, readFrame } from './image/pixels';
import type { ProtectFileOptions } from './prepare';
import { isOriginal, restoreOpened } from './restore';

/** What a job is gone on with: what it was made with. */
export interface ResumeJobOptions extends ResumeOptions, ProtectFileOptions {
  /** The file that the protected one must be made of, with these options. */
  readonly original: Uint8Array;
  /** Whether a file will do of which a server changed attributes, other than those that say what pixels mean. */
  readonly acceptChanged?: boolean;
}

/**
 * Opens the job of a file again that it protected before it was interrupted, so that the files still to
 * be protected get the same key, envelopes and series UID.
 *
 * The file is trusted only where it proves to be what protecting `original` gives: whoever knows a
 * recipient's public key could have put another one there.
 *
 * Throws what `restoreFile` throws, and `invalid-argument` where the file is whole but of other texts,
 * areas, carrier, place, number of files, with another QR code, or of another original: such an output is
 * no start for a job.
 */
export async function resumeJob(
  bytes: Uint8Array,
  keyring: Keyring,
  options: ResumeJobOptions,
): Promise<ProtectionJob> {
  const job = await reopen(bytes, keyring, options);
  try {
    const likeness = await compareOutput(bytes, job, options.original, options);
    if (likeness === 'same' || (likeness === 'attributes changed' && options.acceptChanged)) return job;
  } catch (error) {
    job.dispose();
    throw error;
  }
  job.dispose();
  throw new KeyAreaError(
    'invalid-argument',
    'The protected file is not what protecting this original with these options gives. Start anew, in another place.',
  );
}

/** The job of the first protected frame. */
async function reopen(
  bytes: Uint8Array,
  keyring: Keyring,
  options: ResumeJobOptions,
): Promise<ProtectionJob> {
  const native = await readNative(bytes, options.signal);
  const { file } = native;
  const layout = pixelLayout(file);
  const giveWay = givingWay(options.signal);
  for (let number = 1; number <= framesToSearch(layout); number++) {
    await giveWay();
    try {
      return await resumeProtectionJob(readFrame(file.bytes, layout, number), keyring, options);
    } catch (error) {
      if (!(error instanceof KeyAreaError && error.code === 'not-protected')) throw error;
    }
  }
  throw protectedPixelsMissing(native);
}

/**
 * How alike a file is to what `job` makes of `original` with these options: `same` where it restores to the original,
 * byte for byte; `attributes changed` where its pixels do, and others changed attributes that do not say what pixels
 * mean; `other` where it is anything else, damaged or of another job. Throws `cancelled` alone.
 */
export async function compareOutput(
  bytes: Uint8Array,
  job: ProtectionJob,
  original: Uint8Array,
  options: ProtectFileOptions,
): Promise<Likeness> {
  const { areas, index = 0, count = 1, carrier, scramble = false, compress = false, signal } = options;
  const keyring = keyringForJob(job);
  try {
    const { original: source } = await readNative(original, signal);
    const uids = await protectedUids(source, await sha256(source.bytes), job, index);
    const native = await readNative(bytes, signal);
    const { file } = native;
    const layout = pixelLayout(file);
    const opened = await openFrames(native, layout, keyring, signal ? { signal } : {});
    const { jobId, report, notice, ...place } = opened.first.summary;
    const sameJob = equalBytes(jobId, job.id) && report === job.report && notice === job.notice;
    const sameUids =
      opened.first.object !== undefined &&
      opened.record !== undefined &&
      equalBytes(opened.first.object, uids.object) &&
      equalBytes(opened.record.series, uids.series);
    if (!sameJob || !sameUids || place.index !== index || place.count !== count) return 'other';
    const wanted = assignAreas(areas, layout.frames, carrier);
    const sameFrames = opened.frames.every(
      (frame) =>
        sameAreas(frame.areas, wanted.get(frame.number)) &&
        (carrier === undefined || frame.carrier === carrier) &&
        frame.scrambled === scramble,
    );
    if (opened.frames.length !== wanted.size || !sameFrames) return 'other';
    // All frames of a file say the same. Where no QR code can be read, none says too much.
    const { qrText } = inspectFrame(readFrame(file.bytes, layout, opened.frames[0].number));
    if (qrText !== '' && !job.says(qrText)) return 'other';
    const restored = await restoreOpened(file, layout, opened);
    if (restored.fileVerified && areSame(restored.file, source.bytes)) return 'same';
    if (compress && (await isSameImage(readFile(restored.file), source))) return 'same';
    return isOriginal(restored.outcome) && compareObjects(restored.file, source.bytes) !== 'other'
      ? 'attributes changed'
      : 'other';
  } catch (error) {
    if (error instanceof KeyAreaError && error.code !== 'cancelled') return 'other';
    throw error;
  } finally {
    keyring.dispose();
  }
}

const sameAreas = (areas: readonly Rectangle[], wanted: readonly Rectangle[] | undefined): boolean =>
  JSON.stringify(areas.map(cornersOf)) === JSON.stringify(wanted?.map(cornersOf));

const cornersOf = ({ x, y, width, height }: Rectangle): number[] => [x, y, width, height];
