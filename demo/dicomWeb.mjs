import { readFile } from 'node:fs/promises';
import { retrieveUrl } from './archive.mjs';
import { DICOM_JSON, toDicomJson } from './dicomJson.mjs';
import { readDicomObject, readFrames, TransferSyntax } from './dicomObject.mjs';
import { HttpError, send, sendJson } from './http.mjs';
import { writeMultipart } from './multipart.mjs';
import { search } from './query.mjs';
import { storeInstances } from './store.mjs';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('./archive.mjs').Archive} Archive */
/** @typedef {import('./archive.mjs').Instance} Instance */

/**
 * @typedef {object} Service
 * @property {Archive} archive
 * @property {string} root the address of the service, without a closing slash
 * @property {number} maximumBodyBytes
 */

/** @typedef {{ study?: string | undefined, series?: string | undefined, instance?: string | undefined }} Uids */

/** The media type of one frame's compressed bit stream, PS3.18 table 8.7.3-5. */
const FRAME_MEDIA_TYPES = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
};

/**
 * Answers one DICOMweb request: QIDO-RS, WADO-RS (instances, metadata, frames, pixel data in bulk) and
 * STOW-RS of DICOM PS3.18.
 *
 * @param {Service} service
 * @param {Request} request
 * @param {Response} response
 * @param {string} path what follows the service's root, with its query
 * @throws {HttpError}
 */
export async function handleDicomWeb(service, request, response, path) {
  const url = new URL(path, 'http://service');
  const { uids, rest } = readPath(url.pathname);
  if (request.method === 'POST') {
    if (uids.series || (rest.join() !== 'studies' && !(uids.study && rest.length === 0))) throw notOffered();
    await storeInstances(service, request, response, uids.study);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new HttpError(405, 'GET and POST only');

  const [resource = '', argument = ''] = rest;
  const instances = service.archive.find(uids);
  if (resource === 'studies' || resource === 'series' || resource === 'instances') {
    if (rest.length > 1) throw notOffered();
    const answer = search(instances, resource, url.searchParams, service.root);
    sendJson(response, answer, { contentType: DICOM_JSON });
    return;
  }
  if (!uids.study) throw notOffered();
  if (instances.length === 0) throw new HttpError(404, 'No such study, series or instance');
  if (resource === '') await sendFiles(response, instances);
  else if (resource === 'metadata' && !argument) await sendMetadata(response, instances, service.root);
  else if (resource === 'frames' && uids.instance)
    await sendFrames(response, instances, frameNumbers(argument));
  else if (resource === 'bulkdata' && /^7FE000(08|09|10)$/.test(argument))
    await sendFrames(response, instances);
  else throw notOffered();
}

function notOffered() {
  return new HttpError(404, 'This DICOMweb service does not offer that');
}

/**
 * Splits `/studies/{uid}/series/{uid}/instances/{uid}/...` into the UIDs and what follows them.
 *
 * @param {string} pathname
 */
function readPath(pathname) {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  /** @type {Uids} */
  const uids = {};
  for (const [resource, level] of /** @type {const} */ ([
    ['studies', 'study'],
    ['series', 'series'],
    ['instances', 'instance'],
  ])) {
    if (segments[0] !== resource || !/^[0-9.]{1,64}$/.test(segments[1] ?? '')) break;
    uids[level] = segments[1];
    segments.splice(0, 2);
  }
  return { uids, rest: segments };
}

/**
 * @param {string} list frame numbers from 1, separated by commas
 */
function frameNumbers(list) {
  const numbers = list.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1)) {
    throw new HttpError(400, 'Frame numbers are whole numbers from 1, separated by commas');
  }
  return numbers;
}

/**
 * Every file exactly as it is stored, whatever transfer syntax it has.
 *
 * @param {Response} response
 * @param {Instance[]} instances
 */
async function sendFiles(response, instances) {
  const parts = [];
  for (const instance of instances) {
    const contentType = `application/dicom; transfer-syntax=${instance.transferSyntaxUID}`;
    parts.push({ contentType, data: await readFile(instance.path) });
  }
  send(response, writeMultipart(parts, 'application/dicom'));
}

/**
 * @param {Response} response
 * @param {Instance[]} instances
 * @param {string} root
 */
async function sendMetadata(response, instances, root) {
  const answers = [];
  for (const instance of instances) {
    const object = readDicomObject(await readFile(instance.path));
    answers.push(toDicomJson(object, `${retrieveUrl(root, instance)}/bulkdata`));
  }
  sendJson(response, answers, { contentType: DICOM_JSON });
}

/**
 * @param {Response} response
 * @param {Instance[]} instances one instance
 * @param {number[]} [numbers] frame numbers from 1; all frames if left out
 */
async function sendFrames(response, instances, numbers) {
  for (const instance of instances.slice(0, 1)) {
    const frames = readFrames(readDicomObject(await readFile(instance.path)));
    const compressed = FRAME_MEDIA_TYPES[/** @type {keyof FRAME_MEDIA_TYPES} */ (instance.transferSyntaxUID)];
    const type = compressed ?? 'application/octet-stream';
    // Native frames are handed out as little-endian cells, whatever the file has around them.
    const syntax = compressed ? instance.transferSyntaxUID : TransferSyntax.explicitLittleEndian;
    const parts = (numbers ?? frames.map((_, index) => index + 1)).map((number) => {
      const data = frames[number - 1];
      if (!data) throw new HttpError(404, `The instance has no frame ${number}`);
      return { contentType: `${type}; transfer-syntax=${syntax}`, data };
    });
    if (parts.length === 0) throw new HttpError(404, 'The instance has no pixel data in frames');
    send(response, writeMultipart(parts, type));
  }
}
