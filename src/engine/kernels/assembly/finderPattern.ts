/** The search for finder patterns in a row. */

/** Which of 64 codes reach a threshold, the first one lowest. */
function reached<T>(cells: usize, mask: T, flip: T, threshold: T): u64 {
  const masks = v128.splat<T>(mask);
  const flips = v128.splat<T>(flip);
  const thresholds = v128.splat<T>(threshold);
  let bits: u64 = 0;
  for (let at = 0; at < 64; at += 16 / sizeof<T>()) {
    const codes = v128.xor(v128.and(v128.load(cells + at * sizeof<T>()), masks), flips);
    const reaches = v128.ge<T>(codes, thresholds);
    bits |= (<u64>v128.bitmask<T>(reaches)) << at;
  }
  return bits;
}

function finderRunsIn<T>(row: usize, width: i32, mask: T, flip: T, threshold: T, found: usize): i32 {
  // Starts of the five newest runs, the oldest first.
  let a = -1;
  let b = -1;
  let c = -1;
  let d = -1;
  let e = 0;
  let count = 0;
  let value = <u32>(<T>((load<T>(row) & mask) ^ flip) >= threshold);
  let last: u64 = value;
  for (let first = 0; first <= width; first += 64) {
    const bits = reached<T>(row + first * sizeof<T>(), mask, flip, threshold);
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
 * Finds runs of 1:1:3:1:1 whole modules in a row whose codes are split at `threshold`. For each it writes two
 * words: its first column, and twice its module plus 1 where its first run reaches the threshold. Gives their number.
 * Reads up to 64 cells too far.
 */
export function finderRuns(
  row: usize,
  width: i32,
  cellSize: i32,
  mask: i32,
  flip: i32,
  threshold: i32,
  found: usize,
): i32 {
  return cellSize === 1
    ? finderRunsIn<u8>(row, width, <u8>mask, <u8>flip, <u8>threshold, found)
    : finderRunsIn<u16>(row, width, <u16>mask, <u16>flip, <u16>threshold, found);
}
