import { equalBytes } from '../engine/bytes';
import {
  type Carrier,
  KeyAreaError,
  keyringForJob,
  type ProtectedFrame,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
  sha256,
  type ValueRange,
} from '../engine/index';
import { encodeAttachment, type FileRecord, runsOf } from './attachment';
import { effectiveEdits, recordChanges } from './changes';
import { burnedInAnnotationEdit, derivationEdits, pixelRangeEdits, sopInstanceUidOf } from './derivation';
import { type FileOptions, throwIfCancelled } from './options';
import { takeOverlayBits } from './overlays';
import { hashPixels, type PixelLayout, pixelLayout, readFrame, storedValueRange, writeFrame } from './pixels';
import { freeBlockTags, protectionTagEdits } from './privateBlock';
import { type DicomFile, findElement, readFile, textOf } from './reader';
import { restoreFile } from './restore';
import { checkOrder, type Edit, splice } from './splice';
import { TAG } from './tags';
import { deriveUid, uidOf } from './uids';
import { windowEdits, windowTags } from './window';

/** A rectangle to hide, in image pixels. */
export interface KeyArea {
  readonly rectangle: Rectangle;
  /** Frame numbers, counted from 1; all frames where left out. */
  readonly frames?: readonly number[];
}

export interface ProtectFileOptions extends FileOptions {
  readonly areas: readonly KeyArea[];
  /** Place of this file among those of the job, from 0; 0 where left out. */
  readonly index?: number;
  /** Files of the job; 1 where left out. */
  readonly count?: number;
  /** Under the QR codes, where left out; or in the pixels around them. */
  readonly carrier?: Carrier;
  /** Turns everything outside the covered areas to noise too; under the QR codes only. */
  readonly scramble?: boolean;
}

export interface ProtectedFile {
  /** A DICOM Part 10 file, in the original's transfer syntax. */
  readonly file: Uint8Array;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** The original's; empty where it has none. */
  readonly studyInstanceUID: string;
  /** What the QR codes cover on the first protected frame. */
  readonly coveredAreas: readonly Rectangle[];
  readonly bitsPerSample: number;
  /**
   * Samples that differ outside the covered areas, counted over all protected frames: 0 under the QR
   * codes, unless scrambled.
   */
  readonly samplesChangedOutside: number;
  readonly qrText: string;
}

type FrameSummary = Omit<ProtectedFrame, 'frame'>;

/** Objects of up to this many protected frames carry the file's record in each of them. */
const RECORD_IN_EVERY_FRAME = 4;

/**
 * Hides key areas of a DICOM file: a new, derived image of the same class in a series of its own,
 * from which {@link restoreFile} gives the original file back byte for byte.
 *
 * The result is proven before it is returned: it was restored from its own bytes and compared with
 * the original. The given file is not written to.
 *
 * Throws what {@link readFile}, {@link pixelLayout} and the engine's `protectFrame` throw, `cancelled`
 * and `proof-failed`.
 */
