import { decodeForCharacterSet } from '../dicom/dataset/text';

const DECODED = new Set(['', 'ISO_IR 6', 'ISO_IR 100', 'ISO_IR 192']);

/** Starts a change of character set (PS3.5, section 6.1.2.5.1). */
const ESCAPE = 0x1b;

/** A text value; undefined where it needs a character set that this software does not decode. */
export function decodeText(value: Uint8Array, characterSets: string): string | undefined {
  const sure = DECODED.has(characterSets) || value.every((byte) => byte < 0x80 && byte !== ESCAPE);
  return sure ? decodeForCharacterSet(value, characterSets) : undefined;
}
