import { dictionary } from 'dcmjs/dictionary';
import { TransferSyntax } from './dicomObject.mjs';

/** @typedef {import('dicom-parser').DataSet} DataSet */
/** @typedef {import('dicom-parser').Element} Element */
/** @typedef {{ vr: string, Value?: unknown[], InlineBinary?: string, BulkDataURI?: string }} JsonElement */
/** @typedef {Record<string, JsonElement>} JsonDataSet one object of the DICOM JSON Model, PS3.18 Annex F */

/** The media type of the DICOM JSON Model. */
export const DICOM_JSON = 'application/dicom+json';

const PIXEL_DATA_TAGS = new Set(['7FE00008', '7FE00009', '7FE00010']);
const SINGLE_TEXT = new Set(['LT', 'ST', 'UT', 'UR']);
const BINARY = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

/** Reads one number of a binary VR: its size in bytes and how to get it. */
const BINARY_NUMBERS = {
  US: { size: 2, read: (/** @type {DataView} */ view, at = 0, little = true) => view.getUint16(at, little) },
  SS: { size: 2, read: (/** @type {DataView} */ view, at = 0, little = true) => view.getInt16(at, little) },
  UL: { size: 4, read: (/** @type {DataView} */ view, at = 0, little = true) => view.getUint32(at, little) },
  SL: { size: 4, read: (/** @type {DataView} */ view, at = 0, little = true) => view.getInt32(at, little) },
  FL: { size: 4, read: (/** @type {DataView} */ view, at = 0, little = true) => view.getFloat32(at, little) },
  FD: { size: 8, read: (/** @type {DataView} */ view, at = 0, little = true) => view.getFloat64(at, little) },
};

/** Specific Character Set to the label of a Node `TextDecoder`; the single-byte sets and UTF-8. */
const CHARACTER_SETS = {
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/**
 * The object's attributes in the DICOM JSON Model. Pixel data is left to a bulk data URI; text comes
 * out as UTF-8, and Specific Character Set says so.
 *
 * @param {import('./dicomObject.mjs').DicomObject} object
 * @param {string} bulkDataRoot the address under which bulk data is found by tag
 * @returns {JsonDataSet}
 */
export function toDicomJson(object, bulkDataRoot) {
  const context = {
    littleEndian: object.transferSyntaxUID !== TransferSyntax.explicitBigEndian,
    signed: object.dataSet.uint16('x00280103') === 1,
    decoder: textDecoder(object.dataSet),
  };
  const json = dataSetToJson(object.dataSet, context);
  for (const tag of PIXEL_DATA_TAGS) {
    const element = json[tag];
    if (element) json[tag] = { vr: element.vr, BulkDataURI: `${bulkDataRoot}/${tag}` };
  }
  dropEmptyWindow(json);
  if (json['00080005']) json['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  return json;
}

/**
 * A window without width shows nothing. Where a file has one (the demo's MR series does), viewers are
 * better served with none and take the range of the pixels; PS3.3 section C.11.2.1.2 asks for 1 at least.
 *
 * @param {JsonDataSet} json
 */
function dropEmptyWindow(json) {
  if ((json['00281051']?.Value ?? []).every((width) => Number(width) >= 1)) return;
  delete json['00281050'];
  delete json['00281051'];
}

/** @typedef {{ littleEndian: boolean, signed: boolean, decoder: TextDecoder }} Context */

/** @param {DataSet} dataSet */
function textDecoder(dataSet) {
  const label = dataSet.string('x00080005', 0) || dataSet.string('x00080005', 1) || '';
  return new TextDecoder(CHARACTER_SETS[/** @type {keyof CHARACTER_SETS} */ (label)] ?? 'latin1');
}

/**
 * @param {DataSet} dataSet
 * @param {Context} context
 * @returns {JsonDataSet}
 */
function dataSetToJson(dataSet, context) {
  /** @type {JsonDataSet} */
  const json = {};
  for (const element of Object.values(dataSet.elements)) {
    const tag = element.tag.slice(1).toUpperCase();
    // Group 0002 is the file's own header; group lengths are retired and not part of the model.
    if (tag.startsWith('0000') || tag.startsWith('0002') || tag.endsWith('0000')) continue;
    json[tag] = elementToJson(dataSet, element, tag, context);
  }
  return Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param {DataSet} dataSet
 * @param {Element} element
 * @param {string} tag
 * @param {Context} context
 * @returns {JsonElement}
 */
function elementToJson(dataSet, element, tag, context) {
  if (element.items) {
    const items = element.items.map((item) => (item.dataSet ? dataSetToJson(item.dataSet, context) : {}));
    return items.length > 0 ? { vr: 'SQ', Value: items } : { vr: 'SQ' };
  }
  const vr = element.vr ?? dictionaryVr(tag, context.signed);
  if (element.length === 0 || PIXEL_DATA_TAGS.has(tag)) return { vr };
  const bytes = Buffer.from(
    dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length),
  );
  if (BINARY.has(vr)) return { vr, InlineBinary: bytes.toString('base64') };
  const values = readValues(vr, bytes, context);
  return values.some((value) => value !== null) ? { vr, Value: values } : { vr };
}

/**
 * @param {string} vr
 * @param {Buffer} bytes
 * @param {Context} context
 * @returns {unknown[]}
 */
function readValues(vr, bytes, { littleEndian, decoder }) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (vr in BINARY_NUMBERS) {
    const { size, read } = BINARY_NUMBERS[/** @type {keyof BINARY_NUMBERS} */ (vr)];
    return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
      read(view, index * size, littleEndian),
    );
  }
  if (vr === 'AT') {
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => {
      const words = [view.getUint16(index * 4, littleEndian), view.getUint16(index * 4 + 2, littleEndian)];
      return words.map((word) => word.toString(16).padStart(4, '0').toUpperCase()).join('');
    });
  }
  // Text is padded to an even length with a space, UIDs with NUL (PS3.5 section 6.2).
  const text = decoder.decode(bytes).replace(/[\0 ]+$/, '');
  if (SINGLE_TEXT.has(vr)) return [text];
  return text.split('\\').map((value) => textValue(vr, value.trim()));
}

