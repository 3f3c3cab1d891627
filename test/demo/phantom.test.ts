import { readDicomObject, readFrames } from '../../demo/dicomObject.mjs';
import { phantomSlice } from '../../demo/phantom.mjs';

const slice = phantomSlice(8);
const object = readDicomObject(slice);

test('a slice is the same in every run, and each has a UID of its own', () => {
  expect(Buffer.compare(phantomSlice(8), slice)).toBe(0);
  expect(readDicomObject(phantomSlice(9)).sopInstanceUID).not.toBe(object.sopInstanceUID);
});

test('the samples use 12 bits, with air and bone in Hounsfield units', () => {
  const [frame] = readFrames(object);
  const samples = new Uint16Array(frame!.buffer, frame!.byteOffset, frame!.length / 2);
  expect(samples).toHaveLength(512 * 512);
  let [minimum, maximum] = [Infinity, 0];
  for (const sample of samples) [minimum, maximum] = [Math.min(minimum, sample), Math.max(maximum, sample)];
  expect(minimum).toBeLessThan(100);
  expect(maximum).toBeGreaterThan(1600);
  expect(maximum).toBeLessThan(4096);
});
