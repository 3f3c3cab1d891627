import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { deflate, inflate, inflateStart } from '../../src/engine/payload/deflate';
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

/** What inflating comes to, whatever its length. */
function outcomeOf(inflated: () => Uint8Array): Uint8Array | string {
  try {
    return Uint8Array.from(inflated());
  } catch (error) {
    return (error as Error).name;
  }
}

/** Inflated step by step, as what is long is. */
function inAnyLength(bytes: Uint8Array, limit: number): Uint8Array {
  const { inflated, whole } = inflateStart(bytes, limit);
  if (inflated.length > limit || !whole) throw new RangeError('too long, or not whole');
  return inflated;
}

test('what is short comes to the same as it would if it were long, however it is broken', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.string({ maxLength: 900 }).map((s) => Buffer.from(s)),
  );
  const change = fc.record({
    at: fc.nat(),
    by: fc.nat(255),
    cut: fc.nat(9),
    more: fc.uint8Array({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(text, change, fc.boolean(), fc.nat(1000), (bytes, { at, by, cut, more }, isStored, limit) => {
      const deflated = Uint8Array.from([...deflateRawSync(bytes, isStored ? { level: 0 } : {}), ...more]);
      deflated[at % deflated.length] ^= by;
      for (const broken of [deflated, deflated.subarray(0, Math.max(0, deflated.length - cut))]) {
        expect(outcomeOf(() => inflate(broken, limit))).toEqual(outcomeOf(() => inAnyLength(broken, limit)));
      }
    }),
    { numRuns: 3000 },
  );
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
