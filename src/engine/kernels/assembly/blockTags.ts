/** Sums of products with keys, which block tags are. */

/** 2^32 - 5. */
const PRIME: u64 = 0xfffffffb;

function modulo(sum: u64): u64 {
  // 2^32 is 5 modulo the prime.
  const once = (sum >> 32) * 5 + (sum & 0xffffffff);
  const twice = (once >> 32) * 5 + (once & 0xffffffff);
  return twice >= PRIME ? twice - PRIME : twice;
}

function productsOf<T>(cells: usize, keys: usize, length: i32, mask: u32, flip: u32): u64 {
  const masks = i16x8.splat(<i16>mask);
  const flips = i16x8.splat(<i16>flip);
  const ones = i32x4.splat(1);
  let even = i64x2.splat(0);
  let odd = i64x2.splat(0);
  let k = 0;
  for (; k + 8 <= length; k += 8) {
    const wide = sizeof<T>() === 1 ? v128.load_ext<u8>(cells + k) : v128.load(cells + 2 * k);
    const codes = v128.xor(v128.and(wide, masks), flips);
    const first = i32x4.add(i32x4.extend_low_i16x8_u(codes), ones);
    const last = i32x4.add(i32x4.extend_high_i16x8_u(codes), ones);
    const factors = v128.load(keys + 4 * k);
    const more = v128.load(keys + 4 * k, 16);
    even = i64x2.add(even, i64x2.extmul_low_i32x4_u(first, factors));
    odd = i64x2.add(odd, i64x2.extmul_high_i32x4_u(first, factors));
    even = i64x2.add(even, i64x2.extmul_low_i32x4_u(last, more));
    odd = i64x2.add(odd, i64x2.extmul_high_i32x4_u(last, more));
  }
  const sums = i64x2.add(even, odd);
  let sum = <u64>i64x2.extract_lane(sums, 0) + <u64>i64x2.extract_lane(sums, 1);
  for (; k < length; k++) {
    sum += <u64>(((<u32>load<T>(cells + k * sizeof<T>()) & mask) ^ flip) + 1) * load<u32>(keys + 4 * k);
  }
  return sum;
}

/** Terms whose sum, and a remainder, 64 bits hold: each is at most 2^16 times a key of 32 bits. */
const TERMS = 32768;

/**
 * The sum of the products of cells, their codes + 1, and keys, modulo 2^32 - 5, over `height` rows of `width`;
 * rows of cells are `cellStride` bytes apart, rows of keys `keyStride`.
 */
export function products(
  cells: usize,
  cellStride: usize,
  keys: usize,
  keyStride: usize,
  width: i32,
  height: i32,
  cellSize: i32,
  mask: i32,
  flip: i32,
): u32 {
  let sum: u64 = 0;
  let terms = 0;
  for (let row = 0; row < height; row++, cells += cellStride, keys += keyStride) {
    for (let first = 0; first < width; first += TERMS) {
      const length = min(TERMS, width - first);
      const from = cells + first * cellSize;
      terms += length;
      if (terms > TERMS) {
        sum = modulo(sum);
        terms = length;
      }
      sum +=
        cellSize === 1
          ? productsOf<u8>(from, keys + 4 * first, length, mask, flip)
          : productsOf<u16>(from, keys + 4 * first, length, mask, flip);
    }
  }
  return <u32>modulo(sum);
}
