/** Sums of shards in GF(2^8). */

function addScaled(target: usize, source: usize, length: usize, table: usize): void {
  const low = v128.load(table);
  const high = v128.load(table + 16);
  const nibble = i8x16.splat(15);
  for (let at: usize = 0; at < length; at += 16) {
    const bytes = v128.load(source + at);
    const product = v128.xor(
      v128.swizzle(low, v128.and(bytes, nibble)),
      v128.swizzle(high, v128.shr<u8>(bytes, 4)),
    );
    v128.store(target + at, v128.xor(v128.load(target + at), product));
  }
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
  for (let i = 0; i < parityCount; i++) {
    for (let j = 0; j < dataCount; j++) {
      const quotient = quotients + 32 * ((dataCount + i) ^ j);
      addScaled(parity + <usize>i * length, data + <usize>j * length, length, quotient);
    }
  }
}
