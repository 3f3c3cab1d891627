import { sameObject } from '../../src/dicom/index';
import { findElement, readFile } from '../../src/dicom/reader';
import { TAG } from '../../src/dicom/tags';
import { buildImage } from './builder';

const original = buildImage();
const file = readFile(original);

/** With one bit changed in an element's value. */
function changed(tag: number): Uint8Array {
  const bytes = original.slice();
  bytes[findElement(file, tag)!.valueStart] ^= 1;
  return bytes;
}

test('is one whose attributes alone were changed', () => {
  expect(sameObject(original, original.slice())).toBe(true);
  expect(sameObject(original, changed(TAG.SeriesDescription))).toBe(true);
});

test.each(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'PixelData'] as const)(
  'is none with another %s',
  (name) => expect(sameObject(original, changed(TAG[name]))).toBe(false),
);

test('is none where it is cut, or no DICOM at all', () => {
  expect(sameObject(original, original.subarray(0, -2))).toBe(false);
  expect(sameObject(original, new Uint8Array(200))).toBe(false);
});
