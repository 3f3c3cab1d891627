import { randomUUID } from 'node:crypto';

const LINE_BREAK = '\r\n';
const HEADER_END = Buffer.from('\r\n\r\n');

/** Thrown for a body that is not well-formed multipart. */
export class MultipartError extends Error {}

/**
 * @typedef {object} Part
 * @property {string} contentType
 * @property {Uint8Array} data
 */

/**
 * A multipart/related body (RFC 2387) with each part's bytes as they are.
 *
 * @param {Part[]} parts at least one
 * @param {string} type the media type of the parts
 * @returns {{ contentType: string, chunks: Uint8Array[], length: number }}
 */
export function writeMultipart(parts, type) {
  const boundary = randomUUID();
  /** @type {Uint8Array[]} */
  const chunks = [];
  for (const part of parts) {
    const head = [
      `--${boundary}`,
      `Content-Type: ${part.contentType}`,
      `Content-Length: ${part.data.length}`,
      '',
      '',
    ];
    chunks.push(Buffer.from(head.join(LINE_BREAK)), part.data, Buffer.from(LINE_BREAK));
  }
  chunks.push(Buffer.from(`--${boundary}--${LINE_BREAK}`));
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    chunks,
    length: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
  };
}

/**
 * @param {Buffer} body
 * @param {string} contentType the request's Content-Type, which names the boundary
 * @returns {Part[]}
 * @throws {MultipartError}
 */
export function readMultipart(body, contentType) {
  const boundary = /boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))/i.exec(contentType);
  if (!boundary) throw new MultipartError('The Content-Type names no boundary');
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const next = Buffer.concat([Buffer.from(LINE_BREAK), delimiter]);
  /** @type {Part[]} */
  const parts = [];
  let start = body.indexOf(delimiter);
  if (start < 0) throw new MultipartError('The boundary does not occur in the body');
  start += delimiter.length;
  while (!isClosing(body, start)) {
    const headerEnd = body.indexOf(HEADER_END, start);
    const end = headerEnd < 0 ? -1 : body.indexOf(next, headerEnd + HEADER_END.length);
    if (end < 0) throw new MultipartError('The body ends inside a part');
    const header = body.toString('latin1', start, headerEnd);
    parts.push({
      contentType: /^content-type:\s*(.+)$/im.exec(header)?.[1]?.trim() ?? '',
      data: body.subarray(headerEnd + HEADER_END.length, end),
    });
    start = end + next.length;
  }
  if (parts.length === 0) throw new MultipartError('The body holds no part');
  return parts;
}

/**
 * @param {Buffer} body
 * @param {number} position just behind a delimiter
 */
function isClosing(body, position) {
  return body.toString('latin1', position, position + 2) === '--';
}
