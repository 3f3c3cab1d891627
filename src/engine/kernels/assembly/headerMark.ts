/** The search for a header's first bits. */

/**
 * Writes bit 0 of each cell, the first cell's lowest, of `rows` rows of `length` bytes that lie one behind the other, to
 * rows `stride` bytes apart: of whole vectors, so up to 15 bits too many.
 */
export function pack(from: usize, rows: i32, length: usize, to: usize, stride: usize, cellSize: i32): void {
  for (let row = 0; row < rows; row++, from += length, to += stride) {
    let next = to;
    if (cellSize === 1) {
      for (let at = from; at < from + length; at += 16, next += 2) {
        store<u16>(next, <u16>v128.bitmask<i8>(v128.shl<i8>(v128.load(at), 7)));
      }
    } else {
      for (let at = from; at < from + length; at += 16, next++) {
        store<u8>(next, <u8>v128.bitmask<i16>(v128.shl<i16>(v128.load(at), 15)));
      }
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

/** The positions that are left of some, where the bits behind them are to be as `mark` says. */
function left(positions: v128, bits: v128, mark: usize): v128 {
  return v128.and(positions, v128.xor(bits, v128.load(mark)));
}

/** Bits of a mark that are compared in one go. */
const TOGETHER = 4;

/** Bits after which hardly any position is left: from there on it pays to look. */
const ENOUGH = 12;

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
      let k = 0;
      for (; k + TOGETHER <= length; k += TOGETHER) {
        const mark = marks + 32 * k;
        const offset = offsets + 4 * k;
        const first = bitsFrom(packed, load<u32>(offset) + position);
        const second = bitsFrom(packed, load<u32>(offset, 4) + position);
        const third = bitsFrom(packed, load<u32>(offset, 8) + position);
        const fourth = bitsFrom(packed, load<u32>(offset, 12) + position);
        one = left(
          left(left(left(one, first, mark), second, mark + 32), third, mark + 64),
          fourth,
          mark + 96,
        );
        other = left(
          left(left(left(other, first, mark + 16), second, mark + 48), third, mark + 80),
          fourth,
          mark + 112,
        );
        if (k + TOGETHER >= ENOUGH && !v128.any_true(v128.or(one, other))) break;
      }
      if (!v128.any_true(v128.or(one, other))) continue;
      for (; k < length; k++) {
        const bits = bitsFrom(packed, load<u32>(offsets + 4 * k) + position);
        one = left(one, bits, marks + 32 * k);
        other = left(other, bits, marks + 32 * k + 16);
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
