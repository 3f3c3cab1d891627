import { equalBytes } from '../engine/bytes';
import { type Keyring, type RestoredFrame, sha256 } from '../engine/index';
import type { FileRecord } from './attachment';
import { readNative } from './decode/native';
import { alteredEdits } from './derivation';
import { differingTags, digestsOf } from './digests';
import { type AlteredFrame, type OpenedFrames, openFrames } from './frames';
import type { FileOptions } from './options';
import { type PixelLayout, pixelLayout } from './pixels';
import { type DicomFile, readFile } from './reader';
import { splice } from './splice';
import { type TransferSyntax, transferSyntaxOf } from './transferSyntaxes';
import { derivedUidEdits, hasOwnUids, UID_TAGS, undoEdits } from './undo';

export interface RestoreFileOptions extends FileOptions {
  /**
   * Gives a copy that was given other UIDs since, as de-identifying does, its original UIDs back, where
   * its pixels are verified. Without it such a copy gets new ones, derived from those it has: these stand
   * for the protected pixels.
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
   * The file is the original one, byte for byte; of an original that was compressed or deflated, what it
   * decodes to, byte for byte: see `decodedFrom`. Otherwise it was changed after it was protected: all that
   * protecting changed is back, and what others changed is as they left it.
   */
  readonly fileVerified: boolean;
  /**
   * What differs from the original file, as tags: `(0010,0010)`; of private elements the group,
   * `(0019,xxxx)`. Empty where the file is verified, and where it was only coded in another way since.
   */
  readonly changedSince: readonly string[];
  /**
   * The transfer syntax of an original that was compressed or deflated: its stored values and attributes
   * are back, in an uncompressed transfer syntax. Undefined where the original was neither.
   */
  readonly decodedFrom: Pick<TransferSyntax, 'uid' | 'name'> | undefined;
  /** Frames that were protected and are restored. */
  readonly frames: number;
  /** Segments of the hidden data that were damaged and computed again from the others, in all frames. */
  readonly repairedSegments: number;
}

/**
 * Gives the original file back from a protected one and a key.
 *
 * Throws what {@link readNative}, {@link pixelLayout} and the engine's `restoreFrame` throw: among them
 * `not-protected`, `wrong-key`, `damaged`, `altered`; and `cancelled`. A file of which some frames
 * cannot be restored is not restored at all.
 */
export async function restoreFile(
  bytes: Uint8Array,
  keyring: Keyring,
  options: RestoreFileOptions = {},
): Promise<RestoredFile> {
  const native = await readNative(bytes);
  const { file } = native;
  const layout = pixelLayout(file);
  return restoreOpened(file, layout, await openFrames(native, layout, keyring, options), options);
}

/** Makes the original file of a protected one whose frames were opened. */
export async function restoreOpened(
  file: DicomFile,
  layout: PixelLayout,
  opened: OpenedFrames,
  { originalUIDs = false }: RestoreFileOptions = {},
): Promise<RestoredFile> {
  const { first, record, pixels, altered, unprotectedFramesAltered } = opened;
  const { report, notice, areas, coveredAreas, carrier, index, count, jobId } = first.summary;
  const pixelsVerified = altered.length === 0 && !unprotectedFramesAltered;
  let restoredFile = { ...file, bytes: pixels };
  if (record) {
    const edits = undoEdits(file, record, layout, opened);
    const original = pixelsVerified && (originalUIDs || hasOwnUids(file, record, first.object));
    const uids = original ? [] : await derivedUidEdits(file, opened);
    const others = original ? edits : edits.filter(({ tag }) => !UID_TAGS.has(tag));
    restoredFile = readFile(splice(restoredFile, [...others, ...uids]));
  }
  if (!pixelsVerified) restoredFile = readFile(splice(restoredFile, alteredEdits(restoredFile)));
  const { bytes } = restoredFile;
  const fileVerified = record !== undefined && equalBytes(await sha256(bytes), record.fileHash);
  const changedSince =
    fileVerified || record === undefined
      ? []
      : differingTags(record.digests, await digestsOf(restoredFile, jobId));
  return {
    file: bytes,
    report,
    notice,
    pixelsVerified,
    altered,
    unprotectedFramesAltered,
    fileVerified,
    changedSince,
    decodedFrom: record && decodedFromOf(record),
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

function decodedFromOf({ decodedFrom }: FileRecord): RestoredFile['decodedFrom'] {
  if (decodedFrom === '') return undefined;
  const { uid, name } = transferSyntaxOf(decodedFrom);
  return { uid, name };
}
