import { concatBytes } from '../../engine/bytes';
import { hasLongLength } from './elements';
import { elementOf, groupOf, TAG } from './tags';
import type { Coding } from './transferSyntaxes';

/** One value byte per character; for text of the default repertoire, ISO-IR 6 (PS3.5, section 6.1.1). */
export const ascii = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Text that is padded with a space where its length is odd; everything else takes a NUL (PS3.5, 6.2). */
const SPACE_PADDED = new Set([
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UR',
  'UT',
]);

/** The value with the one byte of padding that an odd length needs. */
export function padValue(vr: string, value: Uint8Array): Uint8Array {
  if (value.length % 2 === 0) return value;
  return concatBytes([value, Uint8Array.of(SPACE_PADDED.has(vr) ? 0x20 : 0)]);
}

/** The bytes of an element's header (PS3.5, section 7.1). `length` may be the undefined 0xFFFFFFFF. */
export function encodeHeader(
  tag: number,
  vr: string,
  length: number,
  coding: Coding,
): Uint8Array<ArrayBuffer> {
  const isItem = groupOf(tag) === 0xfffe;
  const long = coding.explicit && !isItem && hasLongLength(vr);
  const header = new Uint8Array(long ? 12 : 8);
  const view = new DataView(header.buffer);
  const little = !coding.bigEndian;
  view.setUint16(0, groupOf(tag), little);
  view.setUint16(2, elementOf(tag), little);
  if (!coding.explicit || isItem) {
    view.setUint32(4, length, little);
    return header;
  }
  header.set(ascii(vr), 4);
  if (long) view.setUint32(8, length, little);
  else if (length > 0xffff) throw new RangeError(`${length} bytes do not fit an element of VR ${vr}`);
  else view.setUint16(6, length, little);
  return header;
}

/** A whole element, its value padded to an even length. */
export function encodeElement(
  tag: number,
  vr: string,
  value: Uint8Array,
  coding: Coding,
): Uint8Array<ArrayBuffer> {
  const padded = padValue(vr, value);
  return concatBytes([encodeHeader(tag, vr, padded.length, coding), padded]);
}

/** A whole element of default-repertoire text. */
export const encodeText = (tag: number, vr: string, text: string, coding: Coding): Uint8Array<ArrayBuffer> =>
  encodeElement(tag, vr, ascii(text), coding);

/** The value of 16-bit numbers, VR US or, two's complement, SS. */
export function encodeShorts(values: readonly number[], coding: Coding): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(2 * index, value & 0xffff, !coding.bigEndian);
  });
  return bytes;
}

/** An item of a sequence, with its length given (PS3.5, section 7.5). */
export function encodeItem(elements: readonly Uint8Array[], coding: Coding): Uint8Array<ArrayBuffer> {
  const content = concatBytes(elements);
  return concatBytes([encodeHeader(TAG.Item, '', content.length, coding), content]);
}

/** A sequence of encoded items, with its length given. */
export function encodeSequence(
  tag: number,
  items: readonly Uint8Array[],
  coding: Coding,
): Uint8Array<ArrayBuffer> {
  return encodeElement(tag, 'SQ', concatBytes(items), coding);
}
