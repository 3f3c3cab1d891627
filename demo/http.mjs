/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** An answer other than success; `message` is sent as plain text. */
export class HttpError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {Response} response
 * @param {{ status?: number, contentType: string, chunks: Uint8Array[] }} content
 */
export function send(response, { status = 200, contentType, chunks }) {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': length });
  for (const chunk of chunks) response.write(chunk);
  response.end();
}

/**
 * @param {Response} response
 * @param {unknown} value
 * @param {{ status?: number, contentType?: string }} [options]
 */
export function sendJson(response, value, { status = 200, contentType = 'application/json' } = {}) {
  send(response, { status, contentType, chunks: [Buffer.from(JSON.stringify(value))] });
}

/**
 * @param {Request} request
 * @param {number} maximumBytes
 * @returns {Promise<Buffer>}
 * @throws {HttpError} 413 as soon as more than `maximumBytes` are announced or have arrived
 */
export async function readBody(request, maximumBytes) {
  const tooLarge = new HttpError(413, `A request body may hold ${maximumBytes} bytes at most`);
  if (Number(request.headers['content-length'] ?? 0) > maximumBytes) throw tooLarge;
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maximumBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
