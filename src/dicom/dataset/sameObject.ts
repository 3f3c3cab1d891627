import { KeyAreaError } from '../../engine/index';
import { areSame } from '../../engine/kernels/cells';
import { type DicomFile, findElement, readFile, textOf, valueBytes } from './reader';
import { TAG } from './tags';

const UIDS = [TAG.StudyInstanceUID, TAG.SeriesInstanceUID, TAG.SOPInstanceUID];

/**
 * How alike two files are: `same` where all bytes are, or all but the file meta information, which servers write anew
 * (PS3.10, section 7.1); `attributes changed` where transfer syntax, UIDs and pixel data are, and servers change
 * attributes; `other` else.
 */
export type Likeness = 'same' | 'attributes changed' | 'other';

export function compareObjects(a: Uint8Array, b: Uint8Array): Likeness {
  if (areSame(a, b)) return 'same';
  try {
    const [one, other] = [readFile(a), readFile(b)];
    if (one.transferSyntax.uid !== other.transferSyntax.uid) return 'other';
    const [rest, otherRest] = [one, other].map(({ bytes, dataSetStart }) => bytes.subarray(dataSetStart));
    if (areSame(rest, otherRest)) return 'same';
    return sameUids(one, other) && samePixelData(one, other) ? 'attributes changed' : 'other';
  } catch (error) {
    if (error instanceof KeyAreaError) return 'other';
    throw error;
  }
}

function sameUids(one: DicomFile, other: DicomFile): boolean {
  return UIDS.every((tag) => {
    const uid = textOf(one, tag);
    return uid !== undefined && uid === textOf(other, tag);
  });
}

function samePixelData(one: DicomFile, other: DicomFile): boolean {
  const [pixels, otherPixels] = [one, other].map((file) => {
    const element = findElement(file, TAG.PixelData);
    return element && valueBytes(file, element);
  });
  return pixels !== undefined && otherPixels !== undefined && areSame(pixels, otherPixels);
}
