import { readFile, textOf } from '../dicom/dataset/reader';
import { TAG } from '../dicom/dataset/tags';
import type { FileDescription } from '../viewer/service';
import { attributesOf } from './attributes';

/** Reads what a viewer lists of a file. Throws `not-dicom` and `truncated`. */
export function describeFile(bytes: Uint8Array): FileDescription {
  const file = readFile(bytes);
  const text = (tag: number) => textOf(file, tag) ?? '';
  const attributes = attributesOf(file);
  const { SeriesDescription } = attributes;
  return {
    studyInstanceUID: text(TAG.StudyInstanceUID),
    seriesInstanceUID: text(TAG.SeriesInstanceUID),
    sopInstanceUID: text(TAG.SOPInstanceUID),
    seriesDescription: typeof SeriesDescription === 'string' ? SeriesDescription : undefined,
    attributes,
  };
}
