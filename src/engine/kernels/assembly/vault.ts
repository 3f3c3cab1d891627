/**
 * The way of bits between bytes and the samples under a symbol, through the offsets of the samples in the order in
 * which they carry the payload: column by column, each from the top. A block's cells lie row by row.
 */

/** On the way to bytes, bits that make no whole byte yet: the lowest `waiting` ones. */
let bits: u64 = 0;
/** On the way from bytes, how many of the next one are taken. */
let waiting: i32 = 0;

// Of the image: cells of a pixel, bytes of a cell, bits that a cell carries, and bits of a cell that count.
let group: i32;
let cellSize: i32;
let count: i32;
let mask: u32;

/**
 * Begins to gather or to spread the bits of an image of `cells` cells a pixel, `size` bytes each, of which those in
 * `used` count; each carries `carried` bits.
 */
export function startBits(cells: i32, size: i32, carried: i32, used: i32): void {
  bits = 0;
  waiting = 0;
  group = cells;
  cellSize = size;
  count = carried;
  mask = used;
}

/** Bytes of a way, of which there is one for each number of bits of a byte that are taken. */
const WAY: usize = 32;
const WAYS: usize = 8 * WAY;

/**
 * Writes how four offsets are taken out of bytes: which bytes make four words, the highest first, and the factors that
 * move each offset to the top of its word.
 */
function prepareWays(ways: usize): void {
  for (let taken = 0; taken < 8; taken++, ways += WAY) {
    for (let lane = 0; lane < 4; lane++) {
      const bit = taken + lane * count;
      const byte = bit >> 3;
      store<u32>(ways + 4 * lane, (byte << 24) | ((byte + 1) << 16) | ((byte + 2) << 8) | (byte + 3));
      store<u32>(ways + 4 * lane + 16, 1 << (bit & 7));
    }
  }
}

/** The four offsets that begin `bit` bits behind `from`. */
function fourOffsets(ways: usize, from: usize, bit: i32): v128 {
  const way = ways + WAY * (bit & 7);
  const words = v128.swizzle(v128.load(from + (bit >> 3)), v128.load(way));
  return i32x4.shr_u(i32x4.mul(words, v128.load(way, 16)), 32 - count);
}

function takeApart<T>(from: usize, to: usize, slots: usize, ways: usize, samples: i32): usize {
  let next = waiting;
  prepareWays(ways);
  for (let k = 0; k < samples; k += 8) {
    const offsets = to + k * sizeof<T>();
    if (load<u64>(slots + k) === 0 && k + 8 <= samples) {
      const first = fourOffsets(ways, from, next);
      const last = fourOffsets(ways, from, next + 4 * count);
      const all = i16x8.narrow_i32x4_u(first, last);
      if (sizeof<T>() === 2) v128.store(offsets, all);
      else store<u64>(offsets, i64x2.extract_lane(i8x16.narrow_i16x8_u(all, all), 0));
      next += 8 * count;
      continue;
    }
    for (let j = 0; j < min(8, samples - k); j++) {
      const slot: u32 = load<u8>(slots + k + j);
      const wanted = count - <i32>(slot !== 0);
      const ahead = bswap<u32>(load<u32>(from + (next >> 3))) << (next & 7);
      const plain = (ahead >> 1) >> (31 - wanted);
      next += wanted;
      store<T>(offsets + j * sizeof<T>(), <T>(slot === 0 ? plain : (plain << 1) | (slot - 1)));
    }
  }
  waiting = next & 7;
  return from + (next >> 3);
}

function addOffset<T>(cell: usize, offset: usize): void {
  store<T>(cell, <T>((load<T>(cell) + load<T>(offset)) & mask));
}

function addOffsets<T>(offsets: usize, width: i32, height: i32): void {
  let cell: usize = 0;
  const pixel = <usize>group * sizeof<T>();
  const column = <usize>height * pixel;
  for (let row = 0; row < height; row++, offsets += pixel) {
    let from = offsets;
    for (const end = cell + width * sizeof<T>(); cell < end; cell += pixel, from += column) {
      addOffset<T>(cell, from);
      if (group === 1) continue;
      addOffset<T>(cell + sizeof<T>(), from + sizeof<T>());
      addOffset<T>(cell + 2 * sizeof<T>(), from + 2 * sizeof<T>());
    }
  }
}

/**
 * Adds the next bits of the bytes at `from` to `height` rows of `width` cells at 0, in the order of the payload, the
 * cells of a pixel together; where the cell at that place of the order has a header's bit, plus 1, at `slots`, that one
 * is the lowest of them. Works at `work`: 256 bytes and the cells once more. Gives where the bytes go on. Reads up to
 * 16 bytes and 7 slots too far.
 */
