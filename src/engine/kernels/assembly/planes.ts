import { lower, thirds, upper } from './lanes';

/** The way between cells and the planes that are coded: codes less their minimum, or green and what red and blue differ from it. */

/** Samples of a vector. */
function together<T>(): i32 {
  return 16 / sizeof<T>();
}

function codesOf<T>(cells: v128, mask: u32, flip: u32): v128 {
  return v128.xor(v128.and(cells, v128.splat<T>(<T>mask)), v128.splat<T>(<T>flip));
}

function lessMinimum<T, U>(from: usize, to: usize, pixels: i32, mask: u32, flip: u32, minimum: u32): void {
  let k = 0;
  if (sizeof<T>() === sizeof<U>()) {
    for (; k + together<T>() <= pixels; k += together<T>()) {
      const codes = codesOf<T>(v128.load(from + k * sizeof<T>()), mask, flip);
      v128.store(to + k * sizeof<T>(), v128.sub<T>(codes, v128.splat<T>(<T>minimum)));
    }
  }
  for (; k < pixels; k++) {
    const code = (<u32>load<T>(from + k * sizeof<T>()) & mask) ^ flip;
    store<U>(to + k * sizeof<U>(), <U>(code - minimum));
  }
}

/** What a colour's codes differ from green. */
function difference<T>(codes: v128, green: v128, mask: u32, zero: u32): v128 {
  const above = v128.add<T>(v128.sub<T>(codes, green), v128.splat<T>(<T>zero));
  return v128.and(above, v128.splat<T>(<T>mask));
}

function lessGreen<T, U>(from: usize, to: usize, pixels: i32, mask: u32, flip: u32, zero: u32): void {
  const plane = pixels * sizeof<U>();
  let k = 0;
  if (sizeof<T>() === sizeof<U>()) {
    for (; k + together<T>() <= pixels; k += together<T>(), from += 48, to += 16) {
      const green = codesOf<T>(thirds<T>(from + sizeof<T>()), mask, flip);
      const red = codesOf<T>(thirds<T>(from), mask, flip);
      const blue = codesOf<T>(thirds<T>(from + 2 * sizeof<T>()), mask, flip);
      v128.store(to, green);
      v128.store(to + plane, difference<T>(red, green, mask, zero));
      v128.store(to + 2 * plane, difference<T>(blue, green, mask, zero));
    }
  }
  for (; k < pixels; k++, from += 3 * sizeof<T>(), to += sizeof<U>()) {
    const green = (<u32>load<T>(from + sizeof<T>()) & mask) ^ flip;
    const red = (<u32>load<T>(from) & mask) ^ flip;
    const blue = (<u32>load<T>(from + 2 * sizeof<T>()) & mask) ^ flip;
    store<U>(to, <U>green);
    store<U>(to + plane, <U>((red - green + zero) & mask));
    store<U>(to + 2 * plane, <U>((blue - green + zero) & mask));
  }
}

function planesOf<T, U>(
  from: usize,
  to: usize,
  pixels: i32,
  group: i32,
  mask: u32,
  flip: u32,
  zero: u32,
): void {
  if (group === 1) lessMinimum<T, U>(from, to, pixels, mask, flip, zero);
  else lessGreen<T, U>(from, to, pixels, mask, flip, zero);
}

/**
 * Writes the planes of cells, one behind the other, with samples of `planeSize` bytes: one, of codes less `zero`, where
 * a pixel has one cell; three where it has three, with `zero` for no difference. Reads up to 4 bytes too far.
 */
export function toPlanes(
  from: usize,
  to: usize,
  pixels: i32,
  group: i32,
  cellSize: i32,
  planeSize: i32,
  mask: i32,
  flip: i32,
  zero: i32,
): void {
  if (cellSize === 1) planesOf<u8, u8>(from, to, pixels, group, mask, flip, zero);
  else if (planeSize === 1) planesOf<u16, u8>(from, to, pixels, group, mask, flip, zero);
  else planesOf<u16, u16>(from, to, pixels, group, mask, flip, zero);
}

/** The largest lane. */
function largestOf<T>(codes: v128): u32 {
  const upper = i64x2.extract_lane(codes, 1);
  const half = v128.max<T>(codes, i64x2.splat(upper));
  let largest: u32 = 0;
  for (let lanes = <u64>i64x2.extract_lane(half, 0); lanes !== 0; lanes >>= 8 * sizeof<T>()) {
    largest = max(largest, <u32>(<T>lanes));
  }
  return largest;
}

