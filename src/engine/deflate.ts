import { deflateSync, Inflate } from 'fflate';
import { concatBytes } from './bytes';

/** Deflated bytes that are inflated at a time: what may come out of them is bounded. */
const STEP = 1024;

/** Deflates (RFC 1951, no wrapper). */
export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes);
}

/**
 * Inflates (RFC 1951, no wrapper). Throws `RangeError` as soon as more than `limit` bytes came out, and
 * where the bytes are not a whole deflated stream.
 */
export function inflate(bytes: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  const { inflated, whole } = inflateStart(bytes, limit);
  if (inflated.length > limit) throw new RangeError(`more than ${limit} bytes after inflating`);
  if (!whole) throw new RangeError('the deflated bytes end early');
  return inflated;
}

/**
 * Inflates what there is of a deflated stream, until a little more than `limit` bytes came out; `whole` where the
 * stream ended before. Throws `RangeError` where the bytes are malformed.
 */
export function inflateStart(
  bytes: Uint8Array,
  limit: number,
): { readonly inflated: Uint8Array<ArrayBuffer>; readonly whole: boolean } {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  const stream = new Inflate((chunk, final) => {
    chunks.push(chunk);
    length += chunk.length;
    whole = final;
  });
  try {
    for (let start = 0; start < bytes.length && length <= limit; start += STEP) {
      stream.push(bytes.subarray(start, start + STEP), start + STEP >= bytes.length);
    }
  } catch (error) {
    throw new RangeError('the deflated bytes are malformed', { cause: error });
  }
  return { inflated: concatBytes(chunks), whole };
}
