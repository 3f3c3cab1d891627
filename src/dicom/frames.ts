import { equalBytes } from '../engine/bytes';
import {
  alteredSince,
  type FrameVerdict,
  holdNothing,
  KeyAreaError,
  type Keyring,
  type Rectangle,
  type RestoredFrame,
  storedWithLoss,
  verifyFrame,
} from '../engine/index';
import { type Attachment, decodeAttachment, type FileRecord } from './attachment';
import type { NativeFile } from './decode/native';
import { givingWay } from './givingWay';
import { hasLostSince } from './lossHistory';
import type { FileOptions } from './options';
import { hashPixels, type PixelLayout, readFrame, writeFrame } from './pixels';
import { readProtectionTags } from './privateBlock';
import type { DicomFile } from './reader';

type Summary = Omit<RestoredFrame, 'frame'>;

interface FirstFrame {
  readonly summary: Summary;
  readonly object: Uint8Array | undefined;
}

/** What the protected frames of a file held, opened with a key. */
export interface OpenedFrames {
  readonly first: FirstFrame;
  readonly record: FileRecord | undefined;
  /** The file's bytes with the original frames in place of the protected ones. */
  readonly pixels: Uint8Array;
  /** The protected frames, in their order. */
  readonly frames: readonly OpenedFrame[];
  readonly repairedSegments: number;
  readonly altered: readonly AlteredFrame[];
  /** Some frame that was not protected was altered. */
  readonly unprotectedFramesAltered: boolean;
}

/** A protected frame: its number, from 1, and what was asked for when it was protected. */
export type OpenedFrame = { readonly number: number } & Pick<Summary, 'areas' | 'carrier' | 'scrambled'>;

/** Where a frame was altered outside its key areas. */
export interface AlteredFrame {
  /** Counted from 1. */
  readonly frame: number;
  /** Pixels along a side of a block; those at the right and bottom edges may be cut. */
  readonly blockSize: number;
  /** Blocks along a row and along a column of the frame. */
  readonly columns: number;
  readonly rows: number;
  /** The altered blocks, in image pixels. */
  readonly blocks: readonly Rectangle[];
}

export interface OpenFramesOptions extends FileOptions {
  readonly acceptAltered?: boolean;
}

/**
 * Opens every protected frame of a file and checks that they belong together.
 *
 * Throws what the engine's `verifyFrame` throws; `cancelled`; `damaged` where protected frames were lost; `altered`
 * where frames are another object's or out of place, and where pixels outside the key areas were
 * altered, unless that is accepted.
 */
export async function openFrames(
  native: NativeFile,
  layout: PixelLayout,
  keyring: Keyring,
  { onProgress, signal, acceptAltered = false }: OpenFramesOptions,
): Promise<OpenedFrames> {
  const { file } = native;
  const pixels = file.bytes.slice();
  let first: FirstFrame | undefined;
  let record: FileRecord | undefined;
  let repairedSegments = 0;
  const frames: OpenedFrame[] = [];
  const altered: AlteredFrame[] = [];
  const giveWay = givingWay(signal);
  for (let number = 1; number <= framesToSearch(layout); number++) {
    await giveWay();
    if (record === undefined || isProtected(record, number)) {
      const verdict = await openUnlessUnprotected(file, layout, keyring, number);
      if (verdict === undefined) {
        if (record) throw lost(number);
      } else {
        const { frame, ...summary } = verdict.restored;
        const attachment = decodeAttachment(summary.attachment);
        first ??= { summary, object: attachment?.object };
        checkPlace(first, summary, attachment, number, layout.frames);
        record ??= attachment?.record;
        if (!verdict.verified) {
          if (!acceptAltered) throw alteredSince(verdict);
          altered.push(alterationsOf(verdict, number));
        }
        writeFrame(pixels, layout, number, frame);
        repairedSegments += summary.repairedSegments;
        const { areas, carrier, scrambled } = summary;
        frames.push({ number, areas, carrier, scrambled });
      }
    }
    onProgress?.(number, layout.frames);
  }
  if (first === undefined) throw protectedPixelsMissing(native);
  // Every file of ours has a record: where no frame that is left carries it, those that did were lost.
  if (record === undefined && first.object !== undefined) throw lost(1);
  checkComplete(record, frames.length);
  const unprotectedFramesAltered = await differsElsewhere(file.bytes, layout, record);
  if (unprotectedFramesAltered && !acceptAltered) {
    throw alteredError('frames that were not protected were changed since.');
  }
  return { first, record, pixels, frames, repairedSegments, altered, unprotectedFramesAltered };
}