export async function protectFile(
  bytes: Uint8Array,
  job: ProtectionJob,
  options: ProtectFileOptions,
): Promise<ProtectedFile> {
  const { areas, index = 0, count = 1, carrier = 'vault', scramble = false, onProgress, signal } = options;
  const file = readFile(bytes);
  const layout = pixelLayout(file);
  checkOrder(file);
  const areasByFrame = assignAreas(areas, layout.frames);
  const fileHash = await sha256(file.bytes);
  const object = await deriveUid(
    'SOP Instance UID',
    `${sopInstanceUidOf(file)} ${toHex(fileHash)}`,
    job.envelopes[0],
  );
  const originalSeries = textOf(file, TAG.SeriesInstanceUID) ?? '';
  const series = await deriveUid('Series Instance UID', originalSeries, job.envelopes[0]);

  const overlays = takeOverlayBits(file, distinct([...areasByFrame.values()].flat()));
  const blockTags = freeBlockTags(file);
  const derivation = derivationEdits(file, object, series, scramble ? 'scrambled' : carrier);
  if (job.qr === 'open') derivation.push(burnedInAnnotationEdit(file));
  const tagEdits = effectiveEdits(file, derivation);
  const record: FileRecord = {
    fileHash,
    coding: file.transferSyntax.coding,
    series,
    protectedFrames: runsOf([...areasByFrame.keys()]),
    pixelHash: areasByFrame.size < layout.frames ? await hashPixels(file.bytes, layout) : undefined,
    ...recordChanges(file, [
      ...tagEdits.map(({ tag }) => tag),
      ...pixelRangeTags(file),
      ...windowTags(file, layout),
      ...blockTags,
    ]),
    overlays: overlays.taken,
  };

  const carriers = recordCarriers([...areasByFrame.keys()]);
  const attachmentOf = (frame: number) =>
    encodeAttachment({
      frame,
      frames: layout.frames,
      object,
      record: carriers.has(frame) ? record : undefined,
    });
  const protectedBytes = file.bytes.slice();
  const summaries: FrameSummary[] = [];
  for (const [number, frameAreas] of areasByFrame) {
    throwIfCancelled(signal);
    const frame = readFrame(file.bytes, layout, number);
    const attachment = attachmentOf(number);
    const { frame: output, ...summary } = await protectFrame(frame, job, {
      areas: frameAreas,
      index,
      count,
      attachment,
      carrier,
      scramble,
    });
    writeFrame(protectedBytes, layout, number, output);
    summaries.push(summary);
    onProgress?.(summaries.length, areasByFrame.size);
  }

  const coveredAreas = distinct(summaries.flatMap((summary) => summary.coveredAreas));
  const output = splice({ ...file, bytes: protectedBytes }, [
    ...tagEdits,
    ...overlays.edits,
    ...pixelValueEdits(file, layout, protectedBytes, summaries),
    ...protectionTagEdits(file, blockTags, coveredAreas, job.notice),
  ]);
  await prove(file.bytes, output, job, signal);
  return {
    file: output,
    sopInstanceUID: uidOf(object),
    seriesInstanceUID: uidOf(series),
    studyInstanceUID: textOf(file, TAG.StudyInstanceUID) ?? '',
    coveredAreas: summaries[0].coveredAreas,
    bitsPerSample: Math.max(...summaries.map(({ bitsPerSample }) => bitsPerSample)),
    samplesChangedOutside: summaries.reduce((sum, summary) => sum + summary.samplesChangedOutside, 0),
    qrText: summaries[0].qrText,
  };
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The key areas of each frame that has any, in the order of the frames. */
function assignAreas(areas: readonly KeyArea[], frames: number): Map<number, Rectangle[]> {
  const byFrame = new Map<number, Rectangle[]>();
  for (const { rectangle, frames: numbers } of areas) {
    for (const number of numbers ?? Array.from({ length: frames }, (_, index) => index + 1)) {
      if (!Number.isInteger(number) || number < 1 || number > frames) {
        throw new KeyAreaError('invalid-argument', `There is no frame ${number}: this image has ${frames}.`);
      }
      byFrame.set(number, [...(byFrame.get(number) ?? []), rectangle]);
    }
  }
  if (byFrame.size === 0) throw new KeyAreaError('no-key-area', 'There is no key area. Draw one first.');
  return new Map([...byFrame].sort(([a], [b]) => a - b));
}

/** Each rectangle once. */
function distinct(areas: readonly Rectangle[]): Rectangle[] {
  return [...new Map(areas.map((area) => [[area.x, area.y, area.width, area.height].join(), area])).values()];
}

/**
 * The frames that carry the record: all of few, else the first two and the last, so that losing one
 * does not lose the record.
 */
function recordCarriers(numbers: readonly number[]): ReadonlySet<number> {
  const few = numbers.length <= RECORD_IN_EVERY_FRAME;
  return new Set(few ? numbers : [numbers[0], numbers[1], numbers[numbers.length - 1]]);
}

const pixelRangeTags = (file: DicomFile): number[] =>
  [TAG.SmallestImagePixelValue, TAG.LargestImagePixelValue].filter(
    (tag) => findElement(file, tag) !== undefined,
  );

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
  const range = (bands: readonly ValueRange[]): ValueRange => ({
    minimum: Math.min(...bands.map(({ minimum }) => minimum)),
    maximum: Math.max(...bands.map(({ maximum }) => maximum)),
  });
  const lower = range(summaries.map(({ symbolValues }) => symbolValues.lower));
  const upper = range(summaries.map(({ symbolValues }) => symbolValues.upper));
  return [
    ...pixelRangeEdits(file, before, after),
    ...windowEdits(file, layout, { before, after, lower, upper }),
  ];
}

/** Restores what is about to be handed out, and compares. Throws `proof-failed`. */
async function prove(
  original: Uint8Array,
  output: Uint8Array,
  job: ProtectionJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  const keyring = keyringForJob(job);
  try {
    const { file, fileVerified } = await restoreFile(output, keyring, signal ? { signal } : {});
    if (fileVerified && equalBytes(file, original)) return;
  } catch (cause) {
    if (cause instanceof KeyAreaError && cause.code === 'cancelled') throw cause;
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
