import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { deflate, inflate } from '../../src/engine/deflate';
import { fc } from '../properties';

test('what is deflated inflates again, here and in zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      const deflated = deflate(bytes);
      expect(inflate(deflated, bytes.length)).toEqual(bytes);
      expect(Uint8Array.from(inflateRawSync(deflated))).toEqual(bytes);
      expect(inflate(deflateRawSync(bytes), bytes.length)).toEqual(bytes);
    }),
  );
});

test('a bomb is stopped at the limit', () => {
  const bomb = deflateRawSync(Buffer.alloc(256 * 1024 * 1024));
  const before = process.memoryUsage().arrayBuffers;
  expect(() => inflate(bomb, 65536)).toThrow(RangeError);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
});

test('one byte over the limit is too many', () => {
  expect(() => inflate(deflate(new Uint8Array(101)), 100)).toThrow(RangeError);
});

test('what ends early or is nonsense is refused', () => {
  const whole = deflate(Uint8Array.from({ length: 3000 }, (_, k) => k * k));
  for (const broken of [
    whole.subarray(0, -1),
    whole.subarray(0, 9),
    new Uint8Array(0),
    new Uint8Array(40).fill(255),
  ]) {
    expect(() => inflate(broken, 1e6)).toThrow(RangeError);
  }
});
