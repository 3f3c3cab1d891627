import { ByteReader, ByteWriter } from '../bytes';
import { KeyAreaError } from '../errors';
import type { ContentKey } from '../keys/contentKey';
import { decodeEnvelopes, encodeEnvelopes, wrongKey } from '../keys/envelope';
import type { Keyring } from '../keys/keyring';
import { randomBytes } from '../keys/platform';
import { SALT_LENGTH } from '../keys/saltedKey';
import { deflate, inflate } from '../payload/deflate';
import { MAX_REPORT_BYTES } from '../payload/payload';
import { decodeBase45, encodeBase45 } from './base45';
import type { QrSegment } from './symbol';

/**
 * What the QR says. `sealed`: the notice, and the report for whoever has the key; `notice`: the
 * notice alone; `open`: notice and report in clear.
 *
 * A sealed text is the notice, a line feed, `KAP1:` and in Base45: version (1 byte), length of the
 * envelope list (2 bytes), the envelope list, a salt of its own (16 bytes), and the deflated report,
 * sealed. So a picture of the QR and the key are enough to read the report.
 */
export type QrContent = 'sealed' | 'notice' | 'open';

const MARK = 'KAP1:';
const VERSION = 1;

/** The segments of a QR with the notice alone. */
export const noticeSegments = (notice: string): QrSegment[] => [{ text: notice, mode: 'byte' }];

/** The segments of a QR with the report in clear. */
export const openSegments = (notice: string, report: string): QrSegment[] => [
  { text: `${notice}\n${report}`, mode: 'byte' },
];

/** The segments of a QR with the report sealed. */
export async function sealedSegments(
  notice: string,
  report: string,
  key: ContentKey,
  envelopes: readonly Uint8Array[],
): Promise<QrSegment[]> {
  const salt = randomBytes(SALT_LENGTH);
  const plain = deflate(new TextEncoder().encode(report));
  const list = encodeEnvelopes(envelopes);
  const sealed = await key.salted(salt).seal('qr report', plain, list);
  const bytes = new ByteWriter()
    .uint8(VERSION)
    .uint16(list.length)
    .bytes(list)
    .bytes(salt)
    .bytes(sealed)
    .finish();
  return [
    { text: `${notice}\n`, mode: 'byte' },
    { text: MARK + encodeBase45(bytes), mode: 'alphanumeric' },
  ];
}

/** Where a QR text's sealed part begins; -1 where it has none. */
const markOf = (text: string): number => text.lastIndexOf(`\n${MARK}`);

/** True where a QR text carries a sealed report. */
export const isSealed = (text: string): boolean => markOf(text) >= 0;

/** The public part of a QR text. */
export const noticeOf = (text: string): string => (isSealed(text) ? text.slice(0, markOf(text)) : text);

/**
 * Reads the report from a sealed QR text, however it was come by (a photo, a screenshot).
 * Throws `not-protected` where the text has none, `wrong-key`, or `damaged`.
 */
export async function openQrText(text: string, keyring: Keyring): Promise<string> {
  if (!isSealed(text)) {
    throw new KeyAreaError('not-protected', 'This QR code carries no sealed report.');
  }
  let envelopes: Uint8Array[] | undefined;
  let list: Uint8Array;
  let salt: Uint8Array;
  let sealed: Uint8Array;
  try {
    const reader = new ByteReader(decodeBase45(text.slice(markOf(text) + 1 + MARK.length)));
    if (reader.uint8() !== VERSION) {
      throw new KeyAreaError(
        'unsupported-version',
        'This QR code was made by a later version of the software.',
      );
    }
    list = reader.bytes(reader.uint16());
    envelopes = decodeEnvelopes(list);
    salt = reader.bytes(SALT_LENGTH);
    sealed = reader.bytes(reader.remaining);
  } catch (error) {
    if (error instanceof KeyAreaError) throw error;
    throw new KeyAreaError('damaged', 'The QR code was read, but its sealed report is not whole.', {
      cause: error,
    });
  }
  if (envelopes === undefined) {
    throw new KeyAreaError('damaged', 'The QR code was read, but its sealed report is not whole.');
  }
  for await (const key of keyring.keysFor(envelopes)) {
    const plain = await key.salted(salt).open('qr report', sealed, list);
    try {
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(inflate(plain, MAX_REPORT_BYTES));
    } catch (error) {
      throw new KeyAreaError('damaged', 'The sealed report opens, but does not unpack.', { cause: error });
    }
  }
  throw wrongKey('This key does not open the report.', envelopes);
}
