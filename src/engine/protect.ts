import { encodeArea } from './areaCodec';
import type { Bands } from './bands';
import { computeBlockTags } from './blockTags';
import { cellBytes, equalBytes } from './bytes';
import { type ContentKey, TAG_LENGTH } from './contentKey';
import { KeyAreaError } from './errors';
import {
  checkFrame,
  countChangedOutside,
  type Frame,
  type Rectangle,
  signBit,
  upperBitsOf,
  type ValueRange,
  withSamples,
} from './frame';
import { hashFrame } from './frameHash';
import { encodeHeader, SALT_LENGTH } from './header';
import { keyringForJob, type ProtectionJob } from './job';
import { isProtected } from './locate';
import { layOutHeader } from './order';
import { fromRanks, toRanks } from './palette';
import { encodePayload, MAX_ATTACHMENT_BYTES } from './payload';
import { checkAreas, planVault, type VaultPlan } from './plan';
import { randomBytes } from './platform';
import { restoreFrame } from './restore';
import { scrambleOutside } from './scramble';
import { joinVault } from './segments';
import { paintSymbols, vaultCapacity, writeVault } from './vault';

export interface ProtectFrameOptions {
  /** The key areas, 1 to 16; where they or what covers them overlap, they are covered as one. */
  readonly areas: readonly Rectangle[];
  /** Place of the frame among those of the job, from 0; 0 where left out. */
  readonly index?: number;
  /** Frames of the job; 1 where left out. */
  readonly count?: number;
  /** Bytes that come back when the frame is restored, hidden with it; at most 4 MiB. */
  readonly attachment?: Uint8Array;
  /** Turns everything outside the covered areas to noise too. */
  readonly scramble?: boolean;
}

export interface ProtectedFrame {
  readonly frame: Frame;
  /** What the QR codes cover. */
  readonly coveredAreas: readonly Rectangle[];
  /** Payload bits per sample under the QR. */
  readonly bitsPerSample: number;
  /** The stored values (of a palette image: ranks) that modules are drawn with. */
  readonly symbolValues: { readonly lower: ValueRange; readonly upper: ValueRange };
  /** Samples that differ outside the covered areas, counted: 0 unless scrambled. */
  readonly samplesChangedOutside: number;
  /** Share of the hidden data's segments that may be lost, 0 to 1. */
  readonly parityShare: number;
  readonly qrText: string;
}

/** Fills a payload up to what its data segments hold, and encrypts it. */
async function sealPlan(
  frame: Frame,
  key: ContentKey,
  salt: Uint8Array,
  envelopesLength: number,
  plan: VaultPlan,
) {
  const { scrambled, bands, coveredAreas, segments } = plan;
  const { dataSegments, paritySegments, segmentLength } = segments;
  const header = encodeHeader({
    scrambled,
    bands,
    width: frame.width,
    height: frame.height,
    salt,
    commitment: await key.commitment(salt),
    envelopesLength,
    dataSegments,
    paritySegments,
    coveredAreas,
  });
  const plain = new Uint8Array(dataSegments * segmentLength - TAG_LENGTH);
  plain.set(plan.payload);
  return { header, sealed: await key.seal('payload', salt, plain, header) };
}

/** Restores what is about to be handed out, by the blind path, and compares. Throws `proof-failed`. */
async function prove(original: Frame, output: Frame, plan: VaultPlan, job: ProtectionJob): Promise<number> {
  const keyring = keyringForJob(job);
  try {
    const { frame } = await restoreFrame(output, keyring);
    const changed = countChangedOutside(original, output, plan.coveredAreas);
    const untouched = changed === 0 || plan.scrambled;
    if (untouched && equalBytes(cellBytes(frame.samples), cellBytes(original.samples))) return changed;
  } catch (error) {
    throw proofFailed(error);
  } finally {
    keyring.dispose();
  }
  throw proofFailed();
}