/**
 * @param {string} vr
 * @param {string} value
 */
function textValue(vr, value) {
  if (value === '') return null;
  if (vr === 'DS' || vr === 'IS') return Number.isFinite(Number(value)) ? Number(value) : null;
  if (vr !== 'PN') return value;
  const [alphabetic, ideographic, phonetic] = value.split('=');
  return {
    ...(alphabetic && { Alphabetic: alphabetic }),
    ...(ideographic && { Ideographic: ideographic }),
    ...(phonetic && { Phonetic: phonetic }),
  };
}

/**
 * The VR of an element in an implicit VR data set. The dictionary writes `xs` for US or SS and `ox`
 * for OB or OW, and `lt` for look-up table data.
 *
 * @param {string} tag
 * @param {boolean} signed
 */
function dictionaryVr(tag, signed) {
  const vr = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`]?.vr;
  if (vr === 'xs') return signed ? 'SS' : 'US';
  if (vr === 'ox' || vr === 'lt') return 'OW';
  return vr && /^[A-Z]{2}$/.test(vr) ? vr : 'UN';
}

/** @type {Map<string, string>} */
const tagsByKeyword = new Map();
for (const { tag, name } of Object.values(dictionary)) {
  if (/^\([0-9A-F]{4},[0-9A-F]{4}\)$/.test(tag)) tagsByKeyword.set(name, tag.replace(/[(),]/g, ''));
}

/**
 * The tag of a QIDO-RS query key, which is a keyword or the eight hexadecimal digits themselves.
 *
 * @param {string} key
 * @returns {string | undefined}
 */
export function tagOfQueryKey(key) {
  return /^[0-9A-Fa-f]{8}$/.test(key) ? key.toUpperCase() : tagsByKeyword.get(key);
}

/** @param {string} tag */
export function vrOfTag(tag) {
  return dictionaryVr(tag, false);
}
