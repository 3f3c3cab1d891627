import { equalBytes } from '../engine/bytes';
import { type Keyring, type RestoredFrame, sha256 } from '../engine/index';
import type { FileRecord } from './attachment';
import { ElementReader } from './elements';
import { type AlteredFrame, type OpenedFrames, openFrames } from './frames';
import type { FileOptions } from './options';
import { returnOverlayBits } from './overlays';
import { pixelLayout } from './pixels';
import { PRIVATE_GROUP, protectionTagRemovals } from './privateBlock';
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
  /**
   * Restores the key area of a file of which other pixels were altered since, where nothing else is
   * wrong. Without it such a file is refused with `altered`.
   */
  readonly acceptAltered?: boolean;
}

/** What was hidden in a file, as the engine gives it for the first protected frame. */
type Hidden = Pick<
  RestoredFrame,
  'report' | 'notice' | 'areas' | 'coveredAreas' | 'carrier' | 'index' | 'count' | 'jobId'
>;

export interface RestoredFile extends Hidden {
  /** A DICOM Part 10 file. */
  readonly file: Uint8Array;
  /** Every frame is exactly what was protected: always, unless altered ones are accepted. */
  readonly pixelsVerified: boolean;
  /** Where protected frames were altered outside their key areas, which are exact; empty where verified. */
  readonly altered: readonly AlteredFrame[];
  /** Some frame that was not protected was altered; which, cannot be told. */
  readonly unprotectedFramesAltered: boolean;
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
  return restoreOpened(file, await openFrames(file, pixelLayout(file), keyring, options), options);
}

/** Makes the original file of a protected one whose frames were opened. */
export async function restoreOpened(
  file: DicomFile,
  opened: OpenedFrames,
  options: RestoreFileOptions = {},
): Promise<RestoredFile> {
  const { first, record, pixels, altered, unprotectedFramesAltered } = opened;
  const edits = record ? originalEdits(file, record, first.object, options.originalUIDs === true) : [];
  const restoredFile = splice({ ...file, bytes: pixels }, edits);
  const fileVerified = record !== undefined && equalBytes(await sha256(restoredFile), record.fileHash);
  const { report, notice, areas, coveredAreas, carrier, index, count, jobId } = first.summary;
  return {
    file: restoredFile,
    report,
    notice,
    pixelsVerified: altered.length === 0 && !unprotectedFramesAltered,
    altered,
    unprotectedFramesAltered,
    fileVerified,
    areas,
    coveredAreas,
    carrier,
    frames: opened.frames.length,
    repairedSegments: opened.repairedSegments,
    index,
    count,
    jobId,
  };
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
