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

/** 128 bits from any bit on. Reads 24 bytes too far. */
function bitsFrom(packed: usize, bit: i32): v128 {
  const from = packed + (bit >> 3);
  const within = bit & 7;
  if (within === 0) return v128.load(from);
  const next = i64x2.shl(v128.load(from, 8), 1);
  return v128.or(i64x2.shr_u(v128.load(from), within), i64x2.shl(next, 63 - within));
}

/** Bits after which a look whether any position is left pays. */
const STEP = 4;

/**
 * Looks for two marks in `rows` rows of packed bits, `stride` bytes each: bit k of them, of `length`, lies as many bits
 * behind a position as word k at `offsets` says; two vectors k at `marks` are all zeros where it is 1, all ones where it
 * is 0, in the one and in the other. Only positions in a row that are a multiple of `group`, as the first samples of
 * pixels are, and before `positions` count. Gives 1 where one of them is there. Reads 24 bytes too far.
 */
export function hasMark(
  packed: usize,
  rows: i32,
  stride: usize,
  positions: i32,
  group: i32,
  marks: usize,
  offsets: usize,
  length: i32,
): i32 {
  for (let row = 0; row < rows; row++, packed += stride) {
    for (let position = 0; position < positions; position += 128) {
      let one = i64x2.splat(-1);
      let other = one;
      for (let k = 0; k < length; k++) {
        const bits = bitsFrom(packed, load<u32>(offsets + 4 * k) + position);
        one = v128.and(one, v128.xor(bits, v128.load(marks + 32 * k)));
        other = v128.and(other, v128.xor(bits, v128.load(marks + 32 * k, 16)));
        if (k % STEP === STEP - 1 && !v128.any_true(v128.or(one, other))) break;
      }
      const here = v128.or(one, other);
      if (!v128.any_true(here)) continue;
      if (isAmong(i64x2.extract_lane(here, 0), position, positions, group)) return 1;
      if (isAmong(i64x2.extract_lane(here, 1), position + 64, positions, group)) return 1;
    }
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
