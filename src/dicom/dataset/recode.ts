import { concatBytes } from '../../engine/bytes';
import { type Element, ElementReader, readItemHeader } from './elements';
import { encodeElement, encodeItem } from './encode';
import { swapBytes } from './swapBytes';
import { isGroupLength, TAG } from './tags';
import type { Coding } from './transferSyntaxes';

/**
 * Value representations of the elements that protecting replaces or removes; all others of them are
 * sequences, or private.
 */
const REPRESENTATIONS: ReadonlyMap<number, string> = new Map([
  [TAG.ImageType, 'CS'],
  [TAG.InstanceCreationDate, 'DA'],
  [TAG.InstanceCreationTime, 'TM'],
  [TAG.InstanceCreatorUID, 'UI'],
  [TAG.SOPInstanceUID, 'UI'],
  [TAG.SeriesDescription, 'LO'],
  [TAG.DerivationDescription, 'ST'],
  [TAG.FrameType, 'CS'],
  [TAG.PatientIdentityRemoved, 'CS'],
  [TAG.SeriesInstanceUID, 'UI'],
  [TAG.SOPInstanceUIDOfConcatenationSource, 'UI'],
  [TAG.ConcatenationUID, 'UI'],
  [TAG.InConcatenationNumber, 'US'],
  [TAG.InConcatenationTotalNumber, 'US'],
  [TAG.ConcatenationFrameOffsetNumber, 'UL'],
  [TAG.PhotometricInterpretation, 'CS'],
  [TAG.WindowCenter, 'DS'],
  [TAG.WindowWidth, 'DS'],
  [TAG.WindowCenterWidthExplanation, 'LO'],
  [TAG.VOILUTFunction, 'CS'],
  [TAG.BurnedInAnnotation, 'CS'],
  [TAG.LossyImageCompression, 'CS'],
  [TAG.LossyImageCompressionRatio, 'DS'],
  [TAG.LossyImageCompressionMethod, 'CS'],
  [TAG.SOPInstanceStatus, 'CS'],
  [TAG.SOPAuthorizationDateTime, 'DT'],
  [TAG.SOPAuthorizationComment, 'LT'],
  [TAG.AuthorizationEquipmentCertificationNumber, 'LO'],
]);

/** Pixel values: US, or SS where Pixel Representation says that pixels are signed (PS3.6, section 6). */
const PIXEL_VALUES: ReadonlySet<number> = new Set([
  TAG.SmallestImagePixelValue,
  TAG.LargestImagePixelValue,
  TAG.SmallestPixelValueInSeries,
  TAG.LargestPixelValueInSeries,
  TAG.PixelPaddingValue,
  TAG.PixelPaddingRangeLimit,
]);

function representationOf(tag: number, signed: boolean): string {
  if (isGroupLength(tag)) return 'UL';
  if (PIXEL_VALUES.has(tag)) return signed ? 'SS' : 'US';
  return REPRESENTATIONS.get(tag) ?? 'UN';
}

/**
 * Writes an original element in another coding: an archive may have rewritten the protected file in
 * other value representations or another byte order. Sequences get explicit lengths. `signed` says what
 * the image's pixels are.
 *
 * The items of an implicit VR sequence stay implicit, as an element of VR UN (PS3.5, section 6.2.2):
 * so nothing in them needs a dictionary.
 */
export function recodeElement(raw: Uint8Array, from: Coding, to: Coding, signed: boolean): Uint8Array {
  if (from.explicit === to.explicit && from.bigEndian === to.bigEndian) return raw;
  const element = new ElementReader(raw, 0, raw.length, from).next();
  const vr = element.vr ?? representationOf(element.tag, signed);
  if (vr === 'SQ') return encodeElement(element.tag, vr, recodeItems(raw, element, from, to, signed), to);
  const value = raw.subarray(element.valueStart, element.valueEnd);
  return encodeElement(element.tag, vr, from.bigEndian === to.bigEndian ? value : swapBytes(value, vr), to);
}

function recodeItems(
  raw: Uint8Array,
  sequence: Element,
  from: Coding,
  to: Coding,
  signed: boolean,
): Uint8Array {
  const items: Uint8Array[] = [];
  let position = sequence.valueStart;
  while (position < sequence.valueEnd) {
    const item = readItemHeader(raw, position, sequence.valueEnd, from, sequence.tag);
    const end = item.undefinedLength ? sequence.valueEnd : item.valueStart + item.length;
    const reader = new ElementReader(raw, item.valueStart, end, from);
    const elements: Uint8Array[] = [];
    while (!reader.done) {
      const { tag, start, end: next } = reader.next();
      if (tag === TAG.ItemDelimitation) break;
      elements.push(recodeElement(raw.subarray(start, next), from, to, signed));
    }
    position = reader.position;
    items.push(encodeItem(elements, to));
  }
  return concatBytes(items);
}
