import { equalBytes } from './bytes';
import { KeyAreaError } from './errors';
import type { ContentKey } from './keys/contentKey';
import { wrongKey } from './keys/envelope';
import type { Keyring, KeySource } from './keys/keyring';
import { begun } from './keys/platform';
import type { SaltedKey } from './keys/saltedKey';
import { type Carrier, damaged, type Opened } from './opened';
import { decodeArea, fillUpperBits } from './payload/areaCodec';
import { alteredBlocks } from './payload/blockTags';
import { hashFrame } from './payload/frameHash';
import { charls } from './payload/jpegLs';
import { decodePayload, type Payload } from './payload/payload';
import {
  boundsOf,
  checkFrame,
  contains,
  type Frame,
  type Rectangle,
  type UpperBits,
  withPadding,
  withSamples,
} from './pixels/frame';
import { fromRanks, toRanks } from './pixels/palette';
import { paddingValues } from './pixels/usedValues';
import { isSealed } from './qr/qrText';
import { readQr } from './scan/readQr';
import { scrambleOutside } from './scramble';
import { openSurroundings } from './surroundings/openSurroundings';
import { type Located, locate, notProtected, type Placement } from './vault/locate';
import { openVault } from './vault/openVault';

/** What was hidden in a frame, and the frame it was hidden in. */
export interface RestoredFrame {
  /** The original, or what could be had of it: see the verdict. */
  readonly frame: Frame;
  /** The private text. */
  readonly report: string;
  /** The public text. */
  readonly notice: string;
  /** The file layer's bytes. */
  readonly attachment: Uint8Array;
  /** The key areas as drawn. */
  readonly areas: readonly Rectangle[];
  /** What the QR codes covered. */
  readonly coveredAreas: readonly Rectangle[];
  /** Names the job: all frames that were protected together have it. */
  readonly jobId: Uint8Array;
  /** Place of the image among those of the job, from 0. */
  readonly index: number;
  /** Images of the job. */
  readonly count: number;
  /** Segments that were damaged and computed again from the others. */
  readonly repairedSegments: number;
  /** Where the data were hidden. */
  readonly carrier: Carrier;
  /** Everything outside the covered areas was turned to noise too. */
  readonly scrambled: boolean;
  /** How the picture lay in what was protected: upright at 0, 0 unless it was turned, cut or padded. */
  readonly placement: Placement;
}

/** What verifying a frame comes to. The key areas are exact in either case. */
export interface FrameVerdict {
  /** The whole frame is exactly what was protected, by its SHA-256. */
  readonly verified: boolean;
  /** The blocks outside the covered areas that were altered; empty where verified. */
  readonly alteredBlocks: readonly Rectangle[];
  /** Pixels along a side of a block, a power of two from 32; blocks at the right and bottom edges may be cut. */
  readonly blockSide: number;
  /** What came back. */
  readonly restored: RestoredFrame;
}

/** A verified frame, and what opened it. */
export interface OpenedFrame {
  readonly verdict: FrameVerdict;
  readonly key: ContentKey;
  readonly envelopes: readonly Uint8Array[];
}

/** A key that fits, and what is derived from it for the frame. */
interface FoundKey {
  readonly key: ContentKey;
  readonly salted: SaltedKey;
}

async function findKey({ envelopes, salt, commitment }: Opened, keys: KeySource): Promise<FoundKey> {
  for await (const key of keys.keysFor(envelopes)) {
    const salted = key.salted(salt);
    salted.prepareToOpen();
    if (await salted.matches(commitment)) return { key, salted };
  }
  throw wrongKey('This key does not open it; the image is unharmed.', envelopes);
}

/** Refuses what no writer writes for this frame: whoever can encrypt to a recipient can write anything. */
function checkPayload({ upperBits, areas, index, count }: Payload, frame: Frame): void {
  if (upperBits === 'sign' && !frame.signed) throw new RangeError('unsigned values have no sign to extend');
  if (index >= count) throw new RangeError('the image has no place in its job');
  if (!areas.every((area) => area.width > 0 && area.height > 0 && contains(boundsOf(frame), area))) {
    throw new RangeError('a key area lies outside the image');
  }
}

/** What one carrier held, undone. */
interface Undone extends Pick<FrameVerdict, 'verified' | 'alteredBlocks'> {
  /** In ranks where it has a palette. */
  readonly original: Frame;
  readonly payload: Payload;
  readonly repairedSegments: number;
  readonly key: ContentKey;
}

/** Who restores a frame only to see whether it does. */
export interface Prover {
  /** As many cells as the frame has: what comes back is written here. */
  readonly cells: Frame['samples'];
  /** Is called while what was hidden is being decrypted. */
  whileOpening(): void;
  /** The hash of what came back, in ranks where it has a palette; `upperBits` is what it says of itself. */
  hashOf(unverified: Frame, upperBits: UpperBits): Promise<Uint8Array>;
}

/** A frame's cells, to undo what was done to them. */
function cellsToUndo({ samples }: Frame, prover?: Prover): Frame['samples'] {
  if (prover === undefined) return samples.slice();
  prover.cells.set(samples);
  return prover.cells;
}

