/** Bodies of DICOMweb: multipart/related (RFC 2387) with each part's bytes as they are (PS3.18, section 8.6). */

/** A boundary has 1 to 70 characters (RFC 2046, section 5.1.1). */
const BOUNDARY = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;,"]{1,70}))/i;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEADER_END = ascii('\r\n\r\n');

/** One file as the body of a store. */
export function writeFilePart(file: Uint8Array): {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
} {
  const boundary = crypto.randomUUID();
  const head = ascii(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const tail = ascii(`\r\n--${boundary}--\r\n`);
  const body = new Uint8Array(head.length + file.length + tail.length);
  body.set(head);
  body.set(file, head.length);
  body.set(tail, head.length + file.length);
  return { contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`, body };
}

/**
 * The content of the first part, as a view of the body; undefined where the body is not whole, or no
 * multipart.
 */
export function readFirstPart(body: Uint8Array, contentType: string): Uint8Array | undefined {
  if (!/^multipart\/related\b/i.test(contentType)) return undefined;
  const boundary = BOUNDARY.exec(contentType);
  if (boundary === null) return undefined;
  const delimiter = `--${boundary[1] ?? boundary[2]}`;
  const start = indexOf(body, ascii(delimiter), 0);
  const headerEnd = start < 0 ? -1 : indexOf(body, HEADER_END, start + delimiter.length);
  if (headerEnd < 0) return undefined;
  const from = headerEnd + HEADER_END.length;
  const end = indexOf(body, ascii(`\r\n${delimiter}`), from);
  return end < 0 ? undefined : body.subarray(from, end);
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
