import type { Bands } from './bands';
import { type Distortion, measureDistortion } from './distortion';
import { KeyAreaError } from './errors';
import { type Frame, type Rectangle, sameCells, signBit, type ValueRange } from './frame';
import { keyringForJob, type ProtectionJob } from './job';
import { isProtected } from './locate';
import type { Carrier } from './opened';
import { hasSurroundings } from './openSurroundings';
import { fromRanks, toRanks } from './palette';
import { checkRequest, type ProtectFrameOptions, prepare } from './request';
import { openFrame } from './restore';
import { write } from './write';
import { proofFailed } from './writer';

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

/**
 * Restores what is about to be handed out, by the blind path, and compares; meanwhile it is measured. Throws
 * `proof-failed`.
 */
async function prove(
  original: Frame,
  output: Frame,
  job: ProtectionJob,
  measure: () => Distortion,
): Promise<Distortion> {
  const keyring = keyringForJob(job);
  const cells = job.takeCells(output.samples);
  let isSame = false;
  let distortion: Distortion | undefined;
  let verified: boolean;
  try {
    const { verdict } = await openFrame(output, keyring, {
      cells,
      look(restored) {
        isSame = sameCells(fromRanks(restored), original);
        distortion = measure();
      },
    });
    verified = verdict.verified;
  } catch (error) {
    throw proofFailed(error);
  } finally {
    keyring.dispose();
    job.giveBackCells(cells);
  }
  if (!verified || !isSame || distortion === undefined) throw proofFailed();
  return distortion;
}

/** The stored values of both bands. */
function valuesOf({ lower, upper, bits }: Bands, frame: Frame): ProtectedFrame['symbolValues'] {
  const zero = signBit(frame);
  const band = (base: number): ValueRange => ({ minimum: base - zero, maximum: base - zero + 2 ** bits - 1 });
  return { lower: band(lower), upper: band(upper) };
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
  const frame = toRanks(original);
  // Its keys and the frame's hash are on their way while the frame is looked at.
  const task = prepare(frame, job, options);
  if (isProtected(frame) || hasSurroundings(frame)) {
    throw new KeyAreaError(
      'already-protected',
      'This image is protected already. Restore it first, then protect all its key areas in one go.',
    );
  }
  const written = await write(task, options);
  const { carrier, coveredAreas, bands, parityShare, toleratedMark, symbol } = written;
  const result = fromRanks(written.frame);
  const distortion = await prove(original, result, job, () =>
    measureDistortion(frame, written.frame, coveredAreas),
  );
  if (carrier === 'vault' && !options.scramble && distortion.samplesChangedOutside > 0) throw proofFailed();
  return {
    frame: result,
    coveredAreas,
    carrier,
    bitsPerSample: bands.bits,
    symbolValues: valuesOf(bands, frame),
    ...distortion,
    parityShare,
    toleratedMark,
    qrText: symbol?.text ?? '',
  };
}
