/** The search for a header's first bits. */

/** Writes bit 0 of each cell, the first cell's lowest: of whole vectors, so up to 15 bits too many. */
export function pack(from: usize, end: usize, to: usize, cellSize: i32): void {
  if (cellSize === 1) {
    for (let at = from; at < end; at += 16, to += 2) {
      store<u16>(to, <u16>v128.bitmask<i8>(v128.shl<i8>(v128.load(at), 7)));
    }
  } else {
    for (let at = from; at < end; at += 16, to++) {
      store<u8>(to, <u8>v128.bitmask<i16>(v128.shl<i16>(v128.load(at), 15)));
    }
  }
}

/**
 * Looks for a mark in packed bits: bit k of it, of `length`, lies as many bits behind a position as word k at
 * `offsets` says, and is 1 where byte k at `marks` is. Only positions that are a multiple of `group`, as the first
 * samples of pixels are, and before `positions` count. Gives 1 where it is there. Reads 24 bytes too far.
 */
export function hasMark(
  packed: usize,
  positions: i32,
  group: i32,
  marks: usize,
  offsets: usize,
  length: i32,
): i32 {
  for (let position = 0; position < positions; position += 128) {
    let here = i64x2.splat(-1);
    for (let k = 0; k < length; k++) {
      const bit = load<u32>(offsets + 4 * k) + position;
      const from = packed + (bit >> 3);
      const within = bit & 7;
      const next = i64x2.shl(v128.load(from, 8), 1);
      const bits = v128.or(i64x2.shr_u(v128.load(from), within), i64x2.shl(next, 63 - within));
      here = v128.and(here, v128.xor(bits, i64x2.splat(<i64>load<u8>(marks + k) - 1)));
      if (!v128.any_true(here)) break;
    }
    if (isAmong(i64x2.extract_lane(here, 0), position, positions, group)) return 1;
    if (isAmong(i64x2.extract_lane(here, 1), position + 64, positions, group)) return 1;
  }
  return 0;
}

/** True where one of the positions whose bits are set counts. */
function isAmong(here: u64, first: i32, positions: i32, group: i32): bool {
  for (; here !== 0; here &= here - 1) {
    const position = first + <i32>ctz(here);
    if (position < positions && position % group === 0) return true;
  }
  return false;
}
