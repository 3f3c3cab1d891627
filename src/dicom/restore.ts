import { equalBytes } from '../engine/bytes';
import { KeyAreaError, type Keyring, type RestoredFrame, sha256 } from '../engine/index';
import type { FileRecord } from './changes/attachment';
import { alteredEdits } from './changes/derivation';
import { differingTags, digestsOf, formatDigestTag } from './changes/digests';
import { lostFramesEdits } from './changes/lostFrames';
import { describeMeaning, type Meaning, meaningIn } from './changes/meaning';
import { derivedUidEdits, hasOwnUids, IDENTITY_TAGS, undoEdits } from './changes/undo';
import { type DicomFile, readFile } from './dataset/reader';
import { splice } from './dataset/splice';
import { type TransferSyntax, transferSyntaxOf } from './dataset/transferSyntaxes';
import { readNative } from './decode/native';
import { type AlteredFrame, type OpenedFrames, openFrames } from './frames';
import { type PixelLayout, pixelLayout } from './image/pixels';
import type { FileOptions } from './options';

export interface RestoreFileOptions extends FileOptions {
  /**
   * Gives a copy that was given other UIDs since, as de-identifying does, its original UIDs back, where
   * its pixels are verified. Without it such a copy gets new ones, derived from those it has: these stand
   * for the protected pixels.
   */
  readonly originalUIDs?: boolean;
  /**
   * Restores what can be of a file of which other pixels were altered since, or attributes that say what they
   * mean or where they lie, and of one that lost some of its protected frames. Without it such a file is refused with
   * `altered`, `damaged` or `stored-with-loss`.
   */
  readonly acceptAltered?: boolean;
}

/** What was hidden in a file, as the engine gives it for the first protected frame. */
type Hidden = Pick<
  RestoredFrame,
  'report' | 'notice' | 'areas' | 'coveredAreas' | 'carrier' | 'index' | 'count' | 'jobId'
>;

/**
 * What restoring a file comes to.
 * - `verified`: every pixel is what was protected, and so is what says what pixels mean and where they lie.
 * - `repaired`: likewise, after damage of the hidden data was computed away.
 * - `altered`: the key areas are exact; pixels outside them, or attributes that say what pixels mean or where they lie,
 *   are not what was protected.
 * - `damaged`: some protected frames did not come back; the key areas of the others are exact.
 */
export type Outcome = 'verified' | 'repaired' | 'altered' | 'damaged';

