/** The way of bits between bytes and the samples under a symbol. */

/** Bits on their way from offsets to bytes, the lowest `waiting` ones. */
let bits: u64 = 0;
/** On the way from bytes, how many of the next one are taken. */
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
  let next: i32 = waiting;
  for (let column = 0; column < width; column += group) {
    let at = column;
    for (let row = 0; row < height; row++, at += width) {
      for (let place = at; place < at + group; place++) {
        const slot: u32 = load<u8>(slots + place);
        const wanted = count - <i32>(slot !== 0);
        const ahead = bswap<u32>(load<u32>(from + (next >> 3))) << (next & 7);
        const plain = (ahead >> 1) >> (31 - wanted);
        next += wanted;
        const offset = slot === 0 ? plain : (plain << 1) | (slot - 1);
        const cell = cells + place * sizeof<T>();
        store<T>(cell, <T>((load<T>(cell) + offset) & mask));
      }
    }
  }
  waiting = next & 7;
  return from + (next >> 3);
}

/**
 * Adds the next bits of the bytes at `from` to `height` rows of `width` cells, `count` a cell, column by column of a pixel's `group` of cells;
 * where `slots` has a header's bit, plus 1, that one is the lowest of them. Gives where the bytes go on. Reads 4 bytes
 * too far.
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
  let ready = bits;
  let left = waiting;
  for (let column = 0; column < width; column += group) {
    let at = column;
    for (let row = 0; row < height; row++, at += width) {
      for (let place = at; place < at + group; place++) {
        const code = (<u32>load<T>(cells + place * sizeof<T>()) & mask) ^ flip;
        let offset = code - (code >= upper ? upper : lower);
        if (offset >> count !== 0) offset = 0;
        const isSlot = <i32>(load<u8>(slots + place) !== 0);
        ready = (ready << (count - isSlot)) | (offset >> isSlot);
        left += count - isSlot;
        if (left >= 32) {
          left -= 32;
          store<u32>(to, bswap<u32>(<u32>(ready >> left)));
          to += 4;
        }
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
