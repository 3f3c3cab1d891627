/** Sums of shards in GF(2^8). */

/** The quotients, by the table at `quotients`, of bytes whose lower and upper halves are given. */
function divided(lower: v128, upper: v128, quotients: usize): v128 {
  return v128.xor(v128.swizzle(v128.load(quotients), lower), v128.swizzle(v128.load(quotients, 16), upper));
}

/**
 * Adds to parity shards at `parity`, which lie one behind the other as the data shards at `data` do, `length` bytes
 * each: to shard i all data shards j times 1 / ((dataCount + i) ^ j) in GF(2^8). For each divisor 32 bytes at
 * `quotients`: 0 to 15 divided by it, then 0, 16, ... 240.
 */
export function addParity(
  parity: usize,
  parityCount: i32,
  data: usize,
  dataCount: i32,
  length: usize,
  quotients: usize,
): void {
  const nibble = i8x16.splat(15);
  // Two shards together: of an odd number the last one is its own neighbour.
  for (let i = 0; i < parityCount; i += 2) {
    const next = min(i + 1, parityCount - 1);
    const one = parity + <usize>i * length;
    const other = parity + <usize>next * length;
    for (let at: usize = 0; at < length; at += 16) {
      let sum = v128.load(one + at);
      let otherSum = v128.load(other + at);
      for (let j = 0, from = data + at; j < dataCount; j++, from += length) {
        const bytes = v128.load(from);
        const lower = v128.and(bytes, nibble);
        const upper = v128.shr<u8>(bytes, 4);
        sum = v128.xor(sum, divided(lower, upper, quotients + 32 * ((dataCount + i) ^ j)));
        otherSum = v128.xor(otherSum, divided(lower, upper, quotients + 32 * ((dataCount + next) ^ j)));
      }
      v128.store(one + at, sum);
      v128.store(other + at, otherSum);
    }
  }
}
