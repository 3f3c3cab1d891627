import { concatBytes } from '../engine/bytes';
import { sha256 } from '../engine/platform';
import { ascii } from './encode';

/** The 128 bits of a UUID, of which the root 2.25 makes a UID (PS3.5, section B.2). */
export type UidBits = Uint8Array;

export const UID_BITS_LENGTH = 16;

/** The UID that 128 bits stand for: `2.25.` and their decimal number, at most 44 characters. */
export function uidOf(bits: UidBits): string {
  let number = 0n;
  for (const byte of bits) number = (number << 8n) | BigInt(byte);
  return `2.25.${number}`;
}

/**
 * Derives the UID a protected object or series gets in place of an original one, as a UUID of version
 * 8 (RFC 9562, sections 5.8 and B.2): the first 128 bits of SHA-256 over `label`, the original UID and
 * the job's first envelope, each led by its length as 32 bits, high byte first; with the bits of
 * version and variant set.
 *
 * Every job makes a new envelope, so two protections of one image never share a UID, while all images
 * of a series keep sharing theirs.
 */
export async function deriveUid(
  label: 'SOP Instance UID' | 'Series Instance UID',
  original: string,
  envelope: Uint8Array,
): Promise<UidBits> {
  const parts = [ascii(label), ascii(original), envelope];
  const framed = parts.flatMap((part) => [lengthOf(part), part]);
  const bits = (await sha256(concatBytes(framed))).slice(0, UID_BITS_LENGTH);
  bits[6] = (bits[6] & 0x0f) | 0x80;
  bits[8] = (bits[8] & 0x3f) | 0x80;
  return bits;
}

function lengthOf(part: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, part.length);
  return bytes;
}