function plusMinimum<T, U>(from: usize, to: usize, pixels: i32, flip: u32, minimum: u32): u32 {
  let largest: u32 = 0;
  let k = 0;
  if (sizeof<T>() === sizeof<U>()) {
    let all = i32x4.splat(0);
    for (; k + together<T>() <= pixels; k += together<T>()) {
      const samples = v128.load(from + k * sizeof<T>());
      const codes = v128.add<T>(samples, v128.splat<T>(<T>minimum));
      all = v128.max<T>(all, samples);
      v128.store(to + k * sizeof<T>(), v128.xor(codes, v128.splat<T>(<T>flip)));
    }
    largest = largestOf<T>(all);
  }
  for (; k < pixels; k++) {
    const sample = <u32>load<U>(from + k * sizeof<U>());
    largest = max(largest, sample);
    store<T>(to + k * sizeof<T>(), <T>((sample + minimum) ^ flip));
  }
  return largest + minimum;
}

/** Writes pixels, each with a cell too many, without it: 12 bytes of the 16. */
function storePixels<T>(to: usize, pixels: v128): void {
  const kept =
    sizeof<T>() === 1
      ? i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)
      : i8x16(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, -1, -1, -1, -1);
  v128.store(to, v128.swizzle(pixels, kept));
}

/** Writes a vector of each colour as pixels; 4 bytes behind them too. `V` is as large as two cells. */
function interleave<T, V>(to: usize, red: v128, green: v128, blue: v128): void {
  const none = i32x4.splat(0);
  const firstTwo = lower<T>(red, green);
  const lastTwo = upper<T>(red, green);
  const firstBlue = lower<T>(blue, none);
  const lastBlue = upper<T>(blue, none);
  storePixels<T>(to, lower<V>(firstTwo, firstBlue));
  storePixels<T>(to + 12, upper<V>(firstTwo, firstBlue));
  storePixels<T>(to + 24, lower<V>(lastTwo, lastBlue));
  storePixels<T>(to + 36, upper<V>(lastTwo, lastBlue));
}

/** A colour's codes from what they differ from green. */
function fromDifference<T>(samples: v128, green: v128, mask: u32, zero: u32): v128 {
  const codes = v128.add<T>(v128.add<T>(samples, green), v128.splat<T>(<T>zero));
  return v128.and(codes, v128.splat<T>(<T>mask));
}

function plusGreen<T, U>(from: usize, to: usize, pixels: i32, mask: u32, flip: u32, zero: u32): u32 {
  const plane = pixels * sizeof<U>();
  let largest: u32 = 0;
  let k = 0;
  if (sizeof<T>() === sizeof<U>()) {
    const flips = v128.splat<T>(<T>flip);
    let all = i32x4.splat(0);
    for (; k + together<T>() <= pixels; k += together<T>(), from += 16, to += 48) {
      const green = v128.load(from);
      const red = fromDifference<T>(v128.load(from + plane), green, mask, zero);
      const blue = fromDifference<T>(v128.load(from + 2 * plane), green, mask, zero);
      all = v128.max<T>(all, green);
      const r = v128.xor(red, flips);
      const g = v128.xor(green, flips);
      const b = v128.xor(blue, flips);
      if (sizeof<T>() === 1) interleave<T, u16>(to, r, g, b);
      else interleave<T, u32>(to, r, g, b);
    }
    largest = largestOf<T>(all);
  }
  for (; k < pixels; k++, from += sizeof<U>(), to += 3 * sizeof<T>()) {
    const green = <u32>load<U>(from);
    largest = max(largest, green);
    store<T>(to, <T>(((<u32>load<U>(from + plane) + green + zero) & mask) ^ flip));
    store<T>(to + sizeof<T>(), <T>(green ^ flip));
    store<T>(to + 2 * sizeof<T>(), <T>(((<u32>load<U>(from + 2 * plane) + green + zero) & mask) ^ flip));
  }
  return largest;
}

function cellsOf<T, U>(
  from: usize,
  to: usize,
  pixels: i32,
  group: i32,
  mask: u32,
  flip: u32,
  zero: u32,
): u32 {
  return group === 1
    ? plusMinimum<T, U>(from, to, pixels, flip, zero)
    : plusGreen<T, U>(from, to, pixels, mask, flip, zero);
}

/**
 * Writes the cells of planes, as `toPlanes` made them, and up to 4 bytes behind them. Gives the largest code of a pixel's
 * first plane.
 */
export function fromPlanes(
  from: usize,
  to: usize,
  pixels: i32,
  group: i32,
  cellSize: i32,
  planeSize: i32,
  mask: i32,
  flip: i32,
  zero: i32,
): u32 {
  if (cellSize === 1) return cellsOf<u8, u8>(from, to, pixels, group, mask, flip, zero);
  return planeSize === 1
    ? cellsOf<u16, u8>(from, to, pixels, group, mask, flip, zero)
    : cellsOf<u16, u16>(from, to, pixels, group, mask, flip, zero);
}
