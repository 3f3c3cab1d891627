import { thirds } from './lanes';

/**
 * Passes over all cells of an array. Each works on vectors of 16 bytes in the module's memory, from `start` to before
 * `end`, a whole number of them, so that arrays are filled up behind their end.
 *
 * `T` is a cell here and in the other files: `u8` or `u16`. Codes, masks and flips are those of `frame.ts`.
 */

/** The bits that are set in any cell, in 32 bits that hold cells side by side. */
export function union(start: usize, end: usize): i32 {
  let all = i32x4.splat(0);
  for (let at = start; at < end; at += 16) all = v128.or(all, v128.load(at));
  const half = v128.extract_lane<u64>(all, 0) | v128.extract_lane<u64>(all, 1);
  return <i32>(half | (half >> 32));
}

/** Not 0 where the bytes at `a` are not those at `b`. */
export function differ(a: usize, b: usize, length: usize): i32 {
  let all = i32x4.splat(0);
  for (let at: usize = 0; at < length; at += 16) {
    all = v128.or(all, v128.xor(v128.load(a + at), v128.load(b + at)));
  }
  return <i32>v128.any_true(all);
}

function extended<T>(cells: v128, shift: i32, isSigned: bool): v128 {
  const left = v128.shl<T>(cells, shift);
  if (!isSigned) return v128.shr<T>(left, shift);
  return sizeof<T>() === 1 ? v128.shr<i8>(left, shift) : v128.shr<i16>(left, shift);
}

function extendAll<T>(start: usize, end: usize, shift: i32, isSigned: bool): i32 {
  let misfit = i32x4.splat(0);
  for (let at = start; at < end; at += 16) {
    const cells = v128.load(at);
    const filled = extended<T>(cells, shift, isSigned);
    misfit = v128.or(misfit, v128.xor(cells, filled));
    v128.store(at, filled);
  }
  return <i32>v128.any_true(misfit);
}

/**
 * Fills the upper `shift` bits of cells with zeros, or where `isSigned` with the highest bit below them.
 * Gives 0 where they were so already.
 */
export function extend(start: usize, end: usize, cellSize: i32, shift: i32, isSigned: bool): i32 {
  return cellSize === 1
    ? extendAll<u8>(start, end, shift, isSigned)
    : extendAll<u16>(start, end, shift, isSigned);
}

function rangeOfAll<T>(start: usize, end: usize, mask: T, flip: T, low: T, high: T, leavesOut: bool): u32 {
  const masks = v128.splat<T>(mask);
  const flips = v128.splat<T>(flip);
  const lows = v128.splat<T>(low);
  const spans = v128.splat<T>(high - low);
  let smallest = i32x4.splat(-1);
  let largest = i32x4.splat(0);
  let at = start;
  for (; !leavesOut && at < end; at += 16) {
    const codes = v128.xor(v128.and(v128.load(at), masks), flips);
    smallest = v128.min<T>(smallest, codes);
    largest = v128.max<T>(largest, codes);
  }
  for (; at < end; at += 16) {
    const codes = v128.xor(v128.and(v128.load(at), masks), flips);
    const out = v128.le<T>(v128.sub<T>(codes, lows), spans);
    smallest = v128.min<T>(smallest, v128.or(codes, out));
    largest = v128.max<T>(largest, v128.andnot(codes, out));
  }
  let minimum: u32 = 0xffff;
  let maximum: u32 = 0;
  v128.store(start, smallest);
  v128.store(start + 16, largest);
  for (let lane: usize = 0; lane < 16; lane += sizeof<T>()) {
    minimum = min<u32>(minimum, load<T>(start + lane));
    maximum = max<u32>(maximum, load<T>(start + 16 + lane));
  }
  return (maximum << 16) | minimum;
}

/**
 * The largest code in the upper 16 bits and the smallest in the lower ones, codes from `low` to `high` left out
 * where `leavesOut`; the largest is below the smallest where all are left out. Takes 16 bytes behind `end`.
 */
export function range(
  start: usize,
  end: usize,
  cellSize: i32,
  mask: i32,
  flip: i32,
  low: i32,
  high: i32,
  leavesOut: bool,
): u32 {
  return cellSize === 1
    ? rangeOfAll<u8>(start, end, <u8>mask, <u8>flip, <u8>low, <u8>high, leavesOut)
    : rangeOfAll<u16>(start, end, <u16>mask, <u16>flip, <u16>low, <u16>high, leavesOut);
}

function codesOfAll<T>(from: usize, to: usize, count: usize, step: usize, mask: T, flip: T): void {
  const masks = v128.splat<T>(mask);
  const flips = v128.splat<T>(flip);
  const together: usize = 16 / sizeof<T>();
  // Whole vectors: what is read and written behind the last one is nobody's.
  for (let k: usize = 0; k < count; k += together) {
    const cells = from + k * step * sizeof<T>();
    const ours = step === 1 ? v128.load(cells) : thirds<T>(cells);
    v128.store(to + k * sizeof<T>(), v128.xor(v128.and(ours, masks), flips));
  }
}

/** Writes the code of every cell, or where `step` is 3 of every third one. Takes up to 47 bytes too many, gives up to 15. */
export function codes(
  from: usize,
  to: usize,
  count: usize,
  cellSize: i32,
  step: usize,
  mask: i32,
  flip: i32,
): void {
  if (cellSize === 1) codesOfAll<u8>(from, to, count, step, <u8>mask, <u8>flip);
  else codesOfAll<u16>(from, to, count, step, <u16>mask, <u16>flip);
}
