import { encodeArea } from './areaCodec';
import { computeBlockTags } from './blockTags';
import { checkAreas } from './cover';
import { KeyAreaError } from './errors';
import { checkFrame, type Frame, type Rectangle, upperBitsOf } from './frame';
import { hashFrame } from './frameHash';
import { SALT_LENGTH } from './header';
import type { ProtectionJob } from './job';
import type { Carrier } from './opened';
import { encodePayload, MAX_ATTACHMENT_BYTES } from './payload';
import { randomBytes } from './platform';
import type { Task } from './writer';

/** What is asked for when a frame is protected. */
export interface ProtectFrameOptions {
  /**
   * The key areas, up to 16; where they or what covers them overlap, they are covered as one. With the
   * surroundings carrier there may be none: then the report alone is hidden, and nothing can be seen.
   */
  readonly areas: readonly Rectangle[];
  /** Place of the image (the file) among those of the job, from 0; 0 where left out. */
  readonly index?: number;
  /** Images of the job; 1 where left out. */
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

/** Refuses what cannot be protected, before any work. */
export function checkRequest(
  frame: Frame,
  { areas, attachment, carrier, scramble }: ProtectFrameOptions,
): void {
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
export async function prepare(frame: Frame, job: ProtectionJob, options: ProtectFrameOptions): Promise<Task> {
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
