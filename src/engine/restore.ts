import { decodeArea } from './areaCodec';
import { equalBytes } from './bytes';
import { type ContentKey, TAG_LENGTH } from './contentKey';
import { decodeEnvelopes, kindOf } from './envelope';
import { KeyAreaError } from './errors';
import { checkFrame, type Frame, type Rectangle, withSamples } from './frame';
import { hashFrame } from './frameHash';
import type { Keyring } from './keyring';
import { type LocatedHeader, locate, majority, notProtected } from './locate';
import { layOutHeader } from './order';
import { decodePayload, type Payload } from './payload';
import { isSealed } from './qrText';
import { readQr } from './readQr';
import { envelopeCopies, segmentLengthOf, splitVault } from './segments';
import { readVault, vaultCapacity } from './vault';

/** A restored frame: exactly what was protected, proven by its SHA-256. */
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
  const layout = { bands: header.bands, coveredAreas: header.coveredAreas, slots };
  const segments = header.dataSegments + header.paritySegments;
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
async function restoreLocated(
  frame: Frame,
  located: LocatedHeader,
  keyring: Keyring,
): Promise<RestoredFrame> {
  const { header, bytes } = located;
  const { vault, segmentLength } = readLocatedVault(frame, located);
  const key = await findKey(envelopesIn(vault, located), located, keyring);
  const { dataSegments, paritySegments, envelopesLength } = header;
  const joined = splitVault(vault, envelopesLength, { dataSegments, paritySegments, segmentLength });
  if (joined === undefined || joined.payload.length < TAG_LENGTH) throw damaged();
  const plain = await key.open('payload', header.salt, joined.payload, bytes);

  let payload: Payload;
  const original = withSamples(frame, frame.samples.slice());
  try {
    payload = await decodePayload(plain, header.coveredAreas.length);
    for (const [k, area] of header.coveredAreas.entries()) {
      await decodeArea(payload.codedAreas[k], original, area, payload.upperBits);
    }
  } catch (error) {
    throw damaged(error);
  }
  if (!equalBytes(await hashFrame(original, payload.upperBits), payload.frameHash)) {
    throw new KeyAreaError(
      'altered',
      'The key fits and the key area was read, but other pixels of this image were changed since it was protected. Ask for the file as it was exported.',
    );
  }
  const { report, notice, attachment, areas, jobId, index, count } = payload;
  return {
    frame: original,
    report,
    notice,
    attachment,
    areas,
    coveredAreas: header.coveredAreas,
    jobId,
    index,
    count,
    repairedSegments: joined.damaged,
  };
}

/**
 * Gives the original frame back from the protected one and a key, and nothing else.
 *
 * Throws `not-protected`, `wrong-key`, `damaged` (too much of the hidden data was changed), `altered`
 * (pixels outside the covered areas were), `unsupported-version`, `costly-key`. Whatever is returned
 * is exactly what was protected.
 */
export async function restoreFrame(frame: Frame, keyring: Keyring): Promise<RestoredFrame> {
  checkFrame(frame);
  const { headers, foreign } = locate(frame);
  if (headers.length === 0) {
    if (foreign && isSealed(readQr(frame, foreign) ?? '')) {
      throw new KeyAreaError(
        'damaged',
        'This image was protected, but its pixels were stored with loss since (JPEG, scaling or a changed window), so the key area cannot come back. Ask for the file as it was exported. The report can still be read from the QR code.',
      );
    }
    throw notProtected();
  }
  let failure: unknown;
  for (const located of headers) {
    try {
      return await restoreLocated(frame, located, keyring);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}
