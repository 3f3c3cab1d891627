import { findElement, readFile } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { compareObjects } from '../../src/dicom/index';
import { buildImage } from './builder';

const original = buildImage();
const file = readFile(original);

/** With one bit changed in an element's value. */
function changed(tag: number): Uint8Array {
  const bytes = original.slice();
  bytes[findElement(file, tag)!.valueStart] ^= 1;
  return bytes;
}

test('a file is like itself, and like one of which attributes alone were changed', () => {
  expect(compareObjects(original, original.slice())).toBe('same');
  expect(compareObjects(original, changed(TAG.MediaStorageSOPInstanceUID))).toBe('same');
  expect(compareObjects(original, changed(TAG.SeriesDescription))).toBe('attributes changed');
});

test.each(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'PixelData'] as const)(
  'one with another %s is another',
  (name) => expect(compareObjects(original, changed(TAG[name]))).toBe('other'),
);

test('one that is cut, or no DICOM at all, is another', () => {
  expect(compareObjects(original, original.subarray(0, -2))).toBe('other');
  expect(compareObjects(original, new Uint8Array(200))).toBe('other');
});
