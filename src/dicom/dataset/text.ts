import { concatBytes } from '../../engine/bytes';
import { ascii } from './encode';

/**
 * Appends default-repertoire text to a value of any character set, without decoding it: a value ends
 * in its initial state (PS3.5, section 6.1.2.5.3), in which ASCII bytes mean ASCII.
 *
 * The result has at most `limit` characters. Where it would have more, the old text is cut at a
 * character; where only its character set could tell where that is, the new text stands alone.
 *
 * `characterSets` is the value of Specific Character Set (0008,0005), all its values.
 */
export function appendText(
  value: Uint8Array,
  separator: string,
  addition: string,
  limit: number,
  characterSets: string,
): Uint8Array {
  const old = withoutPadding(value);
  if (old.length === 0) return ascii(addition);
  const room = limit - separator.length - addition.length;
  const kept = characters(old, characterSets) <= room ? old : cut(old, room, characterSets);
  return kept.length === 0 ? ascii(addition) : concatBytes([kept, ascii(separator + addition)]);
}

/**
 * Text in a file's character set; characters that it cannot hold for sure become question marks.
 * UTF-8 and Latin-1 are written; for any other set only ASCII is.
 */
export function encodeForCharacterSet(text: string, characterSets: string): Uint8Array<ArrayBuffer> {
  if (characterSets === UTF_8) return new TextEncoder().encode(text);
  const highest = characterSets === 'ISO_IR 100' ? 0xff : 0x7f;
  return ascii(
    Array.from(text, (character) => ((character.codePointAt(0) as number) <= highest ? character : '?')).join(
      '',
    ),
  );
}

/** Decodes what `encodeForCharacterSet` wrote. */
export function decodeForCharacterSet(value: Uint8Array, characterSets: string): string {
  const text = withoutPadding(value);
  if (characterSets === UTF_8) return new TextDecoder().decode(text);
  return Array.from(text, (byte) => String.fromCharCode(byte)).join('');
}

/** Unicode in UTF-8 (PS3.3, section C.12.1.1.2). */
const UTF_8 = 'ISO_IR 192';

/** Sets of which one byte is one character (PS3.3, table C.12-2); the default repertoire has no name. */
const SINGLE_BYTE = new Set(['', 'ISO_IR 6', 'ISO_IR 13', 'ISO_IR 100', 'ISO_IR 101', 'ISO_IR 109']);
for (const number of [110, 126, 127, 138, 144, 148, 166, 203]) SINGLE_BYTE.add(`ISO_IR ${number}`);

/** No fewer characters than the text has. */
const characters = (text: Uint8Array, characterSets: string): number =>
  characterSets === UTF_8 ? text.filter(startsCharacter).length : text.length;

/** In UTF-8, bytes 10xxxxxx continue a character. */
const startsCharacter = (byte: number): boolean => (byte & 0xc0) !== 0x80;

function cut(text: Uint8Array, room: number, characterSets: string): Uint8Array {
  if (room <= 0) return new Uint8Array();
  if (SINGLE_BYTE.has(characterSets)) return withoutPadding(text.subarray(0, room));
  if (characterSets !== UTF_8) return new Uint8Array();
  let count = 0;
  const end = text.findIndex((byte) => {
    if (startsCharacter(byte)) count++;
    return count > room;
  });
  return withoutPadding(end < 0 ? text : text.subarray(0, end));
}

/** Without trailing spaces and NULs. */
function withoutPadding(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x20 || value[end - 1] === 0)) end--;
  return value.subarray(0, end);
}
