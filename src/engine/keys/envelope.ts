import { Decrypter, Encrypter } from 'age-encryption';
import { ByteReader, ByteWriter, crc32 } from '../bytes';
import { KeyAreaError } from '../errors';
import { CONTENT_KEY_LENGTH } from './contentKey';

/**
 * Envelopes: age files (age-encryption.org/v1) whose plaintext is the 32-byte content key. A
 * protected image carries a list of them, each for the same key.
 *
 * The list: number of envelopes (1 byte), each with its length (2 bytes, big-endian) before it, and
 * the CRC-32 of all that.
 */

/** Longest envelope that is read from an image, in bytes. */
export const MAX_ENVELOPE_LENGTH = 8192;
/** Most envelopes that are read from an image. */
export const MAX_ENVELOPES = 3;
/** Most recipients of one envelope. */
const MAX_STANZAS = 64;
/** scrypt's log2 N of new envelopes, and the most that an image may ask for unasked: 256 MiB, about a second. */
export const WORK_FACTOR = 18;
/** The most that an image may ask for where a person agreed to it: 1 GiB, some seconds. */
export const MOST_WORK_FACTOR = 20;

/** What opens an envelope. */
export type EnvelopeKind = 'passphrase' | 'recipient';

/** Wraps a content key for a passphrase. */
export async function wrapForPassphrase(
  contentKey: Uint8Array,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.normalize('NFC'));
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(contentKey);
}

/** Wraps a content key for recipients (`age1...`). Throws `invalid-argument`, which names the wrong one. */
export async function wrapForRecipients(
  contentKey: Uint8Array,
  recipients: readonly string[],
): Promise<Uint8Array> {
  if (recipients.length === 0 || recipients.length > MAX_STANZAS) {
    throw new KeyAreaError('invalid-argument', `Give 1 to ${MAX_STANZAS} recipients.`);
  }
  if (new Set(recipients.map((recipient) => recipient.startsWith('age1pq1'))).size > 1) {
    throw new KeyAreaError(
      'invalid-argument',
      'Post-quantum (age1pq1...) and other recipients cannot share an envelope: it would be only as strong as the weaker.',
    );
  }
  const encrypter = new Encrypter();
  recipients.forEach((recipient, index) => {
    try {
      encrypter.addRecipient(recipient);
    } catch (error) {
      throw new KeyAreaError(
        'invalid-argument',
        `Recipient ${index + 1} is not an age public key (age1...). Check that it was copied whole.`,
        { cause: error },
      );
    }
  });
  const envelope = await encrypter.encrypt(contentKey);
  if (envelope.length > MAX_ENVELOPE_LENGTH) {
    throw new KeyAreaError(
      'invalid-argument',
      'These are more recipients than one envelope holds. Give fewer.',
    );
  }
  return envelope;
}

export function encodeEnvelopes(envelopes: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().uint8(envelopes.length);
  for (const envelope of envelopes) writer.uint16(envelope.length).bytes(envelope);
  const list = writer.finish();
  return new ByteWriter().bytes(list).uint32(crc32(list)).finish();
}

/** Undefined where the list is not whole. */
export function decodeEnvelopes(bytes: Uint8Array): Uint8Array[] | undefined {
  if (bytes.length < 5) return undefined;
  const list = bytes.subarray(0, -4);
  if (new ByteReader(bytes.subarray(-4)).uint32() !== crc32(list)) return undefined;
  const reader = new ByteReader(list);
  const count = reader.uint8();
  if (count === 0 || count > MAX_ENVELOPES) return undefined;
  const envelopes: Uint8Array[] = [];
  try {
    for (let k = 0; k < count; k++) {
      const length = reader.uint16();
      if (length > MAX_ENVELOPE_LENGTH) return undefined;
      envelopes.push(reader.bytes(length).slice());
    }
  } catch {
    return undefined; // a length runs past the end
  }
  return reader.remaining === 0 ? envelopes : undefined;
}

