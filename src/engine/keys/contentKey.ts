import { equalBytes } from '../bytes';
import { subtle } from './platform';
import { SaltedKey } from './saltedKey';

export const CONTENT_KEY_LENGTH = 32;

/** A series' content key, which the platform holds and does not give out again. */
export class ContentKey {
  #latest: SaltedKey | undefined;

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

  /** What is derived from it for one salt; for the latest one only once, as what is protected is restored at once. */
  salted(salt: Uint8Array): SaltedKey {
    if (this.#latest === undefined || !equalBytes(this.#latest.salt, salt)) {
      this.#latest = new SaltedKey(this.key, salt.slice());
    }
    return this.#latest;
  }
}
