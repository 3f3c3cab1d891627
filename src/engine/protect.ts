import { encodeArea } from './areaCodec';
import type { Bands } from './bands';
import { computeBlockTags } from './blockTags';
import { cellBytes, equalBytes } from './bytes';
import { checkAreas } from './cover';
import { KeyAreaError } from './errors';
import {
  checkFrame,
  countChangedOutside,
  type Frame,
  type Rectangle,
  signBit,
  upperBitsOf,
  type ValueRange,
} from './frame';
import { hashFrame } from './frameHash';
import { SALT_LENGTH } from './header';
import { keyringForJob, type ProtectionJob } from './job';
import { isProtected } from './locate';
import type { Carrier } from './opened';
import { hasSurroundings } from './openSurroundings';
import { fromRanks, toRanks } from './palette';
import { encodePayload, MAX_ATTACHMENT_BYTES } from './payload';
import { randomBytes } from './platform';
import { restoreFrame } from './restore';
import { proofFailed, type Task } from './writer';
import { writeAround } from './writeSurroundings';
import { writeUnderSymbols } from './writeVault';

export interface ProtectFrameOptions {
  /**
   * The key areas, up to 16; where they or what covers them overlap, they are covered as one. With the
   * surroundings carrier there may be none: then the report alone is hidden, and nothing can be seen.
   */
  readonly areas: readonly Rectangle[];
  /** Place of the frame among those of the job, from 0; 0 where left out. */
  readonly index?: number;
  /** Frames of the job; 1 where left out. */
  readonly count?: number;
  /** Bytes that come back when the frame is restored, hidden with it; at most 4 MiB. */
  readonly attachment?: Uint8Array;
  /**
   * `vault`, where left out, hides under the QR code and changes nothing else. `surroundings` hides in
   * the pixels around, which change by little, and leaves the QR code clean.
   */
  readonly carrier?: Carrier;
  /** Turns everything outside the covered areas to noise too; with the vault carrier only. */
  readonly scramble?: boolean;
}

export interface ProtectedFrame {
  readonly frame: Frame;
  /** What the QR codes cover. */
  readonly coveredAreas: readonly Rectangle[];
  readonly carrier: Carrier;
  /** Payload bits per sample under the QR; 0 with the surroundings carrier. */
  readonly bitsPerSample: number;
  /** The stored values (of a palette image: ranks) that modules are drawn with. */
  readonly symbolValues: { readonly lower: ValueRange; readonly upper: ValueRange };
  /** Samples that differ outside the covered areas, counted: with the vault carrier 0, unless scrambled. */
  readonly samplesChangedOutside: number;
  /** Share of the hidden data's segments that may be lost, 0 to 1. */
  readonly parityShare: number;
  readonly qrText: string;
}

/** Restores what is about to be handed out, by the blind path, and compares. Throws `proof-failed`. */
async function prove(original: Frame, output: Frame, job: ProtectionJob): Promise<void> {
  const keyring = keyringForJob(job);
  let restored: Frame;
  try {
    restored = (await restoreFrame(output, keyring)).frame;
  } catch (error) {
    throw proofFailed(error);
  } finally {
    keyring.dispose();
  }
  if (!equalBytes(cellBytes(restored.samples), cellBytes(original.samples))) throw proofFailed();
}

/** The stored values of both bands. */
function valuesOf({ lower, upper, bits }: Bands, frame: Frame): ProtectedFrame['symbolValues'] {
  const zero = signBit(frame);
  const band = (base: number): ValueRange => ({ minimum: base - zero, maximum: base - zero + 2 ** bits - 1 });
  return { lower: band(lower), upper: band(upper) };
}

/** Refuses what cannot be protected, before any work. */
function checkRequest(frame: Frame, { areas, attachment, carrier, scramble }: ProtectFrameOptions): void {
  checkFrame(frame);
  if (areas.length > 0 || carrier !== 'surroundings') checkAreas(frame, areas);
  if (attachment && attachment.length > MAX_ATTACHMENT_BYTES) {
    throw new KeyAreaError('invalid-argument', 'The attachment is longer than 4 MiB.');
  }
  if (scramble && carrier === 'surroundings') {
    throw new KeyAreaError(
      'invalid-argument',
      'A scrambled image has no surroundings to hide in. Hide under the QR code, or do not scramble.',
    );
  }
}

/** Block tags may take this share of what the covered areas are coded in. */
const BLOCK_TAGS_SHARE = 1 / 16;
const MIN_BLOCKS = 16;

/** Everything a carrier needs, the payload's encoder included. */
async function prepare(frame: Frame, job: ProtectionJob, options: ProtectFrameOptions): Promise<Task> {
  const { areas, index = 0, count = 1, attachment = new Uint8Array(0) } = options;
  const { key, id: jobId, notice, report } = job;
  const salt = randomBytes(SALT_LENGTH);
  const upperBits = upperBitsOf(frame);
  const frameHash = await hashFrame(frame, upperBits);
  return {
    frame,
    upperBits,
    areas,
    job,
    key,
    salt,
    async encode(coveredAreas) {
      const codedAreas: Uint8Array[] = [];
      for (const area of coveredAreas) codedAreas.push(await encodeArea(frame, area, upperBits));
      const coded = codedAreas.reduce((sum, { length }) => sum + length, 0);
      const blocks = Math.max(MIN_BLOCKS, Math.floor((coded * BLOCK_TAGS_SHARE) / 4));
      const blockTags = await computeBlockTags(frame, coveredAreas, upperBits, blocks, key, salt);
      const place = { jobId, index, count };
      return encodePayload({
        ...place,
        frameHash,
        areas,
        upperBits,
        codedAreas,
        notice,
        report,
        attachment,
        blockTags,
      });
    },
  };
}

/**
 * Hides the key areas of a frame under QR codes, encrypted, so that {@link restoreFrame} gives the
 * frame back from the result and the key alone. With the vault carrier no sample outside the covered
 * areas changes, unless `scramble` asks for it.
 *
 * The result is proven before it is returned: it was located, opened and restored from its pixels,
 * and compared with the original. The given frame is not written to.
 *
 * Throws `no-key-area`, `area-outside-image`, `invalid-argument`, `already-protected`,
 * `image-too-small`, `report-too-long`, `no-room`, `unsupported-pixels`, `proof-failed`.
 */
export async function protectFrame(
  original: Frame,
  job: ProtectionJob,
  options: ProtectFrameOptions,
): Promise<ProtectedFrame> {
  const { carrier = 'vault', scramble = false } = options;
  checkRequest(original, options);
  const frame = toRanks(original);
  if (isProtected(frame) || hasSurroundings(frame)) {
    throw new KeyAreaError(
      'already-protected',
      'This image is protected already. Restore it first, then protect all its key areas in one go.',
    );
  }
  const task = await prepare(frame, job, options);
  const written = await (carrier === 'vault' ? writeUnderSymbols(task, scramble) : writeAround(task));
  const { coveredAreas, bands, parityShare, qrText } = written;
  const result = fromRanks(written.frame);
  const samplesChangedOutside = countChangedOutside(original, result, coveredAreas);
  if (carrier === 'vault' && !scramble && samplesChangedOutside > 0) throw proofFailed();
  await prove(original, result, job);
  return {
    frame: result,
    coveredAreas,
    carrier,
    bitsPerSample: bands.bits,
    symbolValues: valuesOf(bands, frame),
    samplesChangedOutside,
    parityShare,
    qrText,
  };
}
