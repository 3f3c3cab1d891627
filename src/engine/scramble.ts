import type { SaltedKey } from './keys/saltedKey';
import { cellMaker } from './payload/areaCodec';
import { type Frame, forEachRow, type Rectangle, signBit, type UpperBits, valueMask } from './pixels/frame';

/**
 * Turns everything outside the covered areas to noise, or back: the keystream of one frame is added to
 * the stored bits of its samples (XOR), a byte or a little-endian word of it to each sample of the
 * frame, covered ones counted. The frame's samples are written to.
 */
export async function scrambleOutside(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  key: SaltedKey,
): Promise<void> {
  const { samples } = frame;
  const stream = await key.keystream('scramble', samples.byteLength);
  const noise = samples instanceof Uint8Array ? stream : new Uint16Array(stream.buffer);
  for (const area of coveredAreas)
    forEachRow(frame, area, (start, length) => noise.fill(0, start, start + length));
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const cellOf = cellMaker(frame, upperBits);
  for (let i = 0; i < samples.length; i++) {
    const value = noise[i] & mask;
    if (value === 0) continue;
    const stored = (samples[i] & mask) ^ value;
    samples[i] = upperBits === 'other' ? samples[i] ^ value : cellOf(stored ^ flip);
  }
}
