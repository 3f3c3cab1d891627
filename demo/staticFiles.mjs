import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HttpError } from './http.mjs';

const MEDIA_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.jsonc': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.onnx': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webapp': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

/**
 * Sends one file below a folder.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {string} folder
 * @param {string} path as in the address, percent-encoded
 * @throws {HttpError} 404 for what is not a file below the folder
 */
export async function sendFile(response, folder, path) {
  const file = resolveInside(folder, path);
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (!file || !found?.isFile()) throw new HttpError(404, 'Not found');
  const mediaType =
    MEDIA_TYPES[/** @type {keyof MEDIA_TYPES} */ (extname(file))] ?? 'application/octet-stream';
  response.writeHead(200, { 'Content-Type': mediaType, 'Content-Length': found.size });
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {string | undefined} undefined for a path that cannot be decoded or leads outside
 */
function resolveInside(folder, path) {
  try {
    const decoded = decodeURIComponent(path);
    const file = resolve(join(folder, decoded));
    return !decoded.includes('\0') && file.startsWith(resolve(folder) + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}
