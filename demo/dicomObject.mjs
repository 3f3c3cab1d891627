import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';

/** @typedef {import('dicom-parser').DataSet} DataSet */
/** @typedef {import('dicom-parser').Element} Element */

const PIXEL_DATA = 'x7fe00010';
const ITEM = 0xe000fffe;
const UNDEFINED_LENGTH = 0xffffffff;

export const TransferSyntax = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
};

/** Thrown for bytes that are not a DICOM Part 10 file this server can index. */
export class NotDicomError extends Error {}

/**
 * @typedef {object} DicomObject
 * @property {DataSet} dataSet everything before the pixel data, and the pixel data's own element
 * @property {string} transferSyntaxUID
 * @property {string} sopClassUID
 * @property {string} sopInstanceUID
 * @property {string} seriesInstanceUID
 * @property {string} studyInstanceUID
 */

/**
 * Parses a Part 10 file up to its pixel data.
 *
 * @param {Uint8Array} bytes
 * @returns {DicomObject}
 * @throws {NotDicomError} when the bytes cannot be parsed or a UID that names the object is missing
 */
export function readDicomObject(bytes) {
  const dataSet = parse(bytes);
  const object = {
    dataSet,
    transferSyntaxUID: dataSet.string('x00020010') ?? TransferSyntax.implicitLittleEndian,
    sopClassUID: dataSet.string('x00080016') ?? '',
    sopInstanceUID: dataSet.string('x00080018') ?? '',
    seriesInstanceUID: dataSet.string('x0020000e') ?? '',
    studyInstanceUID: dataSet.string('x0020000d') ?? '',
  };
  for (const uid of [object.sopInstanceUID, object.seriesInstanceUID, object.studyInstanceUID]) {
    if (!/^[0-9.]{1,64}$/.test(uid)) throw new NotDicomError('A UID that names the object is missing');
  }
  return object;
}

/** @param {Uint8Array} bytes */
function parse(bytes) {
  try {
    return dicomParser.parseDicom(bytes, { untilTag: PIXEL_DATA, inflater });
  } catch (cause) {
    // dicom-parser throws strings and plain objects as well as errors.
    throw new NotDicomError('Not a DICOM Part 10 file', { cause });
  }
}

/**
 * dicom-parser's own inflater does not work in Node.
 *
 * @param {Uint8Array} bytes the whole file
 * @param {number} position where the deflated data set starts
 */
function inflater(bytes, position) {
  return Buffer.concat([bytes.subarray(0, position), inflateRawSync(bytes.subarray(position))]);
}

/**
 * The pixel data of each frame, as WADO-RS hands it out: the compressed bit stream of an encapsulated
 * frame, or the little-endian cells of a native one (DICOM PS3.18 section 8.7.3).
 *
 * @param {DicomObject} object
 * @returns {Buffer[]} empty where the object has no pixel data
 */
export function readFrames(object) {
  const { dataSet } = object;
  const element = dataSet.elements[PIXEL_DATA];
  if (!element) return [];
  const count = dataSet.intString('x00280008') ?? 1;
  if (element.length === UNDEFINED_LENGTH || element.hadUndefinedLength) {
    return joinFragments(readFragments(dataSet.byteArray, element.dataOffset), count);
  }
  return splitNative(object, element, count);
}

/**
 * @param {DicomObject} object
 * @param {Element} element
 * @param {number} count
 */
function splitNative({ dataSet, transferSyntaxUID }, element, count) {
  const bitsAllocated = dataSet.uint16('x00280100') ?? 8;
  const samples = dataSet.uint16('x00280002') ?? 1;
  const cells = (dataSet.uint16('x00280010') ?? 0) * (dataSet.uint16('x00280011') ?? 0) * samples;
  const frameBytes = (cells * bitsAllocated) / 8;
  if (!Number.isInteger(frameBytes)) return [];
  const frames = [];
  for (let index = 0; index < count; index++) {
    const start = element.dataOffset + index * frameBytes;
    const frame = Buffer.from(dataSet.byteArray.subarray(start, start + frameBytes));
    if (transferSyntaxUID === TransferSyntax.explicitBigEndian && bitsAllocated === 16) frame.swap16();
    frames.push(frame);
  }
  return frames;
}

/**
 * The items of an encapsulated Pixel Data element (DICOM PS3.5 section A.4); the first is the Basic
 * Offset Table.
 *
 * @param {Uint8Array} bytes
 * @param {number} position
 */
function readFragments(bytes, position) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items = [];
  let at = position;
  while (at + 8 <= bytes.length && view.getUint32(at, true) === ITEM) {
    const length = view.getUint32(at + 4, true);
    items.push({ position: at, data: Buffer.from(bytes.subarray(at + 8, at + 8 + length)) });
    at += 8 + length;
  }
  return items;
}

/**
 * @param {{ position: number, data: Buffer }[]} items
 * @param {number} count the number of frames
 */
function joinFragments([offsetTable, ...fragments], count) {
  if (!offsetTable || fragments.length === 0) return [];
  if (fragments.length === count) return fragments.map((fragment) => fragment.data);
  if (count === 1) return [Buffer.concat(fragments.map((fragment) => fragment.data))];
  const firstFragment = fragments[0]?.position ?? 0;
  /** @type {number[]} */
  const starts = [];
  for (let at = 0; at + 4 <= offsetTable.data.length; at += 4) starts.push(offsetTable.data.readUInt32LE(at));
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const own = fragments.filter(({ position }) => {
      const offset = position - firstFragment;
      return offset >= start && offset < end;
    });
    return Buffer.concat(own.map((fragment) => fragment.data));
  });
}
