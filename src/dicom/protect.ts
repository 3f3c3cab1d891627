import {
  type Carrier,
  KeyAreaError,
  keyringForJob,
  type ProtectedFrame,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
  type ValueRange,
} from '../engine/index';
import { areSame } from '../engine/kernels/cells';
import { distinct } from './areas';
import { pixelRangeEdits } from './changes/derivation';
import { namingPictures } from './changes/leaks';
import type { FileWarning } from './changes/warnings';
import { compressFile, isSameImage } from './compress';
import { protectionTagEdits } from './dataset/privateBlock';
import { type DicomFile, readFile, textOf } from './dataset/reader';
import { type Edit, splice } from './dataset/splice';
import { TAG } from './dataset/tags';
import { uidOf } from './dataset/uids';
import { type PixelLayout, readFrame, storedValueRange, writeFrame } from './image/pixels';
import { windowEdits, windowTags } from './image/window';
import { isCancelled, throwIfCancelled } from './options';
import { type ProtectFileOptions, pixelRangeTags, prepareFile } from './prepare';
import { restoreFile } from './restore';

export interface ProtectedFile {
  /**
   * A DICOM Part 10 file, in the original's transfer syntax, or in JPEG-LS Lossless on request;
   * in Explicit VR Little Endian where the original was compressed or deflated. (Deflating has many results:
   * one that the original's bytes could come back from is not to be had, and archives take uncompressed
   * files more gladly.)
   */
  readonly file: Uint8Array;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** The original's; empty where it has none. */
  readonly studyInstanceUID: string;
  /** What the QR codes cover, on any protected frame; each rectangle once. */
  readonly coveredAreas: readonly Rectangle[];
  readonly bitsPerSample: number;
  /** What carries the key areas: the surroundings, where those of any frame do. */
  readonly carrier: Carrier;
  /**
   * Samples that differ outside the covered areas, counted over all protected frames: 0 under the QR
   * codes, unless scrambled.
   */
  readonly samplesChangedOutside: number;
  /** Peak signal-to-noise ratio outside, in decibels, of the frame where it is least; infinite where nothing changed. */
  readonly psnrOutside: number;
  /** Mean structural similarity outside, of the frame where it is least; 1 where nothing changed. */
  readonly ssimOutside: number;
  /**
   * Side, in pixels, of the largest square that may be painted over anywhere on a covered area, so that
   * the file still restores; of the frame where it is least.
   */
  readonly toleratedMark: number;
  readonly qrText: string;
  /** What may still show the key areas, and was left for the user to judge; empty where nothing may. */
  readonly warnings: readonly FileWarning[];
}

type FrameSummary = Omit<ProtectedFrame, 'frame'>;

/**
 * Hides key areas of a DICOM file: a new, derived image of the same class in a series of its own,
 * from which {@link restoreFile} gives the original file back: byte for byte where it was not compressed,
 * else byte for byte what it decodes to.
 *
 * The result is proven before it is returned: it was restored from its own bytes and compared with
 * the original. The given file is not written to.
 *
 * Throws what `readNative`, {@link pixelLayout} and the engine's `protectFrame` throw, `cancelled`
 * and `proof-failed`.
 */
