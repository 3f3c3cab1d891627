import { equalBytes } from '../engine/bytes';
import {
  alteredSince,
  type ErrorCode,
  type FrameVerdict,
  holdNothing,
  KeyAreaError,
  type KeyAreaErrorOptions,
  type Keyring,
  type Rectangle,
  type RestoredFrame,
  storedWithLoss,
} from '../engine/index';
import { openFrame } from '../engine/restore';
import { type Attachment, decodeAttachment, type FileRecord } from './changes/attachment';
import { hasLostSince } from './changes/lossHistory';
import { readProtectionTags } from './dataset/privateBlock';
import type { DicomFile } from './dataset/reader';
import type { NativeFile } from './decode/native';
import { givingWay } from './givingWay';
import { hashPixels, type PixelLayout, readFrame, writeFrame } from './image/pixels';
import type { FileOptions } from './options';

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
  /** Numbers of the protected frames from which nothing came back, ascending; `pixels` has them as they are. */
  readonly lostFrames: readonly number[];
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
 * Throws what the engine's `verifyFrame` throws; `cancelled`; `altered` where frames are another object's or out of
 * place. Where altered files are not accepted, also `damaged` or `stored-with-loss` for frames that were lost, and
 * `altered` for pixels outside the key areas; where they are, `damaged` and `stored-with-loss` only if too little is
 * left to tell what the file was.
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
  let failure: KeyAreaError | undefined;
  const giveWay = givingWay(signal);
  for (let number = 1; number <= framesToSearch(layout); number++) {
    await giveWay();
    if (record === undefined || isProtected(record, number)) {
      const verdict = await openUnlessLost(file, layout, keyring, number, first === undefined);
      if (verdict instanceof KeyAreaError) {
        if (verdict.code !== 'not-protected') failure ??= verdict;
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
  if (first === undefined) throw failure ?? protectedPixelsMissing(native);
  // Every file of ours has a record: where no frame that is left carries it, those that did were lost.
  if (record === undefined && (failure || first.object)) throw otherFrames();
  const lostFrames = record === undefined ? [] : protectedBut(record, layout, frames);
  checkComplete(record, frames.length + lostFrames.length);
  if (lostFrames.length > 0 && !acceptAltered) throw framesLost(lostFrames, frames, failure);
  const unprotectedFramesAltered = await differsElsewhere(file.bytes, layout, record);
  if (unprotectedFramesAltered && !acceptAltered) {
    throw alteredError('frames that were not protected were changed since.', { acceptable: true });
  }
  return { first, record, pixels, frames, repairedSegments, altered, lostFrames, unprotectedFramesAltered };
}

/** Numbers of the protected frames that are not among `opened`. */
function protectedBut(record: FileRecord, layout: PixelLayout, opened: readonly OpenedFrame[]): number[] {
  const found = new Set(opened.map(({ number }) => number));
  const searched = framesToSearch(layout);
  return record.protectedFrames
    .flatMap(([from, to]) =>
      Array.from({ length: Math.max(0, Math.min(to, searched) + 1 - from) }, (_, index) => from + index),
    )
    .filter((number) => !found.has(number));
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

const LOSSES: readonly ErrorCode[] = ['not-protected', 'damaged', 'stored-with-loss'];

/** True for what a frame comes to where nothing can come back from it. */
export const isLoss = (error: unknown): error is KeyAreaError =>
  error instanceof KeyAreaError && LOSSES.includes(error.code);

/** The error, where the frame tells that nothing can come back from it; every other is thrown. */
async function openUnlessLost(
  file: DicomFile,
  layout: PixelLayout,
  keyring: Keyring,
  number: number,
  isFirst: boolean,
): Promise<FrameVerdict | KeyAreaError> {
  let verdict: FrameVerdict;
  // All frames of a file have the same envelopes: those after the first cost no derivation.
  const keys = isFirst ? keyring : keyring.opened;
  try {
    ({ verdict } = await openFrame(readFrame(file.bytes, layout, number), keys));
  } catch (error) {
    if (isLoss(error)) return error;
    // What opened the first one opens all that belong with it.
    if (!isFirst && error instanceof KeyAreaError && error.code === 'wrong-key') throw anotherImage(number);
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
  if (!sameJob || !sameObject) throw anotherImage(number);
  if (attachment && (attachment.frame !== number || attachment.frames !== frames)) {
    throw alteredError(`frame ${number} of ${frames} was frame ${attachment.frame} of ${attachment.frames}.`);
  }
}

/** Throws `damaged` where the file is not made of the frames that its record tells of. */
function checkComplete(record: FileRecord | undefined, found: number): void {
  const expected = record?.protectedFrames.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (expected !== undefined && expected !== found) throw otherFrames();
}

const alteredError = (what: string, options?: KeyAreaErrorOptions): KeyAreaError =>
  new KeyAreaError('altered', `The key fits, but ${what} Ask for the file as it was exported.`, options);

const anotherImage = (number: number): KeyAreaError =>
  alteredError(`frame ${number} belongs to another image.`);

const otherFrames = (): KeyAreaError =>
  new KeyAreaError(
    'damaged',
    'Protected frames of this file were lost, and with them what tells how to put it together. Ask for the file as it was exported.',
  );

/** The error for a file of which some frames were lost and others opened. */
function framesLost(
  lost: readonly number[],
  opened: readonly OpenedFrame[],
  failure: KeyAreaError | undefined,
): KeyAreaError {
  const all = lost.length + opened.length;
  return new KeyAreaError(
    failure?.code ?? 'damaged',
    `${lost.length} of ${all} protected frames cannot come back, since too much was changed there: ${describeFrames(lost)}. The key areas of the others can, where an altered image is accepted. Ask for the file as it was exported.`,
    { cause: failure, acceptable: true },
  );
}

/** Frames named in one line, at most. */
const NAMED = 5;

/** `frames 1, 7`; of many the first ones. */
export const describeFrames = (numbers: readonly number[]): string =>
  `frame${numbers.length === 1 ? '' : 's'} ${numbers.slice(0, NAMED).join(', ')}${numbers.length > NAMED ? ` and ${numbers.length - NAMED} more` : ''}`;

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
