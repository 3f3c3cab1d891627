/** Bytes of the largest text file that is read: no report may be longer. */
const LARGEST = 64 * 1024;

/** What UTF-16 begins with, as read in little and in big endian; UTF-8 needs none. */
const BYTE_ORDER_MARKS = [
  { encoding: 'utf-16le', mark: [0xff, 0xfe] },
  { encoding: 'utf-16be', mark: [0xfe, 0xff] },
];

/** What a text file cannot be loaded for. */
export type ReportFileFault = 'too-long' | 'not-utf-8';

/**
 * The text of a report's file, without byte order mark and the white space around it: UTF-8, or UTF-16 that
 * begins with a byte order mark. Any other encoding is refused, since guessing would put wrong letters into
 * a report.
 */
export async function readReportFile(file: Blob): Promise<{ report: string } | { fault: ReportFileFault }> {
  if (file.size > LARGEST) return { fault: 'too-long' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const marked = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  const text = decode(bytes, marked?.encoding ?? 'utf-8');
  // UTF-16 without its mark looks like UTF-8, but for the zeros.
  return text === undefined || text.includes('\0') ? { fault: 'not-utf-8' } : { report: text.trim() };
}

/** Undefined where the bytes are not of this encoding. */
function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
