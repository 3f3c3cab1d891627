/** How lanes of vectors change places. */

/** Of the cells in three vectors every third one, in one vector. */
export function thirds<T>(from: usize): v128 {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  // Places beyond a vector give zero.
  const isByte = sizeof<T>() === 1;
  const inA = isByte
    ? i8x16(0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)
    : i8x16(0, 1, 6, 7, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  const inB = isByte
    ? i8x16(-1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14, -1, -1, -1, -1, -1)
    : i8x16(-1, -1, -1, -1, -1, -1, 2, 3, 8, 9, 14, 15, -1, -1, -1, -1);
  const inC = isByte
    ? i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 4, 7, 10, 13)
    : i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 4, 5, 10, 11);
  return v128.or(v128.or(v128.swizzle(a, inA), v128.swizzle(b, inB)), v128.swizzle(c, inC));
}

/** The lower halves of two vectors, lane by lane in turn. */
export function lower<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() === 1) return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  return sizeof<T>() === 2 ? i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11) : i32x4.shuffle(a, b, 0, 4, 1, 5);
}

/** The upper halves. */
export function upper<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() === 1)
    return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  return sizeof<T>() === 2
    ? i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
    : i32x4.shuffle(a, b, 2, 6, 3, 7);
}
