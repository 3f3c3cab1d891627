import { deflateSync, Inflate, inflateSync } from 'fflate';
import { concatBytes } from '../bytes';

/** Deflated bytes that are inflated at a time: what may come out of them is bounded. */
const STEP = 1024;

/** As many times as long as it was, at most, is nearly everything that was deflated. */
const USUAL_GROWTH = 16;

/** Deflates (RFC 1951, no wrapper). */
export function deflate(bytes: Uint8Array): Uint8Array {
  // Of nothing: an empty block of fixed codes (RFC 1951, 3.2.6).
  return bytes.length === 0 ? Uint8Array.of(3, 0) : deflateSync(bytes);
}

/** What is short, inflated in one go; undefined where it is not, or its length or its end leave a doubt. */
function inflateShort(bytes: Uint8Array, limit: number): Uint8Array<ArrayBuffer> | undefined {
  if (bytes.length > STEP) return undefined;
  const out = new Uint8Array(Math.min(limit, USUAL_GROWTH * bytes.length) + 1);
  try {
    const inflated = inflateSync(bytes, { out }) as Uint8Array<ArrayBuffer>;
    return inflated.length < out.length ? inflated : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Inflates (RFC 1951, no wrapper). Throws `RangeError` as soon as more than `limit` bytes came out, and
 * where the bytes are not a whole deflated stream.
 */
export function inflate(bytes: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  const short = inflateShort(bytes, limit);
  if (short) return short;
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
