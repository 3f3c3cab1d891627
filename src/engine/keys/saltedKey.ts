import { equalBytes } from '../bytes';
import { KeyAreaError } from '../errors';
import { begun, subtle } from './platform';

/**
 * What is derived from a series' content key, for one salt each: HKDF-SHA-256 (RFC 5869) with one
 * label per purpose. Encryption is AES-256-GCM (NIST SP 800-38D) with a zero nonce: salt and label
 * make every key unique, and each key encrypts one message. Keystreams are AES-256-CTR, from zero.
 */
export type Purpose = MessagePurpose | KeystreamPurpose | 'commitment';
type MessagePurpose = 'payload' | 'qr report';
type KeystreamPurpose = 'block tags' | 'scramble';

export const SALT_LENGTH = 16;
export const COMMITMENT_LENGTH = 16;
export const TAG_LENGTH = 16;

/** A keystream is begun to be made before its length is known, of this length at most. */
const MOST_BEGUN = 2 ** 20;

const NONCE = new Uint8Array(12);

/** Zeros that are kept: what is encrypted to have a keystream, mostly. */
const MOST_ZEROS = 2 ** 20;
let zeros = new Uint8Array(0);

function zerosOf(length: number): Uint8Array<ArrayBuffer> {
  if (length > MOST_ZEROS) return new Uint8Array(length);
  if (length > zeros.length) zeros = new Uint8Array(length);
  return zeros.subarray(0, length);
}

/** A content key for one salt. Each key is derived once: when it is first used, or before, while other work is done. */
export class SaltedKey {
  readonly #key: CryptoKey;
  readonly #ciphers = new Map<Purpose, Promise<CryptoKey>>();
  #commitment: Promise<ArrayBuffer> | undefined;
  #blockKeys: { readonly length: number; readonly bytes: Promise<Uint8Array<ArrayBuffer>> } | undefined;

  /** @internal Made by `ContentKey.salted`. */
  constructor(
    key: CryptoKey,
    readonly salt: Uint8Array,
  ) {
    this.#key = key;
  }

  #derivation(purpose: Purpose) {
    return {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: this.salt as Uint8Array<ArrayBuffer>,
      info: new TextEncoder().encode(`key-area-protection/1 ${purpose}`),
    };
  }

  #cipher(purpose: Purpose, name: 'AES-GCM' | 'AES-CTR'): Promise<CryptoKey> {
    let cipher = this.#ciphers.get(purpose);
    if (cipher === undefined) {
      cipher = begun(
        subtle().deriveKey(this.#derivation(purpose), this.#key, { name, length: 256 }, false, [
          'encrypt',
          'decrypt',
        ]),
      );
      this.#ciphers.set(purpose, cipher);
    }
    return cipher;
  }

  #deriveCommitment(): Promise<ArrayBuffer> {
    this.#commitment ??= begun(
      subtle().deriveBits(this.#derivation('commitment'), this.#key, 8 * COMMITMENT_LENGTH),
    );
    return this.#commitment;
  }

  /** Begins to derive what protecting a frame takes, with `blockKeys` bytes of the keystream for block tags. */
  prepareToSeal(blockKeys: number): void {
    const length = Math.min(MOST_BEGUN, blockKeys);
    this.#blockKeys = { length, bytes: begun(this.#streamOf('block tags', length)) };
    this.prepareToOpen();
  }

  /** Begins to derive what restoring a frame takes. */
  prepareToOpen(): void {
    this.#cipher('payload', 'AES-GCM');
    this.#deriveCommitment();
  }

  /** Resolves once what was begun is derived, and what waits for it has been begun too. */
  async derived(): Promise<void> {
    await Promise.all([...this.#ciphers.values(), this.#commitment]);
  }

  /** `length` pseudorandom bytes. */
  async keystream(purpose: KeystreamPurpose, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const made = purpose === 'block tags' ? this.#blockKeys : undefined;
    if (made && made.length >= length) return (await made.bytes).subarray(0, length);
    return this.#streamOf(purpose, length);
  }

  async #streamOf(purpose: KeystreamPurpose, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#cipher(purpose, 'AES-CTR');
    const algorithm = { name: 'AES-CTR', counter: new Uint8Array(16), length: 128 };
    return new Uint8Array(await subtle().encrypt(algorithm, key, zerosOf(length)));
  }

  /** 16 bytes that name this key for this salt and tell nothing else about it. */
  async commitment(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#deriveCommitment());
  }

  /** True where `commitment` was made with this key. */
  async matches(commitment: Uint8Array): Promise<boolean> {
    return equalBytes(await this.commitment(), commitment);
  }

  /** Encrypts; the result is 16 bytes longer. */
  async seal(
    purpose: MessagePurpose,
    plain: Uint8Array,
    associated: Uint8Array,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#cipher(purpose, 'AES-GCM');
    return new Uint8Array(await subtle().encrypt(gcm(associated), key, plain as Uint8Array<ArrayBuffer>));
  }

  /** Decrypts. Throws `damaged` where the bytes are not exactly those that were sealed. */
  async open(
    purpose: MessagePurpose,
    sealed: Uint8Array,
    associated: Uint8Array,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.#cipher(purpose, 'AES-GCM');
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
