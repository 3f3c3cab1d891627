import { sha256 as hashShort } from '@noble/hashes/sha2.js';
import { KeyAreaError } from '../errors';

/** The platform's cryptography. Throws `insecure-context` where a browser withholds it. */
export function subtle(): SubtleCrypto {
  const { crypto } = globalThis;
  if (crypto?.subtle === undefined) {
    throw new KeyAreaError(
      'insecure-context',
      'This page was not loaded securely, so the browser offers no encryption. Open the viewer over https (or on localhost).',
    );
  }
  return crypto.subtle;
}

/** Work that was begun before it is awaited: where it fails, whoever awaits it is told, and nobody else. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** `crypto.getRandomValues` gives at most this many bytes a call (Web Cryptography API, 10.1.1). */
const RANDOM_BYTES_PER_CALL = 65536;

/** Fresh random bytes from the platform. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += RANDOM_BYTES_PER_CALL) {
    globalThis.crypto.getRandomValues(bytes.subarray(start, start + RANDOM_BYTES_PER_CALL));
  }
  return bytes;
}

/** Bytes that are hashed here in less time than a call of the platform takes: a file has many short elements. */
const SHORT = 1024;

/** SHA-256 of `bytes`. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.length <= SHORT) return hashShort(bytes);
  return new Uint8Array(await subtle().digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}
