import { writeFilePart } from '../../dicom/web/multipart';
import { refusalIn } from '../../dicom/web/stowRs';
import { askForObject, type ObjectUids, objectIn, objectPath } from '../../dicom/web/wadoRs';
import { KeyAreaError } from '../../engine/index';
import { CommandError } from '../commandError';
import type { JsonObject } from './json';
import { Listing } from './listing';
import { type Answer, Transport, type TransportOptions } from './transport';

/** What a search is for, beside where. */
export interface Search {
  /** Attributes, by keyword, and the values that they are to have. */
  readonly match?: Readonly<Record<string, string>>;
  /** So many are enough. */
  readonly most?: number;
  /** How many there are as the server counts them, where anything tells. */
  readonly counted?: (objects: readonly JsonObject[]) => number | undefined;
}

/** A part of a list, its length in bytes, and whether the server warns that it leaves out more. */
interface Page {
  readonly objects: readonly JsonObject[];
  readonly bytes: number;
  readonly tellsOfMore: boolean;
}

/** Largest object that is fetched, in bytes. */
const MAX_OBJECT_BYTES = 2 ** 30;
/** Longest list that is read, in bytes, all its pages together; and objects that are asked for at a time. */
const MAX_LIST_BYTES = 2 ** 26;
const PAGE = 1000;
/** Most objects that a search may find, and pages: many times the images of the largest study. */
const MAX_FOUND = 100_000;
const MAX_PAGES = 1000;
/** Longest answer to a store. */
const MAX_STORE_ANSWER_BYTES = 2 ** 20;

const JSON_TYPE = 'application/dicom+json';

/** The warning that results were left out (PS3.18, section 8.3.4.4); others have the same number. */
const MORE_RESULTS = /\b299\b.*\bresults\b/i;

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
   * Searches (QIDO-RS, section 10.6), page by page, until a page brings nothing new: servers may list
   * fewer at a time than they are asked for. Objects are told apart by the UID that the list is of.
   *
   * Throws `server-unreachable` where the list has no end within reason, and `server-refused` where the server listed only a part: where there are fewer than it counts, or,
   * where it counts none, where it says that there are more (section 8.3.4.4), or lists no further page.
   * @param path such as `/studies/1.2.3/instances`
   * @param fields tags to include in the answer
   */
  async search(
    path: string,
    fields: readonly string[],
    { match = {}, most, counted = () => undefined }: Search = {},
  ): Promise<JsonObject[]> {
    const limit = Math.min(PAGE, most ?? PAGE);
    const listing = new Listing(path);
    let [bytesLeft, offset, toldOfMore] = [MAX_LIST_BYTES, 0, false];
    for (let pages = 0; pages < MAX_PAGES && listing.size <= MAX_FOUND; pages++) {
      const query = new URLSearchParams(match);
      for (const field of fields) query.append('includefield', field);
      query.set('limit', `${limit}`);
      query.set('offset', `${offset}`);
      const page = await this.#list(`${path}?${query}`, bytesLeft);
      bytesLeft -= page.bytes;
      offset += page.objects.length;
      const bringsNew = listing.add(page.objects);
      if (most !== undefined && listing.size >= most) return listing.objects.slice(0, most);
      // A server that takes no notice of the offset gives the same page again.
      if (!bringsNew) {
        const { objects, named } = listing;
        const isCutShort = toldOfMore || page.tellsOfMore || page.objects.length === limit;
        if (most === undefined) this.#checkWhole(path, named, counted(objects), isCutShort);
        return objects;
      }
      toldOfMore = page.tellsOfMore;
    }
    throw new CommandError(
      'server-unreachable',
      `${this.root} lists more than ${MAX_FOUND} objects, or in more than ${MAX_PAGES} pages (${path}). Check the address, or raise the number of results that the server gives at a time.`,
    );
  }

  #checkWhole(path: string, listed: number, counted: number | undefined, isCutShort: boolean): void {
    if (counted === undefined ? !isCutShort : listed >= counted) return;
    const all = counted === undefined ? ', and there are more' : ` of ${counted}`;
    throw new CommandError(
      'server-refused',
      `${this.root} listed only ${listed}${all} (${path}). Raise the number of results that the server gives, or export the images into a folder and name that.`,
    );
  }

  /** An object's attributes but for the bulky ones (WADO-RS, section 10.4). */
  async metadata(uids: ObjectUids): Promise<JsonObject> {
    const { objects } = await this.#list(`${objectPath(uids)}/metadata`);
    return objects[0] ?? {};
  }

  async #list(path: string, limit = MAX_LIST_BYTES): Promise<Page> {
    const url = new URL(this.root + path);
    const answer = await this.#transport.request(url, {
      headers: { Accept: JSON_TYPE },
      limit,
    });
    const bytes = answer.body.length;
    if (answer.status === 204 || answer.status === 404) return { objects: [], bytes, tellsOfMore: false };
    if (answer.status !== 200) throw refused(this.root, answer, 'search');
    const list = parseJson(answer);
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'object' && item !== null)) {
      throw new CommandError(
        'server-unreachable',
        `${this.root} does not answer as DICOMweb does. Check the address.`,
      );
    }
    return { objects: list, bytes, tellsOfMore: MORE_RESULTS.test(answer.warning) };
  }

  /** An object as it is stored, or as a server gives it that does not know that request; undefined where there is none. */
  async retrieve(uids: ObjectUids): Promise<Uint8Array | undefined> {
    const url = new URL(this.nameOf(uids));
    const answer = await askForObject((accept) =>
      this.#transport.request(url, { headers: { Accept: accept }, limit: MAX_OBJECT_BYTES }),
    );
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.status !== 200) throw refused(this.root, answer, 'hand the object out');
    const file = objectIn(answer.body, answer.contentType);
    if (file === undefined) {
      throw new CommandError(
        'server-unreachable',
        `${this.root} did not send a whole DICOM object. Try again.`,
      );
    }
    return file;
  }

  /**
   * Stores one object (STOW-RS, section 10.5). Throws `server-refused` where the answer is not that it was stored.
   *
   * @param onSend called before it is sent
   */
  async store(file: Uint8Array, onSend: () => void = () => {}): Promise<void> {
    const { contentType, body } = writeFilePart(file);
    const url = new URL(`${this.root}/studies`);
    const headers = { 'Content-Type': contentType, Accept: JSON_TYPE };
    const answer = await this.#transport.request(url, {
      method: 'POST',
      headers,
      body,
      limit: MAX_STORE_ANSWER_BYTES,
      onSend,
    });
    const refusal = refusalIn(new TextDecoder().decode(answer.body));
    if (refusal !== undefined)
      throw new CommandError('server-refused', `${this.root} did not store the object. ${refusal}`);
    if (answer.status !== 200 && answer.status !== 202) throw refused(this.root, answer, 'store the object');
  }

  /** What an object is called in what is printed. */
  nameOf(uids: ObjectUids): string {
    return this.root + objectPath(uids);
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
