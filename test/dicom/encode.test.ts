import { encodeElement, encodeShorts, encodeText } from '../../src/dicom/dataset/encode';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '../../src/dicom/dataset/transferSyntaxes';
import { EXPLICIT, encode, IMPLICIT, latin1, numbers, text } from './builder';
import { expectSameBytes } from './support';

const CODINGS = [
  ['explicit VR', EXPLICIT_LITTLE_ENDIAN, EXPLICIT],
  ['implicit VR', IMPLICIT_LITTLE_ENDIAN, IMPLICIT],
] as const;

describe.each(CODINGS)('an element in %s', (_, coding, syntax) => {
  test('has the length field of its representation', () => {
    const value = Uint8Array.of(1, 2, 3, 4);
    for (const vr of ['LO', 'UI', 'US', 'OB', 'OV', 'SQ', 'UN', 'UT', 'UC', 'SV']) {
      expectSameBytes(
        encodeElement(0x00091001, vr, value, coding),
        encode({ tag: 0x00091001, vr, value }, syntax),
      );
    }
  });

  test('is padded to an even length: text with a space, the rest with a NUL', () => {
    expectSameBytes(
      encodeText(0x0008103e, 'LO', 'odd', coding),
      encode(text(0x0008103e, 'LO', 'odd'), syntax),
    );
    expectSameBytes(
      encodeText(0x00080018, 'UI', '1.2', coding),
      encode(text(0x00080018, 'UI', '1.2'), syntax),
    );
    const padded = { tag: 0x00091001, vr: 'OB', value: latin1('x\0') };
    expectSameBytes(encodeElement(0x00091001, 'OB', latin1('x'), coding), encode(padded, syntax));
  });

  test('holds signed and unsigned numbers', () => {
    const value = encodeShorts([1, 65535, -2000], coding);
    expectSameBytes(value, numbers(0, 'SS', [1, -1, -2000]).value as Uint8Array);
  });
});

test('a value too long for its length field is refused', () => {
  expect(() => encodeElement(0x0008103e, 'LO', new Uint8Array(65536), EXPLICIT_LITTLE_ENDIAN)).toThrow(
    RangeError,
  );
});
