import { createCipheriv } from 'node:crypto';

/** Pseudorandom bytes from a key of 32 bytes (AES-256 in counter mode, from zero). */
export function keystream(key: Uint8Array, length: number): Uint8Array {
  return createCipheriv('aes-256-ctr', key, new Uint8Array(16)).update(new Uint8Array(length));
}