/** The frames that something may be hidden in: all, or none where they are too small for it. */
export const framesToSearch = ({ width, height, samplesPerPixel, frames }: PixelLayout): number =>
  holdNothing(width * height * samplesPerPixel) ? 0 : frames;

/** True where frames that are not protected are not what they were. */
async function differsElsewhere(
  bytes: Uint8Array,
  layout: PixelLayout,
  record: FileRecord | undefined,
): Promise<boolean> {
  if (record?.pixelHash === undefined) return false;
  const hash = await hashPixels(bytes, layout, (number) => !isProtected(record, number));
  return !equalBytes(hash, record.pixelHash);
}

function alterationsOf({ alteredBlocks, blockSide, restored }: FrameVerdict, number: number): AlteredFrame {
  const { width, height } = restored.frame;
  return {
    frame: number,
    blockSize: blockSide,
    columns: Math.ceil(width / blockSide),
    rows: Math.ceil(height / blockSide),
    blocks: alteredBlocks,
  };
}

const isProtected = (record: FileRecord, number: number): boolean =>
  record.protectedFrames.some(([from, to]) => number >= from && number <= to);

/** Undefined where the frame is not protected. */
async function openUnlessUnprotected(
  file: DicomFile,
  layout: PixelLayout,
  keyring: Keyring,
  number: number,
): Promise<FrameVerdict | undefined> {
  let verdict: FrameVerdict;
  try {
    verdict = await verifyFrame(readFrame(file.bytes, layout, number), keyring);
  } catch (error) {
    if (error instanceof KeyAreaError && error.code === 'not-protected') return undefined;
    throw error;
  }
  const { frame, placement } = verdict.restored;
  const { rotated, mirrored, x, y } = placement;
  const isTurnedOrMoved = rotated !== 0 || mirrored || x !== 0 || y !== 0;
  if (isTurnedOrMoved || frame.width !== layout.width || frame.height !== layout.height) {
    throw alteredError('its pixels were rotated, mirrored, moved, cut off or added to since.');
  }
  return verdict;
}

/** Throws `altered` where a frame is of another job or object, or stands in another's place. */
function checkPlace(
  { summary: first, object }: FirstFrame,
  summary: Summary,
  attachment: Attachment | undefined,
  number: number,
  frames: number,
): void {
  const sameJob = equalBytes(first.jobId, summary.jobId) && first.index === summary.index;
  const sameObject =
    object === attachment?.object || (object && attachment && equalBytes(object, attachment.object));
  if (!sameJob || !sameObject) throw alteredError(`frame ${number} belongs to another image.`);
  if (attachment && (attachment.frame !== number || attachment.frames !== frames)) {
    throw alteredError(`frame ${number} of ${frames} was frame ${attachment.frame} of ${attachment.frames}.`);
  }
}

/** Throws `damaged` where frames before the first that carried the record were not found. */
function checkComplete(record: FileRecord | undefined, restored: number): void {
  const expected = record?.protectedFrames.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (expected !== undefined && expected !== restored) throw lost(record?.protectedFrames[0][0]);
}

const alteredError = (what: string): KeyAreaError =>
  new KeyAreaError('altered', `The key fits, but ${what} Ask for the file as it was exported.`);

const lost = (number: number | undefined): KeyAreaError =>
  new KeyAreaError(
    'damaged',
    `Frame ${number} was protected, but nothing is found in it any more. Ask for the file as it was exported.`,
  );

/**
 * The error for a file in which no protected frame was found: `not-protected` where its tags do not know of any,
 * `stored-with-loss` where something shows that it was, else `damaged`.
 */
export function protectedPixelsMissing(native: NativeFile): KeyAreaError {
  if (readProtectionTags(native.file) === undefined) {
    return new KeyAreaError('not-protected', 'No protected key area was found in this image.');
  }
  if (hasLostSince(native)) return storedWithLoss();
  return new KeyAreaError(
    'damaged',
    'This image was protected, but its pixels were changed since (painted over, cropped, scaled or stored with loss), so the key area cannot come back. Ask for the file as it was exported.',
  );
}
