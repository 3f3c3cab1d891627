import { KeyAreaError } from './errors';
import type { ProtectionJob } from './job';
import { begun, randomBytes } from './keys/platform';
import { SALT_LENGTH } from './keys/saltedKey';
import type { Carrier } from './opened';
import { encodeArea } from './payload/areaCodec';
import { BLOCK_TAG_LENGTH, blockKeysLength, chooseSide, computeBlockTags } from './payload/blockTags';
import { hashFrame } from './payload/frameHash';
import { encodePayload, MAX_ATTACHMENT_BYTES, packTexts } from './payload/payload';
import { checkFrame, type Frame, pixelsIn, type Rectangle, upperBitsOf } from './pixels/frame';
import { paddingCodes } from './pixels/usedValues';
import { checkAreas } from './vault/cover';
import type { Task, TaskContent } from './writer';

/** What is asked for when a frame is protected. */
export interface ProtectFrameOptions {
  /**
   * The key areas, up to 16; where they or what covers them overlap, they are covered as one. There may be
   * none, unless the carrier is `vault`: then the report alone is hidden, and nothing can be seen.
   */
  readonly areas: readonly Rectangle[];
  /** Place of the image (the file) among those of the job, from 0; 0 where left out. */
  readonly index?: number;
  /** Images of the job; 1 where left out. */
  readonly count?: number;
  /** Bytes that come back when the frame is restored, hidden with it; at most 4 MiB. */
  readonly attachment?: Uint8Array;
  /**
   * `vault` hides under the QR code and changes nothing else. `surroundings` hides in the pixels around,
   * which change by little, and leaves the QR code clean. Where left out: the vault, or where it has no
   * room, the surroundings.
   */
  readonly carrier?: Carrier;
  /** Turns everything outside the covered areas to noise too. */
  readonly scramble?: boolean;
}

/** Refuses what cannot be protected, before any work. */
export function checkRequest(
  frame: Frame,
  { areas, attachment, carrier, scramble }: ProtectFrameOptions,
): void {
  checkFrame(frame);
  if (areas.length > 0 || carrier === 'vault' || scramble) checkAreas(frame, areas);
  if (attachment && attachment.length > MAX_ATTACHMENT_BYTES) {
    throw new KeyAreaError('invalid-argument', 'The attachment is longer than 4 MiB.');
  }
}

/** Block tags may take this share of what the covered areas are coded in. */
const BLOCK_TAGS_SHARE = 1 / 16;
const MIN_BLOCKS = 16;

/** Blocks that are tagged where the covered areas take `length` bytes, at most. */
const blocksFor = (length: number): number =>
  Math.max(MIN_BLOCKS, Math.floor((length * BLOCK_TAGS_SHARE) / BLOCK_TAG_LENGTH));

/** Few samples are coded in less than this share of their bits. */
const LEAST_CODED_SHARE = 1 / 8;

/** Bytes that key areas will hardly be coded in less than. The keys of large blocks are keys of all smaller ones. */
const fewBytesOf = ({ bitsStored, samplesPerPixel }: Frame, areas: readonly Rectangle[]): number =>
  (pixelsIn(areas) * samplesPerPixel * bitsStored * LEAST_CODED_SHARE) / 8;

const NOTHING = new Uint8Array(0);

/** Everything a carrier needs, the payload's encoder included. */
export function prepare(frame: Frame, job: ProtectionJob, options: ProtectFrameOptions): Task {
  const { areas, index = 0, count = 1, attachment = NOTHING } = options;
  const { notice, report } = job;
  return newTask(frame, job, { areas, index, count, attachment, notice, report });
}

/** The task of hiding what was carried in the surroundings already: its texts travel there. */
export function prepareAgain(inner: Task, frame: Frame, coveredAreas: readonly Rectangle[]): Task {
  return newTask(frame, inner.job, {
    ...inner.content,
    areas: coveredAreas,
    attachment: NOTHING,
    notice: '',
    report: '',
    inner: { padding: paddingCodes(frame) },
  });
}

function newTask(frame: Frame, job: ProtectionJob, content: TaskContent): Task {
  const { id: jobId } = job;
  const key = job.key.salted(randomBytes(SALT_LENGTH));
  key.prepareToSeal(blockKeysLength(frame, chooseSide(frame, blocksFor(fewBytesOf(frame, content.areas)))));
  const upperBits = upperBitsOf(frame);
  const frameHash = begun(hashFrame(frame, upperBits));
  const packed = packTexts(content, content.report === job.report ? job.packedReport : undefined);
  return {
    frame,
    upperBits,
    frameHash,
    content,
    job,
    key,
    async code(coveredAreas) {
      // Coding leaves nothing else a turn for long: what waits for keys is begun before.
      await key.derived();
      const coded: Uint8Array[] = [];
      for (const area of coveredAreas) coded.push(await encodeArea(frame, area, upperBits));
      return { coveredAreas, coded, length: coded.reduce((sum, { length }) => sum + length, 0) };
    },
    async encode({ coveredAreas, coded, length }) {
      const blockTags = await computeBlockTags(frame, coveredAreas, upperBits, blocksFor(length), key);
      return encodePayload(
        { ...content, jobId, frameHash: await frameHash, upperBits, codedAreas: coded, blockTags },
        packed,
      );
    },
  };
}