export async function protectFile(
  bytes: Uint8Array,
  job: ProtectionJob,
  options: ProtectFileOptions,
): Promise<ProtectedFile> {
  const { index = 0, count = 1, carrier, scramble = false, compress = false } = options;
  const { onProgress, signal } = options;
  const prepared = await prepareFile(bytes, job, options);
  const { file, layout, areasByFrame, object, series, tagEditsFor, overlayEdits, blockTags, warnings } =
    prepared;
  const protectedBytes = file.bytes.slice();
  const summaries: FrameSummary[] = [];
  for (const [number, frameAreas] of areasByFrame) {
    throwIfCancelled(signal);
    const frame = readFrame(file.bytes, layout, number);
    const attachment = prepared.attachmentOf(number);
    const { frame: output, ...summary } = await protectFrame(frame, job, {
      areas: frameAreas,
      index,
      count,
      attachment,
      ...(carrier ? { carrier } : {}),
      scramble,
    }).catch((error: unknown) => {
      throw namingPictures(error, prepared.pictures);
    });
    writeFrame(protectedBytes, layout, number, output);
    summaries.push(summary);
    onProgress?.(summaries.length, areasByFrame.size);
  }

  const coveredAreas = distinct(summaries.flatMap((summary) => summary.coveredAreas));
  const used = summaries.some((summary) => summary.carrier === 'surroundings') ? 'surroundings' : 'vault';
  const native = splice({ ...file, bytes: protectedBytes }, [
    ...tagEditsFor(used),
    ...overlayEdits,
    ...pixelValueEdits(file, layout, protectedBytes, summaries),
    ...protectionTagEdits(file, blockTags, coveredAreas, job.notice, prepared.losses),
  ]);
  const output = compress ? await compressFile(readFile(native), signal) : native;
  await prove(prepared.original, output, job, compress, signal);
  return {
    file: output,
    sopInstanceUID: uidOf(object),
    seriesInstanceUID: uidOf(series),
    studyInstanceUID: textOf(file, TAG.StudyInstanceUID) ?? '',
    coveredAreas,
    bitsPerSample: Math.max(...summaries.map(({ bitsPerSample }) => bitsPerSample)),
    carrier: used,
    psnrOutside: Math.min(...summaries.map(({ psnrOutside }) => psnrOutside)),
    ssimOutside: Math.min(...summaries.map(({ ssimOutside }) => ssimOutside)),
    samplesChangedOutside: summaries.reduce((sum, summary) => sum + summary.samplesChangedOutside, 0),
    toleratedMark: Math.min(...summaries.map(({ toleratedMark }) => toleratedMark)),
    qrText: summaries[0].qrText,
    warnings,
  };
}

/** The edits that follow from the protected pixels. */
function pixelValueEdits(
  file: DicomFile,
  layout: PixelLayout,
  protectedBytes: Uint8Array,
  summaries: readonly FrameSummary[],
): Edit[] {
  if (pixelRangeTags(file).length + windowTags(file, layout).length === 0) return [];
  const before = storedValueRange(file.bytes, layout);
  const after = storedValueRange(protectedBytes, layout);
  const rangeEdits = pixelRangeEdits(file, before, after);
  // Where nothing is covered, there is no QR code to show.
  if (summaries.every(({ coveredAreas }) => coveredAreas.length === 0)) return rangeEdits;
  const range = (bands: readonly ValueRange[]): ValueRange => ({
    minimum: Math.min(...bands.map(({ minimum }) => minimum)),
    maximum: Math.max(...bands.map(({ maximum }) => maximum)),
  });
  const lower = range(summaries.map(({ symbolValues }) => symbolValues.lower));
  const upper = range(summaries.map(({ symbolValues }) => symbolValues.upper));
  return [...rangeEdits, ...windowEdits(file, layout, { before, after, lower, upper })];
}

/** Restores what is about to be handed out, and compares. Throws `proof-failed`. */
async function prove(
  original: DicomFile,
  output: Uint8Array,
  job: ProtectionJob,
  compressed: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const keyring = keyringForJob(job);
  try {
    const { file, fileVerified } = await restoreFile(output, keyring, signal ? { signal } : {});
    if (fileVerified && areSame(file, original.bytes)) return;
    // Unpacked pixels lie in one way, whichever of several they lay in before.
    if (compressed && (await isSameImage(readFile(file), original))) return;
  } catch (cause) {
    if (isCancelled(cause)) throw cause;
    throw proofFailed(cause);
  } finally {
    keyring.dispose();
  }
  throw proofFailed();
}

const proofFailed = (cause?: unknown): KeyAreaError =>
  new KeyAreaError(
    'proof-failed',
    'The protected file did not restore to the original byte for byte in the check, so it was discarded. The original is untouched. Please report this.',
    { cause },
  );
