import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import createCharls from '@cornerstonejs/codec-charls/wasmjs';
import { decodeJpegLs, encodeJpegLs } from '../../src/engine/payload/jpegLs';
import { WasmCodec } from '../../src/engine/payload/wasmCodec';
import { expectSameBytes } from '../dicom/support';

const image = { width: 32, height: 32, bitsPerSample: 12, componentCount: 1 };
const samples = Uint16Array.from({ length: 32 * 32 }, (_, k) => ((k % 32) * 90 + ((k * k) % 61)) & 0xfff);
const bytesOf = (cells: Uint8Array | Uint16Array) => new Uint8Array(cells.buffer);

/** A codec that counts how often it was started. */
function counted() {
  let starts = 0;
  return new WasmCodec('counted.wasm', async () => ++starts);
}

const fail = () => {
  throw new RangeError('given up');
};

test('a codec is started once, and again after it gave up', async () => {
  const codec = counted();
  const number = () => codec.use((started) => started);
  expect([await number(), await number()]).toEqual([1, 1]);
  await expect(codec.use(fail)).rejects.toThrow('given up');
  expect([await number(), await number()]).toEqual([2, 2]);
});

test('who waits for a codec that gives up meanwhile gets the next one', async () => {
  const codec = counted();
  const failing = codec.use(fail);
  const waiting = codec.use((started) => started);
  await expect(failing).rejects.toThrow('given up');
  expect(await waiting).toBe(2);
});

test('after each damaged stream, a whole one decodes exactly', async () => {
  const stream = (await encodeJpegLs(samples, image)) as Uint8Array;
  let refused = 0;
  for (let at = 60; at < 100; at++) {
    const damaged = stream.slice();
    damaged[at] ^= 0x80;
    await decodeJpegLs(damaged, image).catch((error) => {
      expect(error).toBeInstanceOf(RangeError);
      refused++;
    });
    expectSameBytes(bytesOf(await decodeJpegLs(stream, image)), bytesOf(samples));
  }
  expect(refused).toBeGreaterThan(20);
});

test('noise that grows is given up time and again, and a picture is coded after it', async () => {
  const random = new Uint32Array(3 * 64 * 64);
  for (let k = 0; k < random.length; k++) random[k] = Math.imul(random[k - 1] ?? 1, 1103515245) + 12345;
  const noise = Uint16Array.from(random, (value) => value >>> 16);
  const colour = { width: 64, height: 64, bitsPerSample: 16, componentCount: 3 };
  for (let round = 0; round < 12; round++) expect(await encodeJpegLs(noise, colour)).toBeUndefined();
  const stream = (await encodeJpegLs(samples, image)) as Uint8Array;
  expectSameBytes(bytesOf(await decodeJpegLs(stream, image)), bytesOf(samples));
});

test('codecs that gave up leave nothing in memory', async () => {
  const started: WeakRef<object>[] = [];
  const codec = new WasmCodec('charlswasm.wasm', async (options) => {
    const charls = await createCharls(options);
    started.push(new WeakRef(charls));
    return charls;
  });
  for (let round = 0; round < 20; round++) {
    const decoding = codec.use(({ JpegLSDecoder }) => new JpegLSDecoder().decode());
    await expect(decoding).rejects.toEqual(expect.any(Number));
  }
  expect(started).toHaveLength(20);
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  await new Promise(setImmediate);
  collectGarbage();
  expect(started.filter((reference) => reference.deref() !== undefined)).toEqual([]);
});
