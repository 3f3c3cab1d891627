import { findElement, readFile, textOf, valueBytes } from '../dicom/reader';
import { TAG } from '../dicom/tags';
import { decodeForCharacterSet } from '../dicom/text';
import type { FileDescription } from '../viewer/service';

/** Reads what a viewer lists of a file; the file is one that this software has just written. */
export function describeFile(bytes: Uint8Array): FileDescription {
  const file = readFile(bytes);
  const text = (tag: number) => textOf(file, tag) ?? '';
  const element = findElement(file, TAG.SeriesDescription);
  return {
    studyInstanceUID: text(TAG.StudyInstanceUID),
    seriesInstanceUID: text(TAG.SeriesInstanceUID),
    sopInstanceUID: text(TAG.SOPInstanceUID),
    seriesDescription: element && decode(valueBytes(file, element), text(TAG.SpecificCharacterSet)),
  };
}

const DECODED = new Set(['', 'ISO_IR 6', 'ISO_IR 100', 'ISO_IR 192']);

/** Undefined where the text needs a character set that this software does not decode. */
function decode(value: Uint8Array, characterSets: string): string | undefined {
  const sure = DECODED.has(characterSets) || value.every((byte) => byte < 0x80 && byte !== ESCAPE);
  return sure ? decodeForCharacterSet(value, characterSets) : undefined;
}

/** Starts a change of character set (PS3.5, section 6.1.2.5.1). */
const ESCAPE = 0x1b;
