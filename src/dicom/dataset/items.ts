import { concatBytes } from '../../engine/bytes';
import type { Element } from './elements';
import { encodeElement, encodeHeader, encodeItem, encodeSequence } from './encode';
import { type DicomFile, elementBytes, valueBytes } from './reader';
import { TAG } from './tags';
import { type Coding, IMPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

/** Encodes the elements of an item in a given coding. */
export type ItemContent = (coding: Coding) => readonly Uint8Array[];

/**
 * A sequence element with one more item at its end. The items it had are kept byte for byte, in the
 * coding and with the kind of length they have (PS3.5, section 7.5); a sequence that is not there
 * begins with this item.
 */
export function appendItem(
  file: DicomFile,
  tag: number,
  element: Element | undefined,
  content: ItemContent,
): Uint8Array {
  const { coding } = file.transferSyntax;
  if (element === undefined) return encodeSequence(tag, [encodeItem(content(coding), coding)], coding);
  const { vr = 'SQ', undefinedLength } = element;
  // A sequence that somebody did not know is of VR UN and holds implicit VR (PS3.5, section 6.2.2).
  const inner = vr === 'UN' ? IMPLICIT_LITTLE_ENDIAN : coding;
  const items = concatBytes([valueBytes(file, element), encodeItem(content(inner), inner)]);
  if (!undefinedLength) return encodeElement(tag, vr, items, coding);
  const header = elementBytes(file, element).subarray(0, element.valueStart - element.start);
  return concatBytes([header, items, encodeHeader(TAG.SequenceDelimitation, '', 0, inner)]);
}
