import { readFirstPart, writeFilePart } from '../../dicom/multipart';
import { KeyAreaError } from '../../engine/index';
import { CommandError } from '../commandError';
import type { ObjectUids } from '../destination';
import { type Answer, Transport, type TransportOptions } from './transport';

/** An object in DICOM JSON (PS3.18, annex F), by tag. */
export type JsonObject = Readonly<
  Record<string, { readonly vr?: string; readonly Value?: readonly unknown[] } | undefined>
>;

/** Largest object that is fetched, in bytes. */
const MAX_OBJECT_BYTES = 2 ** 30;
/** Longest list that is read, in bytes, and objects that are asked for at a time. */
const MAX_LIST_BYTES = 2 ** 26;
const PAGE = 1000;
/** Most objects that a search may find: many times the images of the largest study. */
const MAX_FOUND = 100_000;
/** Longest answer to a store. */
const MAX_STORE_ANSWER_BYTES = 2 ** 20;

const JSON_TYPE = 'application/dicom+json';
const OBJECTS_TYPE = 'multipart/related; type="application/dicom"; transfer-syntax=*';

const TAGS = {
  failureReason: '00081197',
  failedSequence: '00081198',
  instance: '00080018',
};

/** True for a UID (PS3.5, section 9.1), near enough to be safe in an address and as a name of a file. */
export const isUid = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= 64 && /^\d+(\.\d+)*$/.test(text);

/** The values of an attribute; none where what a server sent is no object or holds none. */
export function valuesOf(object: unknown, tag: string): readonly unknown[] {
  const values = (object as JsonObject | null | undefined)?.[tag]?.Value;
  return Array.isArray(values) ? values : [];
}

/** The first value of an attribute. */
export const firstValue = (object: unknown, tag: string): unknown => valuesOf(object, tag)[0];

/** A DICOMweb service (PS3.18): searching, fetching and storing. */
export class DicomWebClient {
  /** Its address, without a closing slash. */
  readonly root: string;
  readonly #transport: Transport;

  /** Throws `invalid-argument` for addresses other than http and https, and for any that holds a password. */
  constructor(address: string, options: TransportOptions) {
    this.root = checkAddress(address, options.authorization !== undefined);
    this.#transport = new Transport(options);
  }

  /**
   * Searches (QIDO-RS, section 10.6), page by page.
   * @param path such as `/studies/1.2.3/instances`
   * @param fields tags to include in the answer
   */
  async search(path: string, fields: readonly string[]): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    const known = new Set<string>();
    for (let offset = 0; ; offset += PAGE) {
      const query = new URLSearchParams(fields.map((field) => ['includefield', field]));
      query.set('limit', `${PAGE}`);
      query.set('offset', `${offset}`);
      const page = await this.#list(`${path}?${query}`);
      // A server that takes no notice of the offset gives the same page again.
      const fresh = page.filter((object) => !known.has(JSON.stringify(object)));
      for (const object of fresh) known.add(JSON.stringify(object));
      found.push(...fresh);
      if (found.length > MAX_FOUND)
        throw new CommandError(
          'server-unreachable',
          `${this.root} lists more than ${MAX_FOUND} objects. Check the address.`,
        );
      if (page.length < PAGE || fresh.length === 0) return found;
    }
  }

  /** An object's attributes but for the bulky ones (WADO-RS, section 10.4). */
  async metadata(uids: ObjectUids): Promise<JsonObject> {
    const [metadata] = await this.#list(`${pathOf(uids)}/metadata`);
    return metadata ?? {};
  }

  async #list(path: string): Promise<JsonObject[]> {
    const url = new URL(this.root + path);
    const answer = await this.#transport.request(url, {
      headers: { Accept: JSON_TYPE },
      limit: MAX_LIST_BYTES,
    });
    if (answer.status === 204 || answer.status === 404) return [];
    if (answer.status !== 200) throw refused(this.root, answer, 'search');
    const list = parseJson(answer);
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'object' && item !== null)) {
      throw new CommandError(
        'server-unreachable',
        `${this.root} does not answer as DICOMweb does. Check the address.`,
      );
    }
    return list;
  }

  /** An object as it is stored (WADO-RS, section 10.4); undefined where there is none. */
  async retrieve(uids: ObjectUids): Promise<Uint8Array | undefined> {
    const url = new URL(this.root + pathOf(uids));
    const answer = await this.#transport.request(url, {
      headers: { Accept: OBJECTS_TYPE },
      limit: MAX_OBJECT_BYTES,
    });
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.status !== 200) throw refused(this.root, answer, 'hand the object out');
    if (/^application\/dicom\s*(;|$)/i.test(answer.contentType)) return answer.body;
    const file = readFirstPart(answer.body, answer.contentType);
    if (file === undefined) {
      throw new CommandError(
        'server-unreachable',
        `${this.root} did not send a whole DICOM object. Try again.`,
      );
    }
    return file;
  }

  /** Stores one object (STOW-RS, section 10.5). Throws `server-refused` where the answer is not that it was stored. */
  async store(file: Uint8Array): Promise<void> {
    const { contentType, body } = writeFilePart(file);
    const url = new URL(`${this.root}/studies`);
    const headers = { 'Content-Type': contentType, Accept: JSON_TYPE };
    const answer = await this.#transport.request(url, {
      method: 'POST',
      headers,
      body,
      limit: MAX_STORE_ANSWER_BYTES,
    });
    const failed = firstValue(parseJson(answer), TAGS.failedSequence);
    if (failed !== undefined) {
      const reason = Number(firstValue(failed, TAGS.failureReason));
      const hexadecimal = Number.isInteger(reason)
        ? ` (reason ${reason.toString(16).padStart(4, '0')}H)`
        : '';
      throw new CommandError('server-refused', `${this.root} did not store the object${hexadecimal}.`);
    }
    if (answer.status !== 200 && answer.status !== 202) throw refused(this.root, answer, 'store the object');
  }

  /** What an object is called in what is printed. */
  nameOf(uids: ObjectUids): string {
    return this.root + pathOf(uids);
  }
}

/** Names of this machine, where plain http is read by nobody on the way. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function checkAddress(address: string, withToken: boolean): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new KeyAreaError('invalid-argument', 'A DICOMweb address is like https://pacs.example/dicom-web.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new KeyAreaError('invalid-argument', 'A DICOMweb address begins with https:// or http://.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new KeyAreaError(
      'invalid-argument',
      'A DICOMweb address holds no user, password or query. Put what lets you in into a file, and give it with --token-file.',
    );
  }
  if (withToken && url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new KeyAreaError(
      'invalid-argument',
      'A token is sent by https only: over http anyone on the way could read it. Use the https address of the server.',
    );
  }
  return url.href.replace(/\/+$/, '');
}

const pathOf = ({ study, series, instance }: ObjectUids): string =>
  `/studies/${study}/series/${series}/instances/${instance}`;

const refused = (root: string, { status }: Answer, what: string): CommandError =>
  new CommandError('server-refused', `${root} did not ${what} (${status}).`);

/** Undefined where the body is no JSON. */
function parseJson({ body }: Answer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
