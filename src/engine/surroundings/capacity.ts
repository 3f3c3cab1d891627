import type { Frame, Rectangle } from '../frame';
import { attempt } from './attempt';
import { whiten } from './stream';

/** Halvings of the interval in which the capacity is sought. */
const SEARCH_STEPS = 6;

/** Bytes like those of an encrypted payload, the same on every call. */
export const sampleBytes = (length: number): Uint8Array<ArrayBuffer> => whiten(new Uint8Array(length));

/**
 * About how many payload bytes fit around `excluded` beside a header of `headerLength` bytes; so many
 * do fit. Found by trying, so it takes as long as several times embedding.
 */
export function surroundingsCapacity(
  frame: Frame,
  excluded: readonly Rectangle[],
  headerLength: number,
): number {
  const header = sampleBytes(headerLength);
  let fits = 0;
  // A sample carries one bit at most.
  let tooMuch = Math.ceil(frame.samples.length / 8);
  for (let step = 0; step < SEARCH_STEPS && tooMuch - fits > 1; step++) {
    const middle = (fits + tooMuch) >> 1;
    if (attempt(frame, excluded, header, sampleBytes(middle))) fits = middle;
    else tooMuch = middle;
  }
  return fits;
}
