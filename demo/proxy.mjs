import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { HttpError } from './http.mjs';

/** Headers that describe one connection, or this origin, and are not passed on (RFC 9110, 7.6.1). */
const NOT_FORWARDED = ['connection', 'host', 'keep-alive', 'origin', 'referer', 'te', 'upgrade', 'cookie'];

/**
 * Passes a request on to a DICOMweb service elsewhere, so that the viewer finds it under its own origin.
 * Addresses of that service inside JSON answers become addresses of this one.
 *
 * @param {{ target: URL, root: string }} service where it is, and the address it has here
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} path what follows the service's root, with its query
 */
export async function forward({ target, root }, request, response, path) {
  /** @type {import('node:http').OutgoingHttpHeaders} */
  const headers = { ...request.headers, 'accept-encoding': 'identity' };
  for (const name of NOT_FORWARDED) delete headers[name];
  if (target.username) {
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  const base = `${target.origin}${target.pathname.replace(/\/$/, '')}`;
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = send(new URL(base + path), { method: request.method, headers });
  request.pipe(outgoing);
  const answer = await answerOf(outgoing);

  const answerHeaders = { ...answer.headers };
  delete answerHeaders.connection;
  if (!/json/.test(answer.headers['content-type'] ?? '')) {
    response.writeHead(answer.statusCode ?? 502, answerHeaders);
    await pipeline(answer, response);
    return;
  }
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8').replaceAll(base, root);
  delete answerHeaders['content-length'];
  delete answerHeaders['transfer-encoding'];
  response.writeHead(answer.statusCode ?? 502, answerHeaders).end(text);
}

/**
 * @param {import('node:http').ClientRequest} outgoing
 * @returns {Promise<import('node:http').IncomingMessage>}
 */
function answerOf(outgoing) {
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', (cause) =>
      reject(new HttpError(502, `The DICOMweb service does not answer: ${cause.message}`)),
    );
  });
}
