import { decodeArea } from './areaCodec';
import { alteredBlocks } from './blockTags';
import { equalBytes } from './bytes';
import { type ContentKey, TAG_LENGTH } from './contentKey';
import { decodeEnvelopes, kindOf } from './envelope';
import { KeyAreaError } from './errors';
import { checkFrame, type Frame, type Rectangle, withSamples } from './frame';
import { hashFrame } from './frameHash';
import type { Keyring } from './keyring';
import { type Located, type LocatedHeader, locate, majority, notProtected, type Placement } from './locate';
import { layOutHeader } from './order';
import { fromRanks, toRanks } from './palette';
import { decodePayload, type Payload } from './payload';
import { isSealed } from './qrText';
import { readQr } from './readQr';
import { scrambleOutside } from './scramble';
import { envelopeCopies, segmentLengthOf, splitVault } from './segments';
import { readVault, vaultCapacity } from './vault';

/** What was hidden in a frame, and the frame it was hidden in. */
export interface RestoredFrame {
  readonly frame: Frame;
  readonly report: string;
  readonly notice: string;
  /** The file layer's bytes. */
  readonly attachment: Uint8Array;
  /** The key areas as drawn. */
  readonly areas: readonly Rectangle[];
  /** What the QR codes covered. */
  readonly coveredAreas: readonly Rectangle[];
  /** Names the job: all frames that were protected together have it. */
  readonly jobId: Uint8Array;
  readonly index: number;
  readonly count: number;
  /** Segments that were damaged and computed again from the others. */
  readonly repairedSegments: number;
  /** How the picture lay in what was protected: upright at 0, 0 unless it was turned, cut or padded. */
  readonly placement: Placement;
}

/** What verifying a frame comes to. The key areas are exact in either case. */
export interface FrameVerdict {
  /** The whole frame is exactly what was protected, by its SHA-256. */
  readonly verified: boolean;
  /** The blocks outside the covered areas that were altered; empty where verified. */
  readonly alteredBlocks: readonly Rectangle[];
  readonly restored: RestoredFrame;
}

const damaged = (cause?: unknown): KeyAreaError =>
  new KeyAreaError(
    'damaged',
    'The key fits, but too much of the hidden data under the QR code was changed. Ask for the file as it was exported.',
    { cause },
  );

/** The vault's bytes and what its header says of them. */
function readLocatedVault(frame: Frame, { header, bytes, places }: LocatedHeader) {
  const slots = layOutHeader(frame, places, bytes);
  if (slots === undefined) throw damaged();
  const segments = header.dataSegments + header.paritySegments;
  const layout = { bands: header.bands, coveredAreas: header.coveredAreas, slots, segments };
  const segmentLength = segmentLengthOf(vaultCapacity(frame, layout), header.envelopesLength, segments);
  if (segmentLength === undefined) throw damaged();
  return { vault: readVault(frame, layout), segmentLength };
}

/** The envelopes of a vault: any whole copy, or the majority of all three. Throws `damaged`. */
export function readEnvelopes(frame: Frame, located: LocatedHeader): Uint8Array[] {
  return envelopesIn(readLocatedVault(frame, located).vault, located);
}

function envelopesIn(vault: Uint8Array, { header }: LocatedHeader): Uint8Array[] {
  const copies = envelopeCopies(vault, header.envelopesLength);
  for (const copy of [...copies, majority(copies)]) {
    const envelopes = decodeEnvelopes(copy);
    if (envelopes) return envelopes;
  }
  throw damaged();
}

async function findKey(
  envelopes: readonly Uint8Array[],
  { header }: LocatedHeader,
  keyring: Keyring,
): Promise<ContentKey> {
  for await (const key of keyring.keysFor(envelopes)) {
    if (await key.matches(header.salt, header.commitment)) return key;
  }
  const kinds = new Set(envelopes.map(kindOf));
  const wanted =
    kinds.size > 1 ? 'a passphrase or an identity' : kinds.has('passphrase') ? 'a passphrase' : 'an identity';
  throw new KeyAreaError(
    'wrong-key',
    `This key does not open it; the image is unharmed. It was protected with ${wanted}. Check capitals and spaces.`,
  );
}

/** Opens what one header announces, and undoes it. */
async function verifyLocated(
  { frame, placement }: Located,
  located: LocatedHeader,
  keyring: Keyring,
): Promise<FrameVerdict> {
  const { header, bytes } = located;
  const { coveredAreas, salt } = header;
  const { vault, segmentLength } = readLocatedVault(frame, located);
  const key = await findKey(envelopesIn(vault, located), located, keyring);
  const { dataSegments, paritySegments, envelopesLength } = header;
  const joined = splitVault(vault, envelopesLength, { dataSegments, paritySegments, segmentLength });
  if (joined === undefined || joined.payload.length < TAG_LENGTH) throw damaged();
  const plain = await key.open('payload', salt, joined.payload, bytes);

  const original = withSamples(frame, frame.samples.slice());
  let payload: Payload;
  let blocks: readonly Rectangle[] = [];
  let verified: boolean;
  try {
    payload = decodePayload(plain, coveredAreas.length);
    const { upperBits, blockTags } = payload;
    for (const [k, area] of coveredAreas.entries()) {
      await decodeArea(payload.codedAreas[k], original, area, upperBits);
    }
    if (header.scrambled) await scrambleOutside(original, coveredAreas, upperBits, key, salt);
    verified = equalBytes(await hashFrame(original, upperBits), payload.frameHash);
    if (!verified) blocks = await alteredBlocks(original, coveredAreas, upperBits, blockTags, key, salt);
  } catch (error) {
    throw damaged(error);
  }
  const { report, notice, attachment, areas, jobId, index, count } = payload;
  const restored = {
    frame: fromRanks(original),
    report,
    notice,
    attachment,
    areas,
    coveredAreas,
    jobId,
    index,
    count,
    repairedSegments: joined.damaged,
    placement,
  };
  return { verified, alteredBlocks: blocks, restored };
}

/** The error for a frame in which no header was found. */
function nothingFound(frame: Frame, { foreign }: Located): KeyAreaError {
  if (foreign && isSealed(readQr(frame, foreign) ?? '')) {
    return new KeyAreaError(
      'damaged',
      'This image was protected, but its pixels were stored with loss since (JPEG, scaling or a changed window), so the key area cannot come back. Ask for the file as it was exported. The report can still be read from the QR code.',
    );
  }
  return notProtected();
}

/**
 * Opens a protected frame and tells whether the rest of it is what was protected, and if not, which
 * blocks were altered. The frame it gives is exact inside the covered areas; outside them it is only
 * as good as the verdict says.
 *
 * Throws `not-protected`, `wrong-key`, `damaged` (too much of the hidden data was changed),
 * `unsupported-version`, `costly-key`.
 */
export async function verifyFrame(frame: Frame, keyring: Keyring): Promise<FrameVerdict> {
  checkFrame(frame);
  const ranked = toRanks(frame);
  const located = locate(ranked);
  if (located.headers.length === 0) throw nothingFound(ranked, located);
  let failure: unknown;
  for (const header of located.headers) {
    try {
      return await verifyLocated(located, header, keyring);
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
  const { verified, alteredBlocks: blocks, restored } = await verifyFrame(frame, keyring);
  if (verified) return restored;
  throw new KeyAreaError(
    'altered',
    `The key fits and the key area was read, but the rest of this image was changed since it was protected, in ${blocks.length} ${blocks.length === 1 ? 'block' : 'blocks'}. Ask for the file as it was exported.`,
  );
}
