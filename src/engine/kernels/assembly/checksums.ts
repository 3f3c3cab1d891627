/** CRC-32 of numbered rows. */

/** The remainder, by `table` (`bytes.ts`), of a byte with so many bytes of zeros behind it. */
function remainder(table: usize, zeros: u32, byte: u32): u32 {
  return load<u32>(table + 4 * (256 * zeros + (byte & 0xff)));
}

/**
 * Writes the CRC-32 of `count` rows of `length` bytes, `stride` bytes apart, a word each at `to`: of the row's number, a
 * byte, and its bytes. The first row has the number `first`.
 */
export function checksums(
  rows: usize,
  stride: usize,
  length: usize,
  first: u32,
  count: u32,
  table: usize,
  to: usize,
): void {
  for (let number = first; number < first + count; number++, rows += stride, to += 4) {
    let crc: u32 = 0xffffff ^ remainder(table, 0, 0xff ^ number);
    const end = rows + length;
    let at = rows;
    for (; at + 8 <= end; at += 8) {
      const four = load<u32>(at) ^ crc;
      const last = load<u32>(at, 4);
      crc =
        remainder(table, 7, four) ^
        remainder(table, 6, four >> 8) ^
        remainder(table, 5, four >> 16) ^
        remainder(table, 4, four >> 24) ^
        remainder(table, 3, last) ^
        remainder(table, 2, last >> 8) ^
        remainder(table, 1, last >> 16) ^
        remainder(table, 0, last >> 24);
    }
    for (; at < end; at++) crc = remainder(table, 0, crc ^ load<u8>(at)) ^ (crc >> 8);
    store<u32>(to, ~crc);
  }
}
