/** Number of levels of complexity: four to an octave, up to what 16-bit samples can give. */
export const LEVELS = 72;

/** Complexities are counted from here, so that the smoothest places share a level. */
const OFFSET_BITS = 6;

/** The level of a complexity, a non-negative integer below 2^31. */
export function levelOf(complexity: number): number {
  const value = complexity + 2 ** OFFSET_BITS;
  const octave = 31 - Math.clz32(value);
  return Math.min(LEVELS - 1, 4 * (octave - OFFSET_BITS) + ((value >>> (octave - 2)) & 3));
}
