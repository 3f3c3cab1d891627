import { concatBytes } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import type { ProtectionJob } from '../../engine/job';
import { sha256 } from '../../engine/keys/platform';
import { ascii } from './encode';
import { type DicomFile, textOf } from './reader';
import { TAG } from './tags';

/** The 128 bits of a UUID, of which the root 2.25 makes a UID (PS3.5, section B.2). */
export type UidBits = Uint8Array;

export const UID_BITS_LENGTH = 16;

/** The UID that 128 bits stand for: `2.25.` and their decimal number, at most 44 characters. */
export function uidOf(bits: UidBits): string {
  let number = 0n;
  for (const byte of bits) number = (number << 8n) | BigInt(byte);
  return `2.25.${number}`;
}

/** SOP Instance UID of a file. Throws `not-dicom` where it has none. */
export function sopInstanceUidOf(file: DicomFile): string {
  const uid = textOf(file, TAG.SOPInstanceUID);
  if (uid === undefined) {
    throw new KeyAreaError(
      'not-dicom',
      'The file has no SOP Instance UID (0008,0018), so nothing could refer to it. Export it again from its source.',
    );
  }
  return uid;
}

/**
 * The UIDs of what a job makes of its file number `index`, from 0. That of the object follows from the
 * file's bytes and place too: files that differ and claim the same UID do not so once they are
 * protected, nor do two copies of one file, since protecting never gives the same pixels twice.
 */
export async function protectedUids(
  file: DicomFile,
  fileHash: Uint8Array,
  { envelopes: [envelope] }: Pick<ProtectionJob, 'envelopes'>,
  index: number,
): Promise<{ readonly object: UidBits; readonly series: UidBits }> {
  const original = `${sopInstanceUidOf(file)} ${toHex(fileHash)} ${index}`;
  return {
    object: await deriveUid('SOP Instance UID', original, envelope),
    series: await deriveUid('Series Instance UID', textOf(file, TAG.SeriesInstanceUID) ?? '', envelope),
  };
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

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
