import { createServer } from 'node:http';
import { siteV3 } from './appConfig.mjs';
import { handleDicomWeb } from './dicomWeb.mjs';
import { HttpError, send } from './http.mjs';
import { forward } from './proxy.mjs';
import { sendFile } from './staticFiles.mjs';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

const EXTENSION_PATH = '/extensions/key-area-protection';
const DICOM_WEB_PATH = '/dicomweb';
const LOOPBACK = '127.0.0.1';
const PORTS_TRIED = 20;
const MAXIMUM_BODY_BYTES = 256 * 1024 * 1024;

/**
 * What a careful site sends. Inline scripts and workers from blob URLs are the viewer's own; everything
 * of this extension is a file beside it.
 *
 * @param {string} [more] a further source of scripts
 */
const contentSecurityPolicy = (more = '') =>
  [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'${more}`,
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' blob: data:",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const PAGE_POLICY = contentSecurityPolicy();

/**
 * A worker follows the policy of its own script. The viewer's decoders for compressed images make code
 * from strings; its page and this extension do not need to.
 */
const VIEWER_SCRIPT_POLICY = contentSecurityPolicy(" 'unsafe-eval'");

/**
 * @typedef {object} DemoServerOptions
 * @property {string} viewerFolder the unmodified viewer's built files
 * @property {string} extensionFolder this project's `dist/ohif`, or the folder of what the site loads instead
 * @property {typeof siteV3} [site] what the site writes itself; that of OHIF v3 if left out
 * @property {import('./archive.mjs').Archive} archive
 * @property {URL} [dicomWeb] a DICOMweb service to pass requests on to, instead of the archive
 * @property {number} [port] the first port to try; any free one if 0
 * @property {number} [maximumBodyBytes] of one request
 */

/**
 * Serves the viewer, this extension and a DICOMweb service from one origin, on the loopback interface
 * only.
 *
 * @param {DemoServerOptions} options
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function startDemoServer(options) {
  const server = createServer((request, response) => {
    handle(options, server, request, response).catch((error) => sendError(response, error));
  });
  const port = await listen(server, options.port ?? 3000);
  return {
    origin: `http://${LOOPBACK}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} firstPort
 * @returns {Promise<number>}
 */
async function listen(server, firstPort) {
  const ports = Array.from({ length: PORTS_TRIED }, (_, index) => firstPort + index).filter(
    (port) => port < 65536,
  );
  for (const port of firstPort === 0 ? [0] : [...ports, 0]) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, LOOPBACK, () => resolve(server.off('error', reject)));
      });
      return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    }
  }
  throw new Error('No free port was found');
}

/**
 * @param {DemoServerOptions} options
 * @param {import('node:http').Server} server
 * @param {Request} request
 * @param {Response} response
 */
async function handle(options, server, request, response) {
  const origin = `http://${LOOPBACK}:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  refuseForeign(request, new URL(origin).port);
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-cache');

  const address = request.url ?? '/';
  const [path = '/'] = address.split('?', 1);
  if (isBelow(path, DICOM_WEB_PATH)) {
    const root = `http://${request.headers.host}${DICOM_WEB_PATH}`;
    const rest = address.slice(DICOM_WEB_PATH.length) || '/';
    if (options.dicomWeb) await forward({ target: options.dicomWeb, root }, request, response, rest);
    else {
      const { archive, maximumBodyBytes = MAXIMUM_BODY_BYTES } = options;
      await handleDicomWeb({ archive, root, maximumBodyBytes }, request, response, rest);
    }
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new HttpError(405, 'GET only');
  const { site = siteV3 } = options;
  // The viewer routes by path: what names no file is one of its pages.
  const file = hasExtension(path) ? path : '/index.html';
  const written = site({ extensionPath: EXTENSION_PATH, dicomWebPath: DICOM_WEB_PATH })[file];
  if (written) {
    send(response, { contentType: written.contentType, chunks: [Buffer.from(written.text)] });
  } else if (path.startsWith(`${EXTENSION_PATH}/`) && hasExtension(path)) {
    await sendFile(response, options.extensionFolder, path.slice(EXTENSION_PATH.length));
  } else {
    if (path.endsWith('.js')) response.setHeader('Content-Security-Policy', VIEWER_SCRIPT_POLICY);
    await sendFile(response, options.viewerFolder, file);
  }
}

/**
 * @param {string} path
 * @param {string} parent
 */
function isBelow(path, parent) {
  return path === parent || path.startsWith(`${parent}/`);
}

/**
 * True for the name of a file; a UID at the end of a page's address has digits only behind its last dot.
 *
 * @param {string} path
 */
function hasExtension(path) {
  return /\.\d*[A-Za-z][A-Za-z\d]*$/.test(path);
}

/**
 * Patient data may be served here: a page of another origin must not reach it, neither by a name that
 * is made to resolve to this machine nor by a request across origins.
 *
 * @param {Request} request
 * @param {string} port
 */
function refuseForeign(request, port) {
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  const { host = '', origin } = request.headers;
  if (!hosts.includes(host)) throw new HttpError(403, 'This server answers to its own address only');
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) {
    throw new HttpError(403, 'This server answers to its own pages only');
  }
}

/**
 * @param {Response} response
 * @param {unknown} error
 */
function sendError(response, error) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof HttpError ? error.status : 500;
  const message = error instanceof Error ? error.message : 'Internal error';
  // A body that was not read to its end leaves the connection unusable.
  response.setHeader('Connection', 'close');
  send(response, { status, contentType: 'text/plain; charset=utf-8', chunks: [Buffer.from(message)] });
}
