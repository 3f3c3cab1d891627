import { crc32 } from '../../src/engine/bytes';
import { fc } from '../properties';

/** Bit by bit, as ISO 3309 defines it. */
function remainderOf(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const odd = (rest ^ (byte >>> bit)) & 1;
      rest = (rest >>> 1) ^ (odd ? 0xedb88320 : 0);
    }
  }
  return ~rest >>> 0;
}

test('the checksum is the one that is defined, in one go and continued', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, cut) => {
      expect(crc32(bytes)).toBe(remainderOf(bytes));
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(remainderOf(bytes));
    }),
  );
});
