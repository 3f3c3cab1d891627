import { randomUUID } from 'node:crypto';

/** Bodies of DICOMweb: multipart/related (RFC 2387) with each part's bytes as they are (PS3.18, section 8.6). */

const HEADER_END = Buffer.from('\r\n\r\n');
/** A boundary has 1 to 70 characters (RFC 2046, section 5.1.1). */
const BOUNDARY = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;,"]{1,70}))/i;

/** One file as the body of a store. */
export function writeFilePart(file: Uint8Array): { readonly contentType: string; readonly body: Buffer } {
  const boundary = randomUUID();
  const body = Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    file,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`, body };
}

/**
 * The content of the first part, as a view of the body; undefined where the body is not whole, or no
 * multipart.
 */
export function readFirstPart(body: Buffer, contentType: string): Uint8Array | undefined {
  if (!/^multipart\/related\b/i.test(contentType)) return undefined;
  const boundary = BOUNDARY.exec(contentType);
  if (boundary === null) return undefined;
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const start = body.indexOf(delimiter);
  const headerEnd = start < 0 ? -1 : body.indexOf(HEADER_END, start + delimiter.length);
  if (headerEnd < 0) return undefined;
  const from = headerEnd + HEADER_END.length;
  const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), from);
  return end < 0 ? undefined : body.subarray(from, end);
}
