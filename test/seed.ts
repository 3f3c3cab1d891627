import { basename } from 'node:path';
import { randomFrom } from './engine/frames';

/**
 * Everything that the software draws at random in a test file comes from a generator that the file's name
 * seeds: a test that passed once passes again. The software itself has no such source.
 */
const seed = [...basename(expect.getState().testPath ?? '')].reduce(
  (sum, letter) => Math.imul(31, sum) + letter.charCodeAt(0),
  7,
);
const random = randomFrom(seed);

const { crypto } = globalThis;
crypto.getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
  if (array === null) return array;
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let k = 0; k < bytes.length; k++) bytes[k] = Math.floor(256 * random());
  return array;
};

// The object is the platform's own, which the next test file has too.
afterAll(() => {
  Reflect.deleteProperty(crypto, 'getRandomValues');
});
