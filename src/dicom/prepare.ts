import { type Carrier, type ProtectionJob, type Rectangle, sha256 } from '../engine/index';
import { assignAreas, isReportAlone, type KeyArea } from './areas';
import { checkRecord, encodeAttachment, type FileRecord, runsOf } from './changes/attachment';
import { effectiveEdits, recordChanges } from './changes/changes';
import { creationEdits } from './changes/creation';
import { derivationEdits, openReportEdits } from './changes/derivation';
import { digestsOf } from './changes/digests';
import { findLeaks, type HiddenPicture, hiddenPictures, namingPictures, removalsOf } from './changes/leaks';
import { lossEdits, lossesOf } from './changes/lossHistory';
import { type FileWarning, warningsFor } from './changes/warnings';
import { checkCompressible } from './compress';
import { freeBlockTags } from './dataset/privateBlock';
import { type DicomFile, findElement } from './dataset/reader';
import { checkOrder, type Edit } from './dataset/splice';
import { TAG } from './dataset/tags';
import { protectedUids, type UidBits } from './dataset/uids';
import { readNative } from './decode/native';
import { WIDENED_TAGS } from './image/chroma';
import { takeOverlayBits } from './image/overlays';
import { hashPixels, type PixelLayout, pixelLayout } from './image/pixels';
import { windowTags } from './image/window';
import type { FileOptions } from './options';

export interface ProtectFileOptions extends FileOptions {
  /** With the surroundings carrier there may be none: then the report alone is hidden, and nothing can be seen. */
  readonly areas: readonly KeyArea[];
  /** Place of this file among those of the job, from 0; 0 where left out. */
  readonly index?: number;
  /** Files of the job; 1 where left out. */
  readonly count?: number;
  /** Under the QR codes or in the pixels around them; where left out, around where there is no room under them. */
  readonly carrier?: Carrier;
  /** Turns everything outside the covered areas to noise too. */
  readonly scramble?: boolean;
  /**
   * Packs the protected file as JPEG-LS Lossless: worth it but for scrambled images, which get no shorter. Needs
   * a data set in Explicit VR Little Endian, as that of every compressed or deflated original is.
   */
  readonly compress?: boolean;
}

/** Objects of up to this many protected frames carry the file's record in each of them. */
const RECORD_IN_EVERY_FRAME = 4;

/** A file that is about to be protected: all that is known of it before a pixel changes. */
export interface PreparedFile {
  readonly file: DicomFile;
  /** What restoring gives back. */
  readonly original: DicomFile;
  readonly layout: PixelLayout;
  /** The key areas of each frame that has any, in the order of the frames, numbered from 1. */
  readonly areasByFrame: ReadonlyMap<number, readonly Rectangle[]>;
  /** SOP and Series Instance UID of the protected file. */
  readonly object: UidBits;
  readonly series: UidBits;
  readonly overlayEdits: readonly Edit[];
  /** Tags of the private block that marks the protected file. */
  readonly blockTags: readonly number[];
  /** What the protected file tells of losses, as `lossesOf` counts them. */
  readonly losses: number;
  /** The edits that do not depend on pixels; whatever carries the key areas, they change the same elements. */
  tagEditsFor(carrier: Carrier): Edit[];
  /** Other pictures of the file, overlays included, which the frames carry. */
  readonly pictures: readonly HiddenPicture[];
  /** What may still show the key areas. */
  readonly warnings: readonly FileWarning[];
  /** What a frame carries besides its pixels. */
  attachmentOf(frame: number): Uint8Array;
}

/**
 * Reads a file and composes what its frames will carry.
 * Throws what {@link readNative} and {@link pixelLayout} throw, `no-key-area`, `invalid-argument` and `no-room`.
 */
export async function prepareFile(
  bytes: Uint8Array,
  job: ProtectionJob,
  { areas, index = 0, carrier, scramble = false, compress = false, signal }: ProtectFileOptions,
): Promise<PreparedFile> {
  const { file, original, decodedFrom, loss } = await readNative(bytes, signal);
  if (compress) checkCompressible(file);
  const layout = pixelLayout(file);
  checkOrder(file);
  const areasByFrame = assignAreas(areas, layout.frames, carrier);
  const reportAlone = isReportAlone(areas, carrier);
  const fileHash = await sha256(original.bytes);
  const { object, series } = await protectedUids(file, fileHash, job, index);

  const overlays = takeOverlayBits(file, areasByFrame, layout.frames);
  const blockTags = freeBlockTags(file);
  const leaks = findLeaks(file);
  const pictures = reportAlone ? [] : leaks.pictures;
  const protectedFrames = new Set(areasByFrame.keys());
  const everyFrame = protectedFrames.size === layout.frames;
  const creation = creationEdits(file, Date.now());
  const tagEditsFor = (used: Carrier): Edit[] =>
    effectiveEdits(file, [
      ...derivationEdits(
        file,
        object,
        series,
        { carrier: used, scrambled: scramble, reportAlone },
        protectedFrames,
      ),
      ...creation,
      ...lossEdits(file, loss),
      ...(job.qr === 'open' ? openReportEdits(file) : []),
      ...removalsOf(file, pictures),
    ]);
  const record: FileRecord = {
    fileHash,
    decodedFrom: decodedFrom?.uid ?? '',
    coding: file.transferSyntax.coding,
    series,
    protectedFrames: runsOf([...protectedFrames]),
    pixelHash: everyFrame
      ? undefined
      : await hashPixels(file.bytes, layout, (number) => !protectedFrames.has(number)),
    ...recordChanges(original, [
      ...tagEditsFor('vault'),
      ...[...pixelRangeTags(file), ...windowTags(file, layout), ...blockTags].map((tag) => ({ tag })),
      ...(original === file ? [] : WIDENED_TAGS).map((tag) => ({ tag })),
    ]),
    overlays: overlays.taken,
    digests: await digestsOf(original, job.id),
  };

  const carriers = recordCarriers([...protectedFrames]);
  const attachmentOf = (frame: number) =>
    encodeAttachment({
      frame,
      frames: layout.frames,
      object,
      record: carriers.has(frame) ? record : undefined,
    });
  const hidden = hiddenPictures(pictures, overlays.taken);
  try {
    checkRecord(record);
    // Those with the record are all of one length.
    attachmentOf([...carriers][0]);
  } catch (error) {
    throw namingPictures(error, hidden);
  }
  return {
    file,
    original,
    layout,
    areasByFrame,
    object,
    series,
    overlayEdits: overlays.edits,
    blockTags,
    losses: lossesOf(file, loss),
    tagEditsFor,
    pictures: hidden,
    warnings: reportAlone ? [] : warningsFor(file, leaks, everyFrame),
    attachmentOf,
  };
}

/**
 * The frames that carry the record: all of few, else the first two and the last, so that losing one
 * does not lose the record.
 */
function recordCarriers(numbers: readonly number[]): ReadonlySet<number> {
  const few = numbers.length <= RECORD_IN_EVERY_FRAME;
  return new Set(few ? numbers : [numbers[0], numbers[1], numbers[numbers.length - 1]]);
}

export const pixelRangeTags = (file: DicomFile): number[] =>
  [TAG.SmallestImagePixelValue, TAG.LargestImagePixelValue].filter(
    (tag) => findElement(file, tag) !== undefined,
  );
