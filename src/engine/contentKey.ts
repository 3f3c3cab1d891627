import { equalBytes } from './bytes';
import { KeyAreaError } from './errors';
import { COMMITMENT_LENGTH } from './header';
import { subtle } from './platform';

/**
 * What is derived from a series' content key, for one salt each: HKDF-SHA-256 (RFC 5869) with one
 * label per purpose. Encryption is AES-256-GCM (NIST SP 800-38D) with a zero nonce: salt and label
 * make every key unique, and each key encrypts one message. Keystreams are AES-256-CTR, from zero.
 */
export type Purpose = 'payload' | 'commitment' | 'qr report' | 'block tags' | 'scramble';

export const CONTENT_KEY_LENGTH = 32;
export const TAG_LENGTH = 16;

const NONCE = new Uint8Array(12);

const derivation = (salt: Uint8Array, purpose: Purpose) => ({
  name: 'HKDF',
  hash: 'SHA-256',
  salt: salt as Uint8Array<ArrayBuffer>,
  info: new TextEncoder().encode(`key-area-protection/1 ${purpose}`),
});

/** A content key that the platform holds and does not give out again. */
export class ContentKey {
  /** @param key HKDF base key that cannot be exported; it may have come from another thread. */
  constructor(readonly key: CryptoKey) {}

  /** Takes 32 bytes over; the caller wipes its own copy. */
  static async fromBytes(bytes: Uint8Array): Promise<ContentKey> {
    const key = await subtle().importKey('raw', bytes as Uint8Array<ArrayBuffer>, 'HKDF', false, [
      'deriveKey',
      'deriveBits',
    ]);
    return new ContentKey(key);
  }

  #cipher(salt: Uint8Array, purpose: Purpose, name: 'AES-GCM' | 'AES-CTR'): Promise<CryptoKey> {
    const algorithm = { name, length: 256 };
    return subtle().deriveKey(derivation(salt, purpose), this.key, algorithm, false, ['encrypt', 'decrypt']);
  }

  /** `length` pseudorandom bytes. */
  async keystream(purpose: Purpose, salt: Uint8Array, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#cipher(salt, purpose, 'AES-CTR');
    const algorithm = { name: 'AES-CTR', counter: new Uint8Array(16), length: 128 };
    return new Uint8Array(await subtle().encrypt(algorithm, key, new Uint8Array(length)));
  }

  /** 16 bytes that name this key for this salt and tell nothing else about it. */
  async commitment(salt: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(
      await subtle().deriveBits(derivation(salt, 'commitment'), this.key, 8 * COMMITMENT_LENGTH),
    );
  }

  /** True where `commitment` was made with this key. */
  async matches(salt: Uint8Array, commitment: Uint8Array): Promise<boolean> {
    return equalBytes(await this.commitment(salt), commitment);
  }

  /** Encrypts; the result is 16 bytes longer. */
  async seal(
    purpose: Purpose,
    salt: Uint8Array,
    plain: Uint8Array,
    associated: Uint8Array,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#cipher(salt, purpose, 'AES-GCM');
    return new Uint8Array(await subtle().encrypt(gcm(associated), key, plain as Uint8Array<ArrayBuffer>));
  }

  /** Decrypts. Throws `damaged` where the bytes are not exactly those that were sealed. */
  async open(
    purpose: Purpose,
    salt: Uint8Array,
    sealed: Uint8Array,
    associated: Uint8Array,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#cipher(salt, purpose, 'AES-GCM');
    try {
      return new Uint8Array(await subtle().decrypt(gcm(associated), key, sealed as Uint8Array<ArrayBuffer>));
    } catch (error) {
      throw new KeyAreaError('damaged', 'The key fits, but the hidden data was altered.', { cause: error });
    }
  }
}

const gcm = (associated: Uint8Array) => ({
  name: 'AES-GCM',
  iv: NONCE,
  additionalData: associated as Uint8Array<ArrayBuffer>,
  tagLength: 8 * TAG_LENGTH,
});
