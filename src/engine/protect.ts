import type { Bands } from './bands';
import { cellBytes, equalBytes } from './bytes';
import { KeyAreaError } from './errors';
import { countChangedOutside, type Frame, type Rectangle, signBit, type ValueRange } from './frame';
import { keyringForJob, type ProtectionJob } from './job';
import { isProtected } from './locate';
import type { Carrier } from './opened';
import { hasSurroundings } from './openSurroundings';
import { fromRanks, toRanks } from './palette';
import { checkRequest, type ProtectFrameOptions, prepare } from './request';
import { restoreFrame } from './restore';
import { proofFailed } from './writer';
import { writeAround } from './writeSurroundings';
import { writeUnderSymbols } from './writeVault';

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
