import type { Frame } from '../../engine/pixels/frame';

/**
 * YBR_FULL images (PS3.3, C.7.6.3.1.2) are worked on in three samples of which each follows the luminance:
 * Y + Cb, Y, Y + Cr, both sums with grey as zero, modulo 2^Bits Stored. All three low is then dark and close
 * to grey, all three high light and close to grey, as in RGB; nothing is lost, since the mapping can be undone
 * for any values; and the differences to the middle sample, which is what the engine packs, are Cb and Cr
 * again.
 */

/** Adds Y, which lies in the middle afterwards, to Cb and Cr. */
export function fromYbr(samples: Frame['samples'], bitsStored: number): Frame['samples'] {
  const grey = 2 ** (bitsStored - 1);
  return mapPixels(samples, bitsStored, (y, cb, cr) => [y + cb - grey, y, y + cr - grey]);
}

/** Undoes {@link fromYbr}. */
export function toYbr(samples: Frame['samples'], bitsStored: number): Frame['samples'] {
  const grey = 2 ** (bitsStored - 1);
  return mapPixels(samples, bitsStored, (blue, y, red) => [y, blue - y + grey, red - y + grey]);
}

/** Maps the stored values of each pixel, modulo 2^bitsStored; the bits above stay where they are. */
function mapPixels(
  samples: Frame['samples'],
  bitsStored: number,
  map: (a: number, b: number, c: number) => [number, number, number],
): Frame['samples'] {
  const mask = 2 ** bitsStored - 1;
  const mapped = samples.slice();
  for (let at = 0; at < samples.length; at += 3) {
    const values = map(samples[at], samples[at + 1], samples[at + 2]);
    for (let sample = 0; sample < 3; sample++) {
      mapped[at + sample] = (samples[at + sample] & ~mask) | (values[sample] & mask);
    }
  }
  return mapped;
}
