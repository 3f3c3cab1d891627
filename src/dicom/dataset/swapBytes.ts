/** Bytes of the numbers that a value consists of (PS3.5, table 6.2-1); of all others, 1. */
const WORD_SIZES = new Map([
  ...['AT', 'OW', 'SS', 'US'].map((vr) => [vr, 2] as const),
  ...['FL', 'OF', 'OL', 'SL', 'UL'].map((vr) => [vr, 4] as const),
  ...['FD', 'OD', 'OV', 'SV', 'UV'].map((vr) => [vr, 8] as const),
]);

/** A value in the other byte order; the very same where its representation has none (PS3.5, section 7.3). */
export function swapBytes(value: Uint8Array, vr: string): Uint8Array {
  const size = WORD_SIZES.get(vr);
  if (size === undefined) return value;
  const swapped = value.slice();
  const end = value.length - (value.length % size);
  for (let start = 0; start < end; start += size) swapped.subarray(start, start + size).reverse();
  return swapped;
}