export interface RestoredFile extends Hidden {
  /** A DICOM Part 10 file. */
  readonly file: Uint8Array;
  /** Other than `verified` and `repaired` where that is accepted alone: then it is not the original, and has other UIDs. */
  readonly outcome: Outcome;
  /** Every frame is exactly what was protected: always, unless altered ones are accepted. */
  readonly pixelsVerified: boolean;
  /** Where protected frames were altered outside their key areas, which are exact; empty where verified. */
  readonly altered: readonly AlteredFrame[];
  /**
   * Numbers of the protected frames, from 1, that did not come back: they are as they were found, QR code and all.
   * Empty, unless altered files are accepted.
   */
  readonly lostFrames: readonly number[];
  /** Some frame that was not protected was altered; which, cannot be told. */
  readonly unprotectedFramesAltered: boolean;
  /**
   * The file is the original one, byte for byte; of an original that was compressed or deflated, what it
   * decodes to, byte for byte: see `decodedFrom`. Otherwise it was changed after it was protected: all that
   * protecting changed is back, and what others changed is as they left it.
   */
  readonly fileVerified: boolean;
  /**
   * What others changed of the original file, as tags: `(0010,0010)`; of private elements the group,
   * `(0019,xxxx)`. Empty where the file is verified, and where it was only coded in another way since.
   */
  readonly changedSince: readonly string[];
  /**
   * Those of them that say what stored values mean or where the picture lies, such as Rescale Intercept or Image
   * Position (Patient). Empty, unless altered files are accepted.
   */
  readonly meaningChanged: readonly Meaning[];
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
 * `not-protected`, `wrong-key`, `damaged`, `altered`; and `cancelled`.
 */
export async function restoreFile(
  bytes: Uint8Array,
  keyring: Keyring,
  options: RestoreFileOptions = {},
): Promise<RestoredFile> {
  const native = await readNative(bytes, options.signal);
  const { file } = native;
  const layout = pixelLayout(file);
  return restoreOpened(file, layout, await openFrames(native, layout, keyring, options), options);
}

/** Makes the original file of a protected one whose frames were opened. Throws `altered`. */
export async function restoreOpened(
  file: DicomFile,
  layout: PixelLayout,
  opened: OpenedFrames,
  { originalUIDs = false, acceptAltered = false }: RestoreFileOptions = {},
): Promise<RestoredFile> {
  const { first, record, altered, lostFrames, unprotectedFramesAltered } = opened;
  const { report, notice, areas, coveredAreas, carrier, index, count, jobId } = first.summary;
  const pixelsVerified = altered.length === 0 && lostFrames.length === 0 && !unprotectedFramesAltered;
  const hasOwn = record !== undefined && hasOwnUids(file, record, first.object);
  const mayBeOriginal = pixelsVerified && (originalUIDs || hasOwn);
  let { restoredFile, kept } = await undone(file, layout, opened, mayBeOriginal);
  const fileVerified = record !== undefined && equalBytes(await sha256(restoredFile.bytes), record.fileHash);
  const changedSince =
    fileVerified || record === undefined
      ? []
      : differingTags(record.digests, await digestsOf(restoredFile, jobId)).filter(
          (tag) => !kept.includes(tag) && !(hasOwn && IDENTITY_TAGS.has(tag)),
        );
  const meaningChanged = meaningIn(changedSince, restoredFile, { hasOwnUids: hasOwn, mayBeOriginal });
  if (meaningChanged.length > 0) {
    if (!acceptAltered) throw meaningAltered(meaningChanged);
    ({ restoredFile } = await undone(file, layout, opened, false));
  }
  const outcome = outcomeOf(opened, pixelsVerified && meaningChanged.length === 0);
  if (!isOriginal(outcome)) {
    const edits =
      outcome === 'damaged' && record !== undefined
        ? lostFramesEdits(restoredFile, layout, record, opened)
        : alteredEdits(restoredFile, {
            imageType: 'DERIVED',
            suffix: 'restored, altered',
            why: `Key area restored exactly; ${pixelsVerified ? 'attributes that say what its pixels mean' : 'pixels elsewhere'} were altered since it was hidden.`,
          });
    restoredFile = readFile(splice(restoredFile, edits));
  }
  return {
    file: restoredFile.bytes,
    outcome,
    report,
    notice,
    pixelsVerified,
    altered,
    lostFrames,
    unprotectedFramesAltered,
    fileVerified,
    changedSince: changedSince.map(formatDigestTag),
    meaningChanged,
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

/** True where every pixel came back, and means what it meant. */
export const isOriginal = (outcome: Outcome): boolean => outcome === 'verified' || outcome === 'repaired';

function outcomeOf({ lostFrames, repairedSegments }: OpenedFrames, allAsBefore: boolean): Outcome {
  if (lostFrames.length > 0) return 'damaged';
  if (!allAsBefore) return 'altered';
  return repairedSegments > 0 ? 'repaired' : 'verified';
}

/** The file with its original frames and elements, and as an original has its UIDs too; and what it keeps still. */
async function undone(
  file: DicomFile,
  layout: PixelLayout,
  opened: OpenedFrames,
  isOriginal: boolean,
): Promise<{ restoredFile: DicomFile; kept: readonly number[] }> {
  const { record, pixels } = opened;
  const restored = { ...file, bytes: pixels };
  if (record === undefined) return { restoredFile: restored, kept: [] };
  const { edits, kept } = undoEdits(file, record, layout, opened);
  if (isOriginal) return { restoredFile: readFile(splice(restored, edits)), kept };
  const others = edits.filter(({ tag }) => !IDENTITY_TAGS.has(tag));
  const all = [...others, ...(await derivedUidEdits(file, opened))];
  return { restoredFile: readFile(splice(restored, all)), kept };
}

const meaningAltered = (changed: readonly Meaning[]): KeyAreaError =>
  new KeyAreaError(
    'altered',
    `The key fits and every pixel came back, but what says what the pixels mean or where they lie was changed since: ${changed.map(describeMeaning).join(', ')}. Ask for the file as it was exported.`,
    { acceptable: true },
  );

function decodedFromOf({ decodedFrom }: FileRecord): RestoredFile['decodedFrom'] {
  if (decodedFrom === '') return undefined;
  const { uid, name } = transferSyntaxOf(decodedFrom);
  return { uid, name };
}
