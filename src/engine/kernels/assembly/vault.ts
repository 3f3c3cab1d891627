/** The way of bits between bytes and the samples under a symbol. */

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
