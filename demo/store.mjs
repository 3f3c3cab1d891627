import { describeInstance, retrieveUrl } from './archive.mjs';
import { DICOM_JSON } from './dicomJson.mjs';
import { NotDicomError } from './dicomObject.mjs';
import { HttpError, readBody, sendJson } from './http.mjs';
import { MultipartError, readMultipart } from './multipart.mjs';

/** @typedef {import('./dicomJson.mjs').JsonDataSet} JsonDataSet */
/** @typedef {import('./dicomWeb.mjs').Service} Service */
/** @typedef {import('./archive.mjs').Instance} Instance */

/** Failure Reason (0008,1197) of a store transaction: PS3.18 table I.2-2, PS3.7 annex C. */
export const FailureReason = { duplicateInstance: 0x0111, wrongStudy: 0xa900, notUnderstood: 0xc000 };

/** @typedef {{ instance?: Instance, failure?: number }} Outcome */

/**
 * The store transaction of STOW-RS (PS3.18 section 10.5). Answers per instance: 200 when all were
 * stored, 202 when some were, 409 when none was.
 *
 * @param {Service} service
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} [study] the study that every instance has to belong to
 * @throws {HttpError}
 */
export async function storeInstances(service, request, response, study) {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/related\b/i.test(contentType))
    throw new HttpError(415, 'A store needs multipart/related');
  const parts = readParts(await readBody(request, service.maximumBodyBytes), contentType);
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const part of parts) outcomes.push(await storePart(service, part, study));
  const failed = outcomes.filter((outcome) => outcome.failure !== undefined).length;
  const status = failed === 0 ? 200 : failed < outcomes.length ? 202 : 409;
  sendJson(response, storeAnswer(outcomes, service.root), { status, contentType: DICOM_JSON });
}

/**
 * @param {Buffer} body
 * @param {string} contentType
 */
function readParts(body, contentType) {
  try {
    return readMultipart(body, contentType);
  } catch (error) {
    if (error instanceof MultipartError) throw new HttpError(400, error.message);
    throw error;
  }
}

/**
 * @param {Service} service
 * @param {import('./multipart.mjs').Part} part
 * @param {string | undefined} study
 * @returns {Promise<Outcome>}
 */
async function storePart({ archive }, part, study) {
  if (!/^application\/dicom(;|$)/i.test(part.contentType)) return { failure: FailureReason.notUnderstood };
  try {
    const instance = describeInstance(part.data);
    if (study && instance.studyInstanceUID !== study) return { instance, failure: FailureReason.wrongStudy };
    const known = await archive.store(part.data);
    return known === 'different' ? { instance, failure: FailureReason.duplicateInstance } : { instance };
  } catch (error) {
    if (error instanceof NotDicomError) return { failure: FailureReason.notUnderstood };
    throw error;
  }
}

/**
 * The Store Instances Response Module of PS3.18 annex I.
 *
 * @param {Outcome[]} outcomes
 * @param {string} root
 * @returns {JsonDataSet}
 */
function storeAnswer(outcomes, root) {
  const stored = outcomes.filter((outcome) => outcome.failure === undefined);
  const failed = outcomes.filter((outcome) => outcome.failure !== undefined);
  /** @type {JsonDataSet} */
  const answer = {};
  const [first] = stored;
  if (first?.instance) {
    answer['00081190'] = { vr: 'UR', Value: [retrieveUrl(root, first.instance, 'studies')] };
    answer['00081199'] = { vr: 'SQ', Value: stored.map((outcome) => reference(outcome, root)) };
  }
  if (failed.length > 0)
    answer['00081198'] = { vr: 'SQ', Value: failed.map((outcome) => reference(outcome, root)) };
  return answer;
}

/**
 * @param {Outcome} outcome
 * @param {string} root
 * @returns {JsonDataSet}
 */
function reference({ instance, failure }, root) {
  /** @type {JsonDataSet} */
  const item = {};
  if (instance) {
    item['00081150'] = { vr: 'UI', Value: [instance.sopClassUID] };
    item['00081155'] = { vr: 'UI', Value: [instance.sopInstanceUID] };
  }
  if (failure !== undefined) item['00081197'] = { vr: 'US', Value: [failure] };
  else if (instance) item['00081190'] = { vr: 'UR', Value: [retrieveUrl(root, instance)] };
  return item;
}