/** Decrypts what a carrier holds, and undoes it. */
async function undo(opened: Opened, keys: KeySource, prover?: Prover): Promise<Undone> {
  const { frame, coveredAreas, scrambled } = opened;
  const { key, salted } = await findKey(opened, keys);
  const { payload: sealed, repairedSegments } = opened.readSealed();
  const opening = begun(salted.open('payload', sealed, opened.associated));

  await charls.load(); // what fails here says nothing of the image
  const original = withSamples(frame, cellsToUndo(frame, prover));
  prover?.whileOpening();
  const plain = await opening;
  let payload: Payload;
  let blocks: readonly Rectangle[] = [];
  let verified: boolean;
  try {
    payload = decodePayload(plain, coveredAreas.length);
    const { upperBits, blockTags } = payload;
    checkPayload(payload, frame);
    for (const [k, area] of coveredAreas.entries()) {
      await decodeArea(payload.codedAreas[k], original, area, upperBits);
    }
    if (scrambled) await scrambleOutside(original, coveredAreas, upperBits, salted);
    fillUpperBits(original, upperBits);
    const hash = await (prover?.hashOf ?? hashFrame)(original, upperBits);
    verified = equalBytes(hash, payload.frameHash);
    if (!verified) {
      blocks = await alteredBlocks(original, coveredAreas, upperBits, blockTags, salted);
      if (blocks.length === 0) throw new RangeError('the hash says altered, and all block tags say not');
    }
  } catch (error) {
    throw damaged(error);
  }
  return { verified, alteredBlocks: blocks, original, payload, repairedSegments, key };
}

/** The surroundings carrier in what a vault gave back. Throws `damaged` where there is none. */
function openInner({ original, payload }: Undone): Opened | undefined {
  if (payload.inner === undefined) return undefined;
  const opened = openSurroundings(withPadding(original, paddingValues(original, payload.inner.padding)));
  if (opened === undefined) throw damaged();
  return opened;
}

/** Undoes a carrier, and the one within it where there is one. */
async function verifyOpened(opened: Opened, keys: KeySource, prover?: Prover): Promise<OpenedFrame> {
  const outer = await undo(opened, keys, prover);
  const inner = openInner(outer);
  const undone = inner ? await undo(inner, keys, prover) : outer;
  if (inner && undone.payload.inner) throw damaged();
  const { report, notice, attachment, areas, jobId, index, count } = undone.payload;
  const restored = {
    frame: fromRanks(withSamples(opened.frame, undone.original.samples)),
    report,
    notice,
    attachment,
    areas,
    jobId,
    index,
    count,
    coveredAreas: opened.coveredAreas,
    carrier: inner ? inner.carrier : opened.carrier,
    scrambled: opened.scrambled,
    repairedSegments: outer.repairedSegments,
    placement: opened.placement,
  };
  const { verified, alteredBlocks: blocks, payload } = undone;
  const verdict = { verified, alteredBlocks: blocks, blockSide: payload.blockTags.side, restored };
  return { verdict, key: outer.key, envelopes: opened.envelopes };
}

/** The error for what was protected and lost its hidden data on the way, the QR code at most left. */
export const storedWithLoss = (): KeyAreaError =>
  new KeyAreaError(
    'stored-with-loss',
    'This image was protected, and its pixels were stored with loss since (JPEG, scaling or a changed window), so the key area cannot come back. The report may still be read from the QR code. Ask for the file as it was exported.',
  );

/** The error for a frame in which no header was found. */
function nothingFound(frame: Frame, { foreign }: Located): KeyAreaError {
  if (foreign && isSealed(readQr(frame, foreign) ?? '')) {
    return storedWithLoss();
  }
  return notProtected();
}

/**
 * Whatever a frame carries, opened as far as that goes without a key: the carriers that it may have, the
 * likeliest first. Throws `not-protected`, `stored-with-loss`, `damaged`, `unsupported-version`.
 */
export function openCarriers(frame: Frame): { located: Located; carriers: (() => Opened)[] } {
  const located = locate(frame);
  if (located.headers.length > 0) {
    return { located, carriers: located.headers.map((header) => () => openVault(located, header)) };
  }
  const surroundings = openSurroundings(frame);
  if (surroundings === undefined) throw nothingFound(frame, located);
  return { located, carriers: [() => surroundings] };
}

/**
 * Opens a protected frame and tells whether the rest of it is what was protected, and if not, which
 * blocks were altered. The frame it gives is exact inside the covered areas; outside them it is only
 * as good as the verdict says.
 *
 * Throws `not-protected`, `wrong-key`, `damaged` (too much of the hidden data was changed),
 * `stored-with-loss`, `unsupported-version`, `costly-key`.
 */
export async function verifyFrame(frame: Frame, keyring: Keyring): Promise<FrameVerdict> {
  return (await openFrame(frame, keyring)).verdict;
}

/**
 * Does what {@link verifyFrame} does, and tells what opened the frame. A prover gets a turn while the platform
 * decrypts, and gives the hash.
 */
export async function openFrame(frame: Frame, keys: KeySource, prover?: Prover): Promise<OpenedFrame> {
  checkFrame(frame);
  let failure: unknown;
  for (const open of openCarriers(toRanks(frame)).carriers) {
    try {
      return await verifyOpened(open(), keys, prover);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * Gives the original frame back from the protected one and a key, and nothing else.
 *
 * Throws what {@link verifyFrame} throws, and `altered` where pixels outside the covered areas were
 * changed. Whatever is returned is exactly what was protected.
 */
export async function restoreFrame(frame: Frame, keyring: Keyring): Promise<RestoredFrame> {
  const verdict = await verifyFrame(frame, keyring);
  if (!verdict.verified) throw alteredSince(verdict);
  return verdict.restored;
}

/** The error for a frame of which more was altered than was repaired. */
export function alteredSince({ alteredBlocks: blocks }: FrameVerdict): KeyAreaError {
  return new KeyAreaError(
    'altered',
    `The key fits and the key area was read, but the rest of this image was changed since it was protected, in ${blocks.length} ${blocks.length === 1 ? 'block' : 'blocks'}. Ask for the file as it was exported.`,
    { acceptable: true },
  );
}
