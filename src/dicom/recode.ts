import { concatBytes } from '../engine/bytes';
import { type Element, ElementReader, readItemHeader } from './elements';
import { encodeElement, encodeItem } from './encode';
import { isGroupLength, TAG } from './tags';
import type { Coding } from './transferSyntaxes';

/**
 * Value representations of the elements that protecting replaces or removes; all others of them are
 * sequences.
 */
const REPRESENTATIONS: ReadonlyMap<number, string> = new Map([
  [TAG.ImageType, 'CS'],
  [TAG.SOPInstanceUID, 'UI'],
  [TAG.SeriesDescription, 'LO'],
  [TAG.DerivationDescription, 'ST'],
  [TAG.SeriesInstanceUID, 'UI'],
  [TAG.SmallestImagePixelValue, 'US'],
  [TAG.LargestImagePixelValue, 'US'],
  [TAG.PixelPaddingValue, 'US'],
  [TAG.PixelPaddingRangeLimit, 'US'],
  [TAG.WindowCenter, 'DS'],
  [TAG.WindowWidth, 'DS'],
  [TAG.BurnedInAnnotation, 'CS'],
]);

/**
 * Writes an original element in another coding: an archive may have rewritten the protected file from
 * implicit to explicit VR or back. Sequences get explicit lengths.
 *
 * The items of an implicit VR sequence stay implicit, as an element of VR UN (PS3.5, section 6.2.2):
 * so nothing in them needs a dictionary.
 */
export function recodeElement(raw: Uint8Array, from: Coding, to: Coding): Uint8Array {
  const element = new ElementReader(raw, 0, raw.length, from).next();
  const value = raw.subarray(element.valueStart, element.valueEnd);
  if (from.explicit === to.explicit) return raw;
  if (to.explicit) {
    const vr = isGroupLength(element.tag) ? 'UL' : (REPRESENTATIONS.get(element.tag) ?? 'UN');
    return encodeElement(element.tag, vr, value, to);
  }
  const isSequence = element.vr === 'SQ';
  return encodeElement(element.tag, '', isSequence ? recodeItems(raw, element, from, to) : value, to);
}

function recodeItems(raw: Uint8Array, sequence: Element, from: Coding, to: Coding): Uint8Array {
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
      elements.push(recodeElement(raw.subarray(start, next), from, to));
    }
    position = reader.position;
    items.push(encodeItem(elements, to));
  }
  return concatBytes(items);
}
