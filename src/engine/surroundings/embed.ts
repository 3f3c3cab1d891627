import { KeyAreaError } from '../errors';
import type { Frame, Rectangle } from '../pixels/frame';
import { attempt } from './attempt';

/**
 * Hides `header` and `payload` in the samples outside the `excluded` rectangles, so that
 * `extractSurroundings` gives both, and the frame as it was, exactly: reversible data hiding by
 * prediction-error expansion in two checkerboard layers, multiple histograms, values that move among empty ones,
 * and bits coded to change few samples.
 *
 * `header` is opaque and short (it costs one changed sample for two of its bits); a blind reader finds
 * it with `sitesOf`. Samples in excluded rectangles and padding keep their values, and no
 * sample becomes padding. What lies in the excluded rectangles may be replaced before extraction.
 * Returns a new frame. Throws `KeyAreaError` `no-room`, with the numbers.
 */
export function embedSurroundings(
  frame: Frame,
  excluded: readonly Rectangle[],
  header: Uint8Array,
  payload: Uint8Array,
): Frame {
  const { frame: result, fitting } = attempt(frame, excluded, header, payload);
  if (result) return result;
  throw new KeyAreaError(
    'no-room',
    `The pixels around the covered areas do not hold it: it has ${payload.length} bytes, and about ${fitting} fit. Choose a smaller key area or a shorter report.`,
  );
}