export function spreadBits(slots: usize, work: usize, width: i32, height: i32, from: usize): usize {
  const offsets = work + WAYS;
  if (cellSize === 1) {
    const end = takeApart<u8>(from, offsets, slots, work, width * height);
    addOffsets<u8>(offsets, width, height);
    return end;
  }
  const end = takeApart<u16>(from, offsets, slots, work, width * height);
  addOffsets<u16>(offsets, width, height);
  return end;
}

/** Makes cells what their codes lie above the base of their band, 0 where that is more than `count` bits. */
function toOffsets<T>(samples: i32, flip: u32, lower: u32, upper: u32): void {
  const masks = v128.splat<T>(<T>mask);
  const flips = v128.splat<T>(<T>flip);
  const lowers = v128.splat<T>(<T>lower);
  const uppers = v128.splat<T>(<T>upper);
  const most = v128.splat<T>(<T>(((<u32>1) << count) - 1));
  const end: usize = samples * sizeof<T>();
  for (let at: usize = 0; at < end; at += 16) {
    const codes = v128.xor(v128.and(v128.load(at), masks), flips);
    const bases = v128.bitselect(uppers, lowers, v128.ge<T>(codes, uppers));
    const offsets = v128.sub<T>(codes, bases);
    v128.store(at, v128.and(offsets, v128.le<T>(offsets, most)));
  }
}

function takeOffsets<T>(offsets: usize, width: i32, height: i32): void {
  let cell: usize = 0;
  const pixel = <usize>group * sizeof<T>();
  const column = <usize>height * pixel;
  for (let row = 0; row < height; row++, offsets += pixel) {
    let to = offsets;
    for (const end = cell + width * sizeof<T>(); cell < end; cell += pixel, to += column) {
      store<T>(to, load<T>(cell));
      if (group === 1) continue;
      store<T>(to + sizeof<T>(), load<T>(cell + sizeof<T>()));
      store<T>(to + 2 * sizeof<T>(), load<T>(cell + 2 * sizeof<T>()));
    }
  }
}

function putTogether<T>(offsets: usize, slots: usize, samples: i32, to: usize): usize {
  let ready = bits;
  let left = waiting;
  for (let k = 0; k < samples; k += 8) {
    const from = offsets + k * sizeof<T>();
    if (load<u64>(slots + k) === 0 && k + 8 <= samples) {
      const all = sizeof<T>() === 2 ? v128.load(from) : v128.load_ext<u8>(from);
      // Two offsets side by side in each lane, the first one above.
      const pairs = v128.or(i32x4.shl(v128.and(all, i32x4.splat(0xffff)), count), i32x4.shr_u(all, 16));
      for (let pair = 0; pair < 4; pair += 2) {
        const two = pair === 0 ? i64x2.extract_lane(pairs, 0) : i64x2.extract_lane(pairs, 1);
        for (let half = 0; half < 64; half += 32) {
          ready = (ready << (2 * count)) | ((<u64>two >> half) & 0xffffffff);
          left += 2 * count;
          if (left >= 32) {
            left -= 32;
            store<u32>(to, bswap<u32>(<u32>(ready >> left)));
            to += 4;
          }
        }
      }
      continue;
    }
    for (let j = 0; j < min(8, samples - k); j++) {
      const isSlot = <i32>(load<u8>(slots + k + j) !== 0);
      ready = (ready << (count - isSlot)) | (<u32>load<T>(from + j * sizeof<T>()) >> isSlot);
      left += count - isSlot;
      if (left >= 32) {
        left -= 32;
        store<u32>(to, bswap<u32>(<u32>(ready >> left)));
        to += 4;
      }
    }
  }
  for (; left >= 8; to++) {
    left -= 8;
    store<u8>(to, <u8>(ready >> left));
  }
  bits = ready;
  waiting = left;
  return to;
}

/**
 * Takes the bits that `spreadBits` added out of cells again and writes them to bytes at `to`: what a code lies above the
 * base of its band, `lower` or `upper`, where a code is a cell with the bits of `flip` turned over; zeros where that is
 * more than a cell carries. Makes those the cells, in whole vectors; works at `offsets`, as large as they are. Gives
 * where the bytes end. Reads up to 7 slots too far.
 */
export function gatherBits(
  slots: usize,
  offsets: usize,
  width: i32,
  height: i32,
  flip: i32,
  lower: i32,
  upper: i32,
  to: usize,
): usize {
  const samples = width * height;
  if (cellSize === 1) {
    toOffsets<u8>(samples, flip, lower, upper);
    takeOffsets<u8>(offsets, width, height);
    return putTogether<u8>(offsets, slots, samples, to);
  }
  toOffsets<u16>(samples, flip, lower, upper);
  takeOffsets<u16>(offsets, width, height);
  return putTogether<u16>(offsets, slots, samples, to);
}
