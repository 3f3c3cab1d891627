import { createHash } from 'node:crypto';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '../scripts/lib/files.mjs';
import { toDicomJson } from './dicomJson.mjs';
import { NotDicomError, readDicomObject } from './dicomObject.mjs';

/** @typedef {import('./dicomJson.mjs').JsonDataSet} JsonDataSet */

/**
 * @typedef {object} Instance one stored object: where its bytes are and what names and describes it
 * @property {string} path
 * @property {string} sopClassUID
 * @property {string} sopInstanceUID
 * @property {string} seriesInstanceUID
 * @property {string} studyInstanceUID
 * @property {string} transferSyntaxUID
 * @property {JsonDataSet} summary the attributes that queries match and answer
 */

/** @typedef {'no' | 'same' | 'different'} Known what was stored under a SOP Instance UID before */

/** PS3.18 tables 10.6.3-3 to 10.6.3-5: what QIDO-RS answers about a study, a series and an instance. */
const SUMMARY_TAGS = [
  ...['00080005', '00080020', '00080030', '00080050', '00080090', '00081030', '00100010', '00100020'],
  ...['00100030', '00100040', '0020000D', '00200010'],
  ...['00080021', '00080031', '00080060', '0008103E', '0020000E', '00200011', '00400244', '00400245'],
  ...['00080016', '00080018', '00200013', '00280008', '00280010', '00280011', '00280100'],
];

/**
 * DICOM files found in folders, plus those stored while the server runs. Files are only ever read;
 * what is stored goes to a folder of its own.
 */
export class Archive {
  /** @type {Map<string, Instance>} by SOP Instance UID */
  #instances = new Map();
  /** Files that were indexed: folders may lie in one another. */
  #paths = new Set();
  #storeFolder;
  /** Serialises `store`, so that two requests cannot both find a UID unknown. */
  #storing = /** @type {Promise<unknown>} */ (Promise.resolve());

  /** @param {string} storeFolder an existing folder for what is stored, not one of the data folders */
  constructor(storeFolder) {
    this.#storeFolder = storeFolder;
  }

  /**
   * Indexes every DICOM file below a folder.
   *
   * @param {string} folder
   * @returns {Promise<{ path: string, reason: string }[]>} the files left out, and why
   */
  async addFolder(folder) {
    const leftOut = [];
    for (const path of await listFiles(folder)) {
      if (this.#paths.has(path) || !(await hasPart10Prefix(path))) continue;
      const reason = await this.#addFile(path);
      if (reason) leftOut.push({ path, reason });
    }
    return leftOut;
  }

  /** @param {string} path */
  async #addFile(path) {
    try {
      const instance = describeInstance(await readFile(path), path);
      const known = this.#instances.get(instance.sopInstanceUID);
      if (known) return `${known.path} has the same SOP Instance UID`;
      this.#instances.set(instance.sopInstanceUID, instance);
      this.#paths.add(path);
      return undefined;
    } catch (error) {
      if (error instanceof NotDicomError) return error.message;
      throw error;
    }
  }

  /**
   * Stores a Part 10 file as it is. A second, different byte stream under a known SOP Instance UID is
   * not taken: viewers would go on showing the first one.
   *
   * @param {Uint8Array} bytes
   * @returns {Promise<Known>}
   * @throws {NotDicomError}
   */
  store(bytes) {
    const result = this.#storing.then(() => this.#store(bytes));
    this.#storing = result.catch(() => undefined);
    return result;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {Promise<Known>}
   */
  async #store(bytes) {
    const path = join(this.#storeFolder, `${createHash('sha256').update(bytes).digest('hex')}.dcm`);
    const instance = describeInstance(bytes, path);
    const known = this.#instances.get(instance.sopInstanceUID);
    if (known) {
      const same = Buffer.compare(await readFile(known.path), bytes) === 0;
      return same ? 'same' : 'different';
    }
    await writeFile(path, bytes);
    this.#instances.set(instance.sopInstanceUID, instance);
    return 'no';
  }

  /**
   * The studies in the order in which they came.
   *
   * @returns {string[]} Study Instance UIDs
   */
  studies() {
    return [...new Set([...this.#instances.values()].map((instance) => instance.studyInstanceUID))];
  }

  /**
   * The instances of a study, a series or one by one, in the order of their numbers.
   *
   * @param {{ study?: string | undefined, series?: string | undefined, instance?: string | undefined }} [uids]
   * @returns {Instance[]}
   */
  find({ study, series, instance } = {}) {
    return [...this.#instances.values()]
      .filter((candidate) => !study || candidate.studyInstanceUID === study)
      .filter((candidate) => !series || candidate.seriesInstanceUID === series)
      .filter((candidate) => !instance || candidate.sopInstanceUID === instance)
      .sort((a, b) => instanceNumber(a) - instanceNumber(b));
  }
}

/**
 * What the archive knows about a file's bytes.
 *
 * @param {Uint8Array} bytes
 * @param {string} [path] where they are or will be
 * @returns {Instance}
 * @throws {NotDicomError}
 */
export function describeInstance(bytes, path = '') {
  const { dataSet, ...names } = readDicomObject(bytes);
  const json = toDicomJson({ dataSet, ...names }, '');
  /** @type {JsonDataSet} */
  const summary = {};
  for (const tag of SUMMARY_TAGS.sort()) {
    if (json[tag]) summary[tag] = json[tag];
  }
  return { ...names, path, summary };
}

/**
 * The address under which WADO-RS hands an instance out, or the series or study it belongs to.
 *
 * @param {string} root the address of the DICOMweb service
 * @param {Instance} instance
 * @param {'studies' | 'series' | 'instances'} [level]
 */
export function retrieveUrl(
  root,
  { studyInstanceUID, seriesInstanceUID, sopInstanceUID },
  level = 'instances',
) {
  const study = `${root}/studies/${studyInstanceUID}`;
  if (level === 'studies') return study;
  const series = `${study}/series/${seriesInstanceUID}`;
  return level === 'series' ? series : `${series}/instances/${sopInstanceUID}`;
}

/** @param {Instance} instance */
function instanceNumber(instance) {
  return Number(instance.summary['00200013']?.Value?.[0] ?? 0);
}

/**
 * A folder of one's own may hold anything: only files that say they are DICOM are read whole.
 *
 * @param {string} path
 */
async function hasPart10Prefix(path) {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 128);
    return bytesRead === 4 && buffer.toString('latin1') === 'DICM';
  } finally {
    await file.close();
  }
}
