import { KeyAreaError } from './errors';
import { keyringForJob, type ProtectionJob } from './job';
import type { Carrier } from './opened';
import { hashFrame } from './payload/frameHash';
import { type Distortion, measureDistortion } from './pixels/distortion';
import { type Frame, type Rectangle, sameCells, signBit, type ValueRange, withSamples } from './pixels/frame';
import { fromRanks, toRanks } from './pixels/palette';
import { isCrowded } from './qr/finder';
import { checkRequest, type ProtectFrameOptions, prepare } from './request';
import { openFrame } from './restore';
import { hasSurroundings } from './surroundings/openSurroundings';
import type { Bands } from './vault/bands';
import { isProtected } from './vault/locate';
import { write } from './write';
import { proofFailed, type Task } from './writer';

/** A protected frame; how it differs outside the covered areas: with the vault carrier not at all, unless scrambled. */
export interface ProtectedFrame extends Distortion {
  /** Of the same shape as the original. */
  readonly frame: Frame;
  /** What the QR codes cover. */
  readonly coveredAreas: readonly Rectangle[];
  /** The carrier that was used. */
  readonly carrier: Carrier;
  /** Payload bits per sample under the QR; 0 with the surroundings carrier, unless scrambled. */
  readonly bitsPerSample: number;
  /** The stored values (of a palette image: ranks) that modules are drawn with. */
  readonly symbolValues: {
    /** Of dark modules, or of light ones where the frame is inverted. */
    readonly lower: ValueRange;
    /** Of the others. */
    readonly upper: ValueRange;
  };
  /** Share of the hidden data's segments that may be lost, 0 to 1. */
  readonly parityShare: number;
  /**
   * Side, in pixels, of the largest square that may be painted over anywhere on a covered area, in any values,
   * so that the frame still restores; 0 with the surroundings carrier, which repairs nothing.
   */
  readonly toleratedMark: number;
  /** What the QR codes say; empty where there are none. */
  readonly qrText: string;
}

/** What is proven, and with what. */
interface Proof {
  readonly original: Frame;
  /** The original, in ranks where it has a palette. */
  readonly ranks: Frame;
  readonly task: Task;
  readonly output: Frame;
  /** As many as the frame has, to restore it in. */
  readonly cells: Frame['samples'];
}

/**
 * Restores what is about to be handed out, by the blind path, and compares it with the original, cell by cell.
 * What is the same has the hash that is known, which is not made a second time. Throws `proof-failed`.
 */
async function prove(
  { original, ranks, task, output, cells }: Proof,
  whileOpening: () => void,
): Promise<void> {
  const { job, upperBits, frameHash } = task;
  const keyring = keyringForJob(job);
  let isSame = false;
  let verified: boolean;
  try {
    const { verdict } = await openFrame(output, keyring, {
      cells,
      whileOpening,
      hashOf(restored, bits) {
        isSame =
          sameCells(restored, ranks) && (ranks === original || sameCells(fromRanks(restored), original));
        return isSame && bits === upperBits ? frameHash : hashFrame(restored, bits);
      },
    });
    verified = verdict.verified;
  } catch (error) {
    const notFound = error instanceof KeyAreaError && error.code === 'not-protected';
    throw notFound && isCrowded(output) ? crowded(error) : proofFailed(error);
  } finally {
    keyring.dispose();
  }
  if (!verified || !isSame) throw proofFailed();
}

/** The error for an output whose symbols are not found among all that look like them. */
const crowded = (cause: unknown): KeyAreaError =>
  new KeyAreaError(
    'unsupported-pixels',
    'This image shows so many patterns of the kind that QR codes have in their corners that one on it would not be found again.',
    { cause },
  );

/** The stored values of both bands. */
function valuesOf({ lower, upper, bits }: Bands, frame: Frame): ProtectedFrame['symbolValues'] {
  const zero = signBit(frame);
  const band = (base: number): ValueRange => ({ minimum: base - zero, maximum: base - zero + 2 ** bits - 1 });
  return { lower: band(lower), upper: band(upper) };
}

/** Hides, proves and measures. What is hidden is what lies in the frame now: it is copied to `cells`. */
async function protect(
  original: Frame,
  job: ProtectionJob,
  options: ProtectFrameOptions,
  cells: Frame['samples'],
): Promise<ProtectedFrame> {
  const ranks = toRanks(original);
  cells.set(ranks.samples);
  const task = prepare(withSamples(ranks, cells), job, options);
  // Of all that may be wrong with a frame, this says what to do; and it is asked while keys are being derived.
  if (isProtected(task.frame) || hasSurroundings(task.frame)) {
    throw new KeyAreaError(
      'already-protected',
      'This image is protected already. Restore it first, then protect all its key areas in one go.',
    );
  }
  const written = await write(task, options);
  const { carrier, coveredAreas, bands, parityShare, toleratedMark, symbol } = written;
  const output = fromRanks(written.frame);
  let distortion: Distortion | undefined;
  await prove({ original, ranks, task, output, cells }, () => {
    distortion ??= measureDistortion(ranks, written.frame, coveredAreas);
  });
  if (distortion === undefined) throw proofFailed();
  if (carrier === 'vault' && !options.scramble && distortion.samplesChangedOutside > 0) throw proofFailed();
  return {
    frame: output,
    coveredAreas,
    carrier,
    bitsPerSample: bands.bits,
    symbolValues: valuesOf(bands, ranks),
    ...distortion,
    parityShare,
    toleratedMark,
    qrText: symbol?.text ?? '',
  };
}

/**
 * Hides the key areas of a frame under QR codes, encrypted, so that `restoreFrame` gives the
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
  checkRequest(original, options);
  const cells = job.takeCells(original.samples);
  try {
    return await protect(original, job, options, cells);
  } finally {
    job.giveBackCells(cells);
  }
}
