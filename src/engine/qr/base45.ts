/** Base45 (RFC 9285): bytes in the characters of QR's alphanumeric mode. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let value = pair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let digit = 0; digit < (pair ? 3 : 2); digit++) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** Throws `RangeError` for what is not Base45. */
export function decodeBase45(text: string): Uint8Array<ArrayBuffer> {
  const digits = Array.from(text, (character) => ALPHABET.indexOf(character));
  if (digits.includes(-1) || digits.length % 3 === 1) throw new RangeError('not Base45');
  const bytes: number[] = [];
  for (let i = 0; i < digits.length; i += 3) {
    const value = digits[i] + 45 * digits[i + 1] + 45 * 45 * (digits[i + 2] ?? 0);
    const pair = i + 2 < digits.length;
    if (value > (pair ? 0xffff : 0xff)) throw new RangeError('not Base45');
    if (pair) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}
