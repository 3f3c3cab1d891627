import { appendText, decodeForCharacterSet, encodeForCharacterSet } from '../../src/dicom/dataset/text';
import { latin1 } from './builder';

const append = (old: string | Uint8Array, characterSets = '', limit = 64) => {
  const value = typeof old === 'string' ? latin1(old) : old;
  return appendText(value, ' - ', 'key area hidden', limit, characterSets);
};
const asText = (value: Uint8Array) => String.fromCharCode(...value);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('appending to a text', () => {
  test('keeps the text and drops its padding', () => {
    expect(asText(append('Axial '))).toBe('Axial - key area hidden');
    expect(asText(append('Axial\0'))).toBe('Axial - key area hidden');
    expect(asText(append('   '))).toBe('key area hidden');
    expect(asText(append(''))).toBe('key area hidden');
  });

  test('keeps the bytes of any character set', () => {
    const japanese = latin1('\x1b$B;3ED\x1b(B');
    const result = append(japanese, '\\ISO 2022 IR 87');
    expect(result.subarray(0, japanese.length)).toEqual(japanese);
    expect(asText(result.subarray(japanese.length))).toBe(' - key area hidden');
  });

  test('cuts a text that is too long, at a character', () => {
    const long = append('x'.repeat(60));
    expect(long.length).toBe(64);
    expect(asText(long)).toMatch(/^x{46} - key area hidden$/);

    const wide = append(utf8('\u00e4'.repeat(60)), 'ISO_IR 192');
    expect(new TextDecoder('utf-8', { fatal: true }).decode(wide)).toBe(
      `${'\u00e4'.repeat(46)} - key area hidden`,
    );
    expect(new TextDecoder().decode(append(utf8('\u00e4'.repeat(46)), 'ISO_IR 192'))).toHaveLength(64);
  });

  test('gives up a text that is too long and cannot be cut without its character set', () => {
    expect(asText(append('x'.repeat(60), '\\ISO 2022 IR 87'))).toBe('key area hidden');
    expect(asText(append('x'.repeat(60), 'GB18030'))).toBe('key area hidden');
  });
});

describe('a notice in the file', () => {
  test.each([
    ['', 'Schl\u00fcssel?', 'Schl?ssel?'],
    ['ISO_IR 100', 'Schl\u00fcssel \u2013', 'Schl\u00fcssel ?'],
    ['ISO_IR 192', 'Schl\u00fcssel \u2013 \u{1f511}', 'Schl\u00fcssel \u2013 \u{1f511}'],
    ['\\ISO 2022 IR 87', 'Schl\u00fcssel', 'Schl?ssel'],
  ])('is written as far as its character set holds it: %s', (characterSets, text, expected) => {
    expect(decodeForCharacterSet(encodeForCharacterSet(text, characterSets), characterSets)).toBe(expected);
  });
});