/** The stanza lines of an age header: what kind of key it wants, and scrypt's cost. */
function stanzasOf(envelope: Uint8Array): string[][] {
  const text = new TextDecoder('latin1').decode(envelope);
  const end = text.indexOf('\n---');
  if (!text.startsWith('age-encryption.org/v1\n') || end < 0) return [];
  return text
    .slice(0, end)
    .split('\n')
    .filter((line) => line.startsWith('-> '))
    .map((line) => line.slice(3).split(' '));
}

export const kindOf = (envelope: Uint8Array): EnvelopeKind =>
  stanzasOf(envelope).some(([type]) => type === 'scrypt') ? 'passphrase' : 'recipient';

/** The error for envelopes that no key at hand opens; `unopened` says what that leaves shut. */
export function wrongKey(unopened: string, envelopes: readonly Uint8Array[]): KeyAreaError {
  const kinds = new Set(envelopes.map(kindOf));
  const wanted =
    kinds.size > 1 ? 'a passphrase or an identity' : kinds.has('passphrase') ? 'a passphrase' : 'an identity';
  const hint = kinds.has('passphrase') ? ' Check capitals and spaces.' : '';
  return new KeyAreaError('wrong-key', `${unopened} It was protected with ${wanted}.${hint}`);
}

/** How many readers of which kind an envelope is for; who they are, it does not say. */
export interface EnvelopeReaders {
  /** What opens it. */
  readonly kind: EnvelopeKind;
  /** Recipients; 1 for a passphrase. */
  readonly count: number;
}

/** Reads an envelope's header. It is not proven before the envelope is opened. */
export const readersOf = (envelope: Uint8Array): EnvelopeReaders => ({
  kind: kindOf(envelope),
  count: stanzasOf(envelope).length,
});

/** Refuses what would cost too much to try. Throws `costly-key`. */
function checkCost(envelope: Uint8Array, workFactor: number): void {
  const stanzas = stanzasOf(envelope);
  const costs = stanzas.filter(([type]) => type === 'scrypt').map(([, , cost]) => Number(cost));
  if (stanzas.length > MAX_STANZAS || costs.some((cost) => !(cost <= workFactor))) {
    throw new KeyAreaError(
      'costly-key',
      'Opening this image would take more memory and time than is safe, so it was not tried. It was not made by this software.',
    );
  }
}

/** What a person has to open envelopes with. */
export type Secret =
  | {
      /** As it was typed; brought to Unicode's NFC. */
      readonly passphrase: string;
    }
  | {
      /** `AGE-SECRET-KEY-1...`, any of which may fit. */
      readonly identities: readonly string[];
    };

/**
 * Opens an envelope. Returns undefined where the secret does not fit.
 * Throws `costly-key` where deriving would cost more than `workFactor` (log2 of scrypt's N), and
 * `invalid-argument` for what is no age identity.
 */
export async function openEnvelope(
  envelope: Uint8Array,
  secret: Secret,
  workFactor = WORK_FACTOR,
): Promise<Uint8Array | undefined> {
  const decrypter = new Decrypter();
  if ('passphrase' in secret) {
    if (kindOf(envelope) !== 'passphrase') return undefined;
    checkCost(envelope, workFactor);
    decrypter.addPassphrase(secret.passphrase.normalize('NFC'));
  } else {
    if (kindOf(envelope) !== 'recipient') return undefined;
    checkCost(envelope, workFactor);
    for (const identity of secret.identities) {
      try {
        decrypter.addIdentity(identity);
      } catch (error) {
        throw new KeyAreaError('invalid-argument', 'This is not an age identity (AGE-SECRET-KEY-1...).', {
          cause: error,
        });
      }
    }
  }
  try {
    const contentKey = await decrypter.decrypt(envelope);
    return contentKey.length === CONTENT_KEY_LENGTH ? contentKey : undefined;
  } catch (error) {
    // Too little memory for the derivation is not a wrong key.
    if (error instanceof RangeError) throw error;
    return undefined;
  }
}
