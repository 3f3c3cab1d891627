import { concatBytes } from './bytes';
import { KeyAreaError } from './errors';

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

/** SHA-256 of `bytes`. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle().digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

async function pipeThrough(
  bytes: Uint8Array,
  transform: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = source.pipeThrough(transform).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError(`more than ${limit} bytes after inflating`);
    }
    chunks.push(value);
  }
  return concatBytes(chunks);
}

/** Deflates (RFC 1951, no wrapper). */
export function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return pipeThrough(bytes, new CompressionStream('deflate-raw'), Infinity);
}

/** Inflates (RFC 1951, no wrapper); throws `RangeError` as soon as more than `limit` bytes came out. */
export function inflate(bytes: Uint8Array, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  return pipeThrough(bytes, new DecompressionStream('deflate-raw'), limit);
}
