/** The way between cells and the planes that are coded: codes less their minimum, or green and what red and blue differ from it. */

function lessMinimum<T, U>(from: usize, to: usize, pixels: i32, mask: u32, flip: u32, minimum: u32): void {
  for (let k = 0; k < pixels; k++) {
    const code = (<u32>load<T>(from + k * sizeof<T>()) & mask) ^ flip;
    store<U>(to + k * sizeof<U>(), <U>(code - minimum));
  }
}

function lessGreen<T, U>(from: usize, to: usize, pixels: i32, mask: u32, flip: u32, zero: u32): void {
  const plane = pixels * sizeof<U>();
  for (let k = 0; k < pixels; k++, from += 3 * sizeof<T>(), to += sizeof<U>()) {
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
 * a pixel has one cell; three where it has three, with `zero` for no difference.
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

function plusMinimum<T, U>(from: usize, to: usize, pixels: i32, flip: u32, minimum: u32): u32 {
  let largest: u32 = 0;
  for (let k = 0; k < pixels; k++) {
    const code = <u32>load<U>(from + k * sizeof<U>()) + minimum;
    largest = max(largest, code);
    store<T>(to + k * sizeof<T>(), <T>(code ^ flip));
  }
  return largest;
}

function plusGreen<T, U>(from: usize, to: usize, pixels: i32, mask: u32, flip: u32, zero: u32): u32 {
  const plane = pixels * sizeof<U>();
  let largest: u32 = 0;
  for (let k = 0; k < pixels; k++, from += sizeof<U>(), to += 3 * sizeof<T>()) {
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

/** Writes the cells of planes, as `toPlanes` made them. Gives the largest code of a pixel's first plane. */
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
