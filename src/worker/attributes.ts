import { type DicomFile, findElement, textOf, unsignedShortsOf, valueBytes } from '../dicom/dataset/reader';
import { TAG } from '../dicom/dataset/tags';
import type { AttributeValue } from '../viewer/service';
import { decodeText } from './characterSets';

/** How a value is written: text, numbers as text (DS, IS), 16-bit numbers (US), a name of a person (PN). */
type Representation = 'text' | 'decimal' | 'short' | 'name';

/**
 * The attributes that viewers list and display an image by (PS3.6, section 6): what an image says of
 * patient, study, series and geometry, its pixels and its window.
 */
const ATTRIBUTES: readonly (readonly [tag: number, keyword: string, representation: Representation])[] = [
  [0x00080008, 'ImageType', 'text'],
  [0x00080016, 'SOPClassUID', 'text'],
  [0x00080018, 'SOPInstanceUID', 'text'],
  [0x00080020, 'StudyDate', 'text'],
  [0x00080021, 'SeriesDate', 'text'],
  [0x00080023, 'ContentDate', 'text'],
  [0x00080030, 'StudyTime', 'text'],
  [0x00080031, 'SeriesTime', 'text'],
  [0x00080050, 'AccessionNumber', 'text'],
  [0x00080060, 'Modality', 'text'],
  [0x00081030, 'StudyDescription', 'text'],
  [0x0008103e, 'SeriesDescription', 'text'],
  [0x00100010, 'PatientName', 'name'],
  [0x00100020, 'PatientID', 'text'],
  [0x00100030, 'PatientBirthDate', 'text'],
  [0x00100040, 'PatientSex', 'text'],
  [0x00180050, 'SliceThickness', 'decimal'],
  [0x00180088, 'SpacingBetweenSlices', 'decimal'],
  [0x00181063, 'FrameTime', 'decimal'],
  [0x00181164, 'ImagerPixelSpacing', 'decimal'],
  [0x0020000d, 'StudyInstanceUID', 'text'],
  [0x0020000e, 'SeriesInstanceUID', 'text'],
  [0x00200011, 'SeriesNumber', 'decimal'],
  [0x00200013, 'InstanceNumber', 'decimal'],
  [0x00200032, 'ImagePositionPatient', 'decimal'],
  [0x00200037, 'ImageOrientationPatient', 'decimal'],
  [0x00200052, 'FrameOfReferenceUID', 'text'],
  [0x00280002, 'SamplesPerPixel', 'short'],
  [0x00280004, 'PhotometricInterpretation', 'text'],
  [0x00280006, 'PlanarConfiguration', 'short'],
  [0x00280008, 'NumberOfFrames', 'decimal'],
  [0x00280010, 'Rows', 'short'],
  [0x00280011, 'Columns', 'short'],
  [0x00280030, 'PixelSpacing', 'decimal'],
  [0x00280034, 'PixelAspectRatio', 'decimal'],
  [0x00280100, 'BitsAllocated', 'short'],
  [0x00280101, 'BitsStored', 'short'],
  [0x00280102, 'HighBit', 'short'],
  [0x00280103, 'PixelRepresentation', 'short'],
  [0x00281050, 'WindowCenter', 'decimal'],
  [0x00281051, 'WindowWidth', 'decimal'],
  [0x00281052, 'RescaleIntercept', 'decimal'],
  [0x00281053, 'RescaleSlope', 'decimal'],
  [0x00281056, 'VOILUTFunction', 'text'],
];

/** Bytes of a value that are read: none of these attributes is longer. */
const LONGEST = 1024;

/** Reads those attributes; those that are missing, empty or cannot be read for sure are left out. */
export function attributesOf(file: DicomFile): Record<string, AttributeValue> {
  const characterSets = textOf(file, TAG.SpecificCharacterSet) ?? '';
  const attributes: Record<string, AttributeValue> = {};
  for (const [tag, keyword, representation] of ATTRIBUTES) {
    const values = valuesOf(file, tag, representation, characterSets);
    if (values.length === 0) continue;
    attributes[keyword] =
      representation === 'name'
        ? { Alphabetic: String(values[0]).split('=')[0] }
        : values.length === 1
          ? values[0]
          : values;
  }
  return attributes;
}

function valuesOf(
  file: DicomFile,
  tag: number,
  representation: Representation,
  characterSets: string,
): (string | number)[] {
  const element = findElement(file, tag);
  if (element === undefined) return [];
  const bytes = valueBytes(file, element).subarray(0, LONGEST);
  if (representation === 'short') return unsignedShortsOf(file, tag).slice(0, 1);
  const values = (decodeText(bytes, characterSets) ?? '').split('\\').map((value) => value.trim());
  if (values.every((value) => value === '')) return [];
  if (representation !== 'decimal') return values;
  const numbers = values.map(Number);
  return numbers.every(Number.isFinite) ? numbers : [];
}
