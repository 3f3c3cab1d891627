import { concatBytes } from '../bytes';

/**
 * XORs bytes with a fixed pseudo-random sequence (xorshift32), in a new array; doing it twice undoes
 * it. It hides nothing: the coder counts on bytes that look random, whatever the caller embeds.
 */
export function whiten(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length);
  let state = 0x9e3779b9;
  for (let k = 0; k < bytes.length; k++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    result[k] = bytes[k] ^ (state >>> 24);
  }
  return result;
}

const LENGTH_BITS = 7;

/** A layer's stream: length of the map (7 bits a byte, lowest first, bit 7 where more follow), map, data. */
export function framed(map: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  let left = map.length;
  for (; left >= 2 ** LENGTH_BITS; left = Math.floor(left / 2 ** LENGTH_BITS)) {
    length.push((left % 2 ** LENGTH_BITS) + 2 ** LENGTH_BITS);
  }
  length.push(left);
  return concatBytes([Uint8Array.from(length), map, data]);
}

/** Takes a layer's stream apart. Throws `RangeError` where the map is longer than the stream. */
export function unframed(stream: Uint8Array<ArrayBuffer>): {
  map: Uint8Array<ArrayBuffer>;
  data: Uint8Array<ArrayBuffer>;
} {
  let length = 0;
  let factor = 1;
  let position = 0;
  let byte: number;
  do {
    if (position >= stream.length || position > 4) throw new RangeError('the length of the map is not whole');
    byte = stream[position++];
    length += (byte % 2 ** LENGTH_BITS) * factor;
    factor *= 2 ** LENGTH_BITS;
  } while (byte >= 2 ** LENGTH_BITS);
  if (length > stream.length - position) throw new RangeError('the map is longer than its stream');
  return { map: stream.subarray(position, position + length), data: stream.subarray(position + length) };
}
