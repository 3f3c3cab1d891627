import { equalBytes } from '../engine/bytes';
import { KeyAreaError, type Keyring, type RestoredFrame, restoreFrame, sha256 } from '../engine/index';
import { type Attachment, decodeAttachment, type FileRecord } from './attachment';
import { ElementReader } from './elements';
import { type FileOptions, throwIfCancelled } from './options';
import { returnOverlayBits } from './overlays';
import { hashPixels, type PixelLayout, pixelLayout, readFrame, writeFrame } from './pixels';
import { PRIVATE_GROUP, protectionTagRemovals, readProtectionTags } from './privateBlock';
import { type DicomFile, readFile, textOf } from './reader';
import { recodeElement } from './recode';
import { type Edit, splice } from './splice';
import { groupOf, isGroupLength, TAG } from './tags';
import { EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';
import { uidOf } from './uids';

export interface RestoreFileOptions extends FileOptions {
  /**
   * Gives a copy that was given other UIDs since, as de-identifying does, its original UIDs back.
   * Without it such a copy keeps the ones it has.
   */
  readonly originalUIDs?: boolean;
}

/** What was hidden in a file, as the engine gives it for the first protected frame. */
type Hidden = Pick<
  RestoredFrame,
  'report' | 'notice' | 'areas' | 'coveredAreas' | 'carrier' | 'index' | 'count' | 'jobId'
>;

export interface RestoredFile extends Hidden {
  /** A DICOM Part 10 file. */
  readonly file: Uint8Array;
  /** Every frame is exactly what was protected; anything else is thrown. */
  readonly pixelsVerified: true;
  /**
   * The file is the original one, byte for byte. Otherwise it was changed after it was protected: all
   * that protecting changed is back, and what others changed is as they left it.
   */
  readonly fileVerified: boolean;
  /** Frames that were protected and are restored. */
  readonly frames: number;
  /** Segments of the hidden data that were damaged and computed again from the others, in all frames. */
  readonly repairedSegments: number;
}

/**
 * Gives the original file back from a protected one and a key.
 *
 * Throws what {@link readFile}, {@link pixelLayout} and the engine's `restoreFrame` throw: among them
 * `not-protected`, `wrong-key`, `damaged`, `altered`; and `cancelled`. A file of which some frames
 * cannot be restored is not restored at all.
 */
export async function restoreFile(
  bytes: Uint8Array,
  keyring: Keyring,
  options: RestoreFileOptions = {},
): Promise<RestoredFile> {
  const file = readFile(bytes);
  const layout = pixelLayout(file);
  const pixels = file.bytes.slice();
  const { first, record, restored, repairedSegments } = await restoreFrames(
    file,
    layout,
    keyring,
    pixels,
    options,
  );
  if (record?.pixelHash && !equalBytes(await hashPixels(pixels, layout), record.pixelHash)) {
    throw altered('frames that were not protected were changed since.');
  }
  const edits = record ? originalEdits(file, record, first.object, options.originalUIDs === true) : [];
  const restoredFile = splice({ ...file, bytes: pixels }, edits);
  const fileVerified = record !== undefined && equalBytes(await sha256(restoredFile), record.fileHash);
  const { report, notice, areas, coveredAreas, carrier, index, count, jobId } = first.summary;
  return {
    file: restoredFile,
    report,
    notice,
    pixelsVerified: true,
    fileVerified,
    areas,
    coveredAreas,
    carrier,
    frames: restored,
    repairedSegments,
    index,
    count,
    jobId,
  };
}

interface FirstFrame {
  readonly summary: Omit<RestoredFrame, 'frame'>;
  readonly object: Uint8Array | undefined;
}

/** Restores every protected frame into `pixels`, and checks that they belong together. */
async function restoreFrames(
  file: DicomFile,
  layout: PixelLayout,
  keyring: Keyring,
  pixels: Uint8Array,
  { onProgress, signal }: FileOptions,
): Promise<{
  first: FirstFrame;
  record: FileRecord | undefined;
  restored: number;
  repairedSegments: number;
}> {
  let first: FirstFrame | undefined;
  let record: FileRecord | undefined;
  let restored = 0;
  let repairedSegments = 0;
  for (let number = 1; number <= layout.frames; number++) {
    throwIfCancelled(signal);
    if (record === undefined || isProtected(record, number)) {
      const result = await restoreUnlessUnprotected(file, layout, keyring, number);
      if (result === undefined) {
        if (record) throw lost(number);
      } else {
        const { frame, ...summary } = result;
        const attachment = decodeAttachment(summary.attachment);
        first ??= { summary, object: attachment?.object };
        checkPlace(first, summary, attachment, number, layout.frames);
        record ??= attachment?.record;
        writeFrame(pixels, layout, number, frame);
        repairedSegments += summary.repairedSegments;
        restored++;
      }
    }
    onProgress?.(number, layout.frames);
  }
  if (first === undefined) throw protectedPixelsMissing(file);
  // Every file of ours has a record: where no frame that is left carries it, those that did were lost.
  if (record === undefined && first.object !== undefined) throw lost(1);
  checkComplete(record, restored);
  return { first, record, restored, repairedSegments };
}

const isProtected = (record: FileRecord, number: number): boolean =>
  record.protectedFrames.some(([from, to]) => number >= from && number <= to);

async function restoreUnlessUnprotected(
  file: DicomFile,
  layout: PixelLayout,
  keyring: Keyring,
  number: number,
): Promise<RestoredFrame | undefined> {
  let restored: RestoredFrame;
  try {
    restored = await restoreFrame(readFrame(file.bytes, layout, number), keyring);
  } catch (error) {
    if (error instanceof KeyAreaError && error.code === 'not-protected') return undefined;
    throw error;
  }
  const { rotated, mirrored, x, y } = restored.placement;
  if (rotated !== 0 || mirrored || x !== 0 || y !== 0 || restored.frame.width !== layout.width) {
    throw altered('its pixels were rotated, mirrored or moved since, and its tags were not.');
  }
  return restored;
}

/** Throws `altered` where a frame is of another job or object, or stands in another's place. */
function checkPlace(
  { summary: first, object }: FirstFrame,
  summary: Omit<RestoredFrame, 'frame'>,
  attachment: Attachment | undefined,
  number: number,
  frames: number,
): void {
  const sameJob = equalBytes(first.jobId, summary.jobId) && first.index === summary.index;
  const sameObject =
    object === attachment?.object || (object && attachment && equalBytes(object, attachment.object));
  if (!sameJob || !sameObject) throw altered(`frame ${number} belongs to another image.`);
  if (attachment && (attachment.frame !== number || attachment.frames !== frames)) {
    throw altered(`frame ${number} of ${frames} was frame ${attachment.frame} of ${attachment.frames}.`);
  }
}

/** Throws `damaged` where frames before the first that carried the record were not found. */
function checkComplete(record: FileRecord | undefined, restored: number): void {
  const expected = record?.protectedFrames.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (expected !== undefined && expected !== restored) throw lost(record?.protectedFrames[0][0]);
}

const altered = (what: string): KeyAreaError =>
  new KeyAreaError('altered', `The key fits, but ${what} Ask for the file as it was exported.`);

const lost = (number: number | undefined): KeyAreaError =>
  new KeyAreaError(
    'damaged',
    `Frame ${number} was protected, but nothing is found in it any more. Ask for the file as it was exported.`,
  );

export function protectedPixelsMissing(file: DicomFile): KeyAreaError {
  if (readProtectionTags(file) === undefined) {
    return new KeyAreaError('not-protected', 'No protected key area was found in this image.');
  }
  return new KeyAreaError(
    'damaged',
    'This image was protected, but its pixels were changed since (JPEG, scaling or other tools), so the key area cannot come back. Ask for the file as it was exported.',
  );
}

/** What makes the original's elements of the protected file's. */
function originalEdits(
  file: DicomFile,
  record: FileRecord,
  object: Uint8Array | undefined,
  originalUIDs: boolean,
): Edit[] {
  const kept = originalUIDs ? new Set<number>() : replacedUids(file, record, object);
  const privateTags = record.inserted.filter((tag) => groupOf(tag) === PRIVATE_GROUP);
  const inserted = record.inserted.filter((tag) => groupOf(tag) !== PRIVATE_GROUP);
  const edits = [
    ...inserted.map((tag) => ({ tag, bytes: undefined })),
    ...protectionTagRemovals(file, privateTags),
    ...record.originals.flatMap((raw) => originalEdit(file, record, raw)),
    ...returnOverlayBits(file, record.overlays),
  ];
  return edits.filter(({ tag }) => !kept.has(tag));
}

function originalEdit(file: DicomFile, record: FileRecord, raw: Uint8Array): Edit[] {
  const isMeta = raw[0] === 2 && raw[1] === 0;
  const from = isMeta ? EXPLICIT_LITTLE_ENDIAN : record.coding;
  const to = isMeta ? EXPLICIT_LITTLE_ENDIAN : file.transferSyntax.coding;
  const { tag } = new ElementReader(raw, 0, raw.length, from).next();
  // A wrong group length is worth keeping only in the very file that had it.
  if (isGroupLength(tag) && from.explicit !== to.explicit) return [];
  return [{ tag, bytes: recodeElement(raw, from, to) }];
}

/** UIDs that somebody changed since: of the object (in both places), and of the series. */
function replacedUids(file: DicomFile, record: FileRecord, object: Uint8Array | undefined): Set<number> {
  const kept = new Set<number>();
  if (object && textOf(file, TAG.SOPInstanceUID) !== uidOf(object)) {
    kept.add(TAG.SOPInstanceUID).add(TAG.MediaStorageSOPInstanceUID);
  }
  if (textOf(file, TAG.SeriesInstanceUID) !== uidOf(record.series)) kept.add(TAG.SeriesInstanceUID);
  return kept;
}
