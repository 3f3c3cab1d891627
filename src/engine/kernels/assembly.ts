/**
 * The passes over whole frames, in AssemblyScript: `npm run kernels` compiles them to `wasm.ts`. Each works on
 * vectors of 16 bytes in the module's memory, from `start` to before `end`, a whole number of them, so that arrays
 * are filled up behind their end.
 *
 * `T` is a cell: `u8` or `u16`. Codes, masks and flips are those of `frame.ts`.
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
  const leaves = i32x4.splat(leavesOut ? -1 : 0);
  let smallest = i32x4.splat(-1);
  let largest = i32x4.splat(0);
  for (let at = start; at < end; at += 16) {
    const codes = v128.xor(v128.and(v128.load(at), masks), flips);
    const out = v128.and(v128.le<T>(v128.sub<T>(codes, lows), spans), leaves);
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

function codesOfAll<T>(from: usize, to: usize, count: usize, step: usize, mask: u32, flip: u32): void {
  let k: usize = 0;
  if (step * sizeof<T>() === 2) {
    const masks = i16x8.splat(<i16>mask);
    const flips = i16x8.splat(<i16>flip);
    for (; k + 8 <= count; k += 8) {
      v128.store(to + 2 * k, v128.xor(v128.and(v128.load(from + 2 * k), masks), flips));
    }
  }
  for (; k < count; k++) {
    store<u16>(to + 2 * k, (<u32>load<T>(from + k * step * sizeof<T>()) & mask) ^ flip);
  }
}

/** Writes the code of every `step`th cell, a word each. */
export function codes(
  from: usize,
  to: usize,
  count: usize,
  cellSize: i32,
  step: usize,
  mask: i32,
  flip: i32,
): void {
  if (cellSize === 1) codesOfAll<u8>(from, to, count, step, mask, flip);
  else codesOfAll<u16>(from, to, count, step, mask, flip);
}

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

/** 2^32 - 5. */
const PRIME: u64 = 0xfffffffb;

function modulo(sum: u64): u64 {
  // 2^32 is 5 modulo the prime.
  const once = (sum >> 32) * 5 + (sum & 0xffffffff);
  return once % PRIME;
}

function productsOf<T>(cells: usize, keys: usize, length: i32, mask: u32, flip: u32): u64 {
  const masks = i32x4.splat(mask);
  const flips = i32x4.splat(flip);
  const ones = i32x4.splat(1);
  let even = i64x2.splat(0);
  let odd = i64x2.splat(0);
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    const wide =
      sizeof<T>() === 1
        ? i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load_zero<u32>(cells + k)))
        : v128.load_ext<u16>(cells + 2 * k);
    const values = i32x4.add(v128.xor(v128.and(wide, masks), flips), ones);
    const factors = v128.load(keys + 4 * k);
    even = i64x2.add(even, i64x2.extmul_low_i32x4_u(values, factors));
    odd = i64x2.add(odd, i64x2.extmul_high_i32x4_u(values, factors));
  }
  const sums = i64x2.add(even, odd);
  let sum = <u64>i64x2.extract_lane(sums, 0) + <u64>i64x2.extract_lane(sums, 1);
  for (; k < length; k++) {
    sum += <u64>(((<u32>load<T>(cells + k * sizeof<T>()) & mask) ^ flip) + 1) * load<u32>(keys + 4 * k);
  }
  return sum;
}

/** Terms whose sum 64 bits hold: each is at most 2^16 times a key of 32 bits. */
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
  for (let row = 0; row < height; row++, cells += cellStride, keys += keyStride) {
    for (let first = 0; first < width; first += TERMS) {
      const length = min(TERMS, width - first);
      const from = cells + first * cellSize;
      sum += modulo(
        cellSize === 1
          ? productsOf<u8>(from, keys + 4 * first, length, mask, flip)
          : productsOf<u16>(from, keys + 4 * first, length, mask, flip),
      );
    }
  }
  return <u32>modulo(sum);
}

/** Which of 64 cells reach a threshold, the first one lowest. */
function reached<T>(cells: usize, threshold: T): u64 {
  const thresholds = v128.splat<T>(threshold);
  let bits: u64 = 0;
  for (let at = 0; at < 64; at += 16 / sizeof<T>()) {
    const reaches = v128.ge<T>(v128.load(cells + at * sizeof<T>()), thresholds);
    bits |= (<u64>v128.bitmask<T>(reaches)) << at;
  }
  return bits;
}

