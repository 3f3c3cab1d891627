import { KeyAreaError } from '../engine/index';
import { areSame } from '../engine/kernels/cells';
import { type DicomFile, findElement, readFile, textOf, valueBytes } from './reader';
import { TAG } from './tags';

const UIDS = [TAG.StudyInstanceUID, TAG.SeriesInstanceUID, TAG.SOPInstanceUID];

/**
 * True where two files hold the same object: all the same bytes, or all but the file meta information, which
 * servers write anew (PS3.10, section 7.1); or, where a server changed attributes, the same transfer syntax, UIDs
 * and pixel data.
 */
export function sameObject(a: Uint8Array, b: Uint8Array): boolean {
  if (areSame(a, b)) return true;
  try {
    const [one, other] = [readFile(a), readFile(b)];
    if (one.transferSyntax.uid !== other.transferSyntax.uid) return false;
    const [rest, otherRest] = [one, other].map(({ bytes, dataSetStart }) => bytes.subarray(dataSetStart));
    return areSame(rest, otherRest) || (sameUids(one, other) && samePixelData(one, other));
  } catch (error) {
    if (error instanceof KeyAreaError) return false;
    throw error;
  }
}

function sameUids(one: DicomFile, other: DicomFile): boolean {
  return UIDS.every((tag) => {
    const uid = textOf(one, tag);
    return uid !== undefined && uid !== '' && uid === textOf(other, tag);
  });
}

function samePixelData(one: DicomFile, other: DicomFile): boolean {
  const [pixels, otherPixels] = [one, other].map((file) => {
    const element = findElement(file, TAG.PixelData);
    return element && valueBytes(file, element);
  });
  return pixels !== undefined && otherPixels !== undefined && areSame(pixels, otherPixels);
}
