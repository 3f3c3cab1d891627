import { KeyAreaError } from '../errors';
import type { Frame, Rectangle } from '../frame';
import { attempt } from './attempt';
import { surroundingsCapacity } from './capacity';

/**
 * Hides `header` and `payload` in the samples outside the `excluded` rectangles, so that
 * `extractSurroundings` gives both, and the frame as it was, exactly: reversible data hiding by
 * prediction-error expansion in two checkerboard layers, multiple histograms, and bits coded to
 * change few samples.
 *
 * `header` is opaque and short (it costs one changed sample for two of its bits); a blind reader finds
 * it with `headerCandidates`. Samples in excluded rectangles and padding keep their values, and no
 * sample becomes padding. What lies in the excluded rectangles may be replaced before extraction.
 * Returns a new frame. Throws `KeyAreaError` `no-room`, with the numbers.
 */
export function embedSurroundings(
  frame: Frame,
  excluded: readonly Rectangle[],
  header: Uint8Array,
  payload: Uint8Array,
): Frame {
  const result = attempt(frame, excluded, header, payload);
  if (result) return result;
  const fitting = surroundingsCapacity(frame, excluded, header.length);
  throw noRoomAround(payload.length, fitting);
}

/** The error for a payload that the surroundings do not hold; lengths in bytes. */
export const noRoomAround = (length: number, fitting: number): KeyAreaError =>
  new KeyAreaError(
    'no-room',
    `The payload does not fit into the pixels around the covered areas: it has ${length} bytes, and about ${fitting} fit. Choose a smaller key area, or carry it under the QR code.`,
  );
