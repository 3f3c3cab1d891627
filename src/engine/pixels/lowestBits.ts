import { bitOf } from '../bytes';
import type { Frame } from './frame';

/** Bytes in bit 0 of samples. */

/** Reads bytes, highest bit first, from bit 0 of the samples at `places`. */
export function readBits(samples: Frame['samples'], places: Uint32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(places.length >> 3);
  for (let k = 0; k < 8 * bytes.length; k++) bytes[k >> 3] |= (samples[places[k]] & 1) << (7 - (k & 7));
  return bytes;
}

/** Writes bytes, highest bit first, into bit 0 of the first samples at `places`. */
export function writeBits(samples: Frame['samples'], places: Uint32Array, bytes: Uint8Array): void {
  for (let k = 0; k < 8 * bytes.length; k++) {
    samples[places[k]] = (samples[places[k]] & ~1) | bitOf(bytes, k);
  }
}