const proofFailed = (cause?: unknown): KeyAreaError =>
  new KeyAreaError(
    'proof-failed',
    'The protected image did not restore exactly in the check, so it was discarded. The original is untouched. Please report this.',
    { cause },
  );

/** The stored values of both bands. */
function valuesOf({ lower, upper, bits }: Bands, frame: Frame): ProtectedFrame['symbolValues'] {
  const zero = signBit(frame);
  const band = (base: number): ValueRange => ({ minimum: base - zero, maximum: base - zero + 2 ** bits - 1 });
  return { lower: band(lower), upper: band(upper) };
}

/** Refuses what cannot be protected, before any work. */
function checkRequest(frame: Frame, { areas, attachment }: ProtectFrameOptions): void {
  checkFrame(frame);
  checkAreas(frame, areas);
  if (attachment && attachment.length > MAX_ATTACHMENT_BYTES) {
    throw new KeyAreaError('invalid-argument', 'The attachment is longer than 4 MiB.');
  }
}

/**
 * Hides the key areas of a frame under QR codes, encrypted, so that {@link restoreFrame} gives the
 * frame back from the result and the key alone. No sample outside the covered areas changes, unless
 * `scramble` asks for it.
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
  const { areas, index = 0, count = 1, attachment = new Uint8Array(0), scramble = false } = options;
  const { key, id: jobId, notice, report } = job;
  checkRequest(original, options);
  const frame = toRanks(original);
  if (isProtected(frame)) {
    throw new KeyAreaError(
      'already-protected',
      'This image is protected already. Restore it first, then protect all its key areas in one go.',
    );
  }

  const salt = randomBytes(SALT_LENGTH);
  const upperBits = upperBitsOf(frame);
  const frameHash = await hashFrame(frame, upperBits);
  const plan = await planVault(frame, areas, job, scramble, async (coveredAreas) => {
    const codedAreas: Uint8Array[] = [];
    for (const area of coveredAreas) codedAreas.push(await encodeArea(frame, area, upperBits));
    const coded = codedAreas.reduce((sum, { length }) => sum + length, 0);
    const blocks = Math.max(MIN_BLOCKS, Math.floor((coded * BLOCK_TAGS_SHARE) / 4));
    const blockTags = await computeBlockTags(frame, coveredAreas, upperBits, blocks, key, salt);
    const place = { jobId, index, count };
    const content = { frameHash, areas, upperBits, codedAreas, notice, report, attachment, blockTags };
    return encodePayload({ ...place, ...content });
  });

  const { header, sealed } = await sealPlan(frame, key, salt, job.envelopeList.length, plan);
  const output = withSamples(frame, frame.samples.slice());
  const slots = layOutHeader(output, plan.places, header);
  if (slots === undefined) throw proofFailed();
  const { dataSegments, paritySegments } = plan.segments;
  const { bands, coveredAreas } = plan;
  const layout = { bands, coveredAreas, slots, segments: dataSegments + paritySegments };
  paintSymbols(output, layout, upperBits, plan.symbol, plan.places);
  const vault = joinVault(vaultCapacity(output, layout), job.envelopeList, sealed, plan.segments);
  writeVault(output, layout, upperBits, vault);
  if (scramble) await scrambleOutside(output, plan.coveredAreas, upperBits, key, salt);

  const result = fromRanks(output);
  const samplesChangedOutside = await prove(original, result, plan, job);
  return {
    frame: result,
    coveredAreas: plan.coveredAreas,
    bitsPerSample: plan.bands.bits,
    symbolValues: valuesOf(plan.bands, frame),
    samplesChangedOutside,
    parityShare: paritySegments / (dataSegments + paritySegments),
    qrText: plan.symbol.text,
  };
}

/** Block tags may take this share of what the covered areas are coded in. */
const BLOCK_TAGS_SHARE = 1 / 16;
const MIN_BLOCKS = 16;