function finderRunsIn<T>(row: usize, width: i32, threshold: T, found: usize): i32 {
  // Starts of the five newest runs, the oldest first.
  let a = -1;
  let b = -1;
  let c = -1;
  let d = -1;
  let e = 0;
  let count = 0;
  let value = <u32>(load<T>(row) >= threshold);
  let last: u64 = value;
  for (let first = 0; first <= width; first += 64) {
    const bits = reached<T>(row + first * sizeof<T>(), threshold);
    let edges = bits ^ ((bits << 1) | last);
    last = bits >> 63;
    const rest = width - first;
    if (rest < 64) edges = (edges & (((<u64>1) << rest) - 1)) | ((<u64>1) << rest);
    for (; edges !== 0; edges &= edges - 1) {
      const x = first + <i32>ctz(edges);
      const module = b - a;
      if (a >= 0 && c - b === module && d - c === 3 * module && e - d === module && x - e === module) {
        store<u32>(found + 8 * count, a);
        store<u32>(found + 8 * count + 4, 2 * module + value);
        count++;
      }
      a = b;
      b = c;
      c = d;
      d = e;
      e = x;
      value ^= 1;
    }
  }
  return count;
}

/**
 * Finds runs of 1:1:3:1:1 whole modules in a row that is split at `threshold`. For each it writes two
 * words: its first column, and twice its module plus 1 where its first run reaches the threshold. Gives their number.
 * Reads up to 64 cells too far.
 */
export function finderRuns(row: usize, width: i32, cellSize: i32, threshold: i32, found: usize): i32 {
  return cellSize === 1
    ? finderRunsIn<u8>(row, width, <u8>threshold, found)
    : finderRunsIn<u16>(row, width, <u16>threshold, found);
}

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

/** Bits on their way between bytes and offsets, the next in front of the lowest `waiting` ones. */
let bits: u64 = 0;
let waiting: i32 = 0;

/** Begins to gather or to spread bits. */
export function startBits(): void {
  bits = 0;
  waiting = 0;
}

function spread<T>(
  cells: usize,
  slots: usize,
  width: i32,
  height: i32,
  group: i32,
  count: i32,
  mask: u32,
  from: usize,
): usize {
  for (let column = 0; column < width; column += group) {
    for (let row = 0; row < height; row++) {
      for (let x = column; x < column + group; x++) {
        const slot: u32 = load<u8>(slots + <usize>row * width + x);
        const wanted = slot === 0 ? count : count - 1;
        while (waiting < wanted) {
          bits = (bits << 8) | load<u8>(from++);
          waiting += 8;
        }
        waiting -= wanted;
        let offset = <u32>(bits >> waiting) & ((1 << wanted) - 1);
        if (slot !== 0) offset = (offset << 1) | (slot - 1);
        const cell = cells + <usize>(row * width + x) * sizeof<T>();
        store<T>(cell, <T>((load<T>(cell) + offset) & mask));
      }
    }
  }
  return from;
}

/**
 * Adds the next bits of the bytes at `from` to `height` rows of `width` cells, `count` a cell, column by column of a pixel's `group` of cells;
 * where `slots` has a header's bit, plus 1, that one is the lowest of them. Gives where the bytes go on.
 */
export function spreadBits(
  cells: usize,
  slots: usize,
  width: i32,
  height: i32,
  group: i32,
  cellSize: i32,
  count: i32,
  mask: i32,
  from: usize,
): usize {
  return cellSize === 1
    ? spread<u8>(cells, slots, width, height, group, count, mask, from)
    : spread<u16>(cells, slots, width, height, group, count, mask, from);
}

function gather<T>(
  cells: usize,
  slots: usize,
  width: i32,
  height: i32,
  group: i32,
  count: i32,
  mask: u32,
  flip: u32,
  lower: u32,
  upper: u32,
  to: usize,
): usize {
  for (let column = 0; column < width; column += group) {
    for (let row = 0; row < height; row++) {
      for (let x = column; x < column + group; x++) {
        const code = (<u32>load<T>(cells + <usize>(row * width + x) * sizeof<T>()) & mask) ^ flip;
        let offset = code - (code >= upper ? upper : lower);
        if (offset >> count !== 0) offset = 0;
        const isSlot = load<u8>(slots + <usize>row * width + x) !== 0;
        const given = isSlot ? count - 1 : count;
        bits = (bits << given) | (isSlot ? offset >> 1 : offset);
        waiting += given;
        while (waiting >= 8) {
          waiting -= 8;
          store<u8>(to++, <u8>(bits >> waiting));
        }
      }
    }
  }
  return to;
}

/**
 * Takes the bits that `spreadBits` added out of cells again and writes them to bytes at `to`: what a code lies above the
 * base of its band, `lower` or `upper`; zeros where that is more than `count` bits. Gives where the bytes end.
 */
export function gatherBits(
  cells: usize,
  slots: usize,
  width: i32,
  height: i32,
  group: i32,
  cellSize: i32,
  count: i32,
  mask: i32,
  flip: i32,
  lower: i32,
  upper: i32,
  to: usize,
): usize {
  return cellSize === 1
    ? gather<u8>(cells, slots, width, height, group, count, mask, flip, lower, upper, to)
    : gather<u16>(cells, slots, width, height, group, count, mask, flip, lower, upper, to);
}
