/** VRs whose length field has 32 bits (PS3.5 section 7.1.2). */
const LONG_LENGTH = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

/**
 * @typedef {object} NewElement
 * @property {number} tag group and element as one number, such as 0x00100010
 * @property {string} vr
 * @property {string | number | Uint8Array} value numbers are for US and UL
 */

/**
 * Writes a Part 10 file in Explicit VR Little Endian (PS3.10 section 7.1, PS3.5 section 7.1.2).
 *
 * @param {NewElement[]} elements the data set, in the order of its tags, with its SOP class and instance
 * @returns {Buffer}
 */
export function writePart10(elements) {
  /** @param {number} tag */
  const find = (tag) => elements.find((element) => element.tag === tag)?.value ?? '';
  const meta = Buffer.concat(
    [
      { tag: 0x00020001, vr: 'OB', value: new Uint8Array([0, 1]) },
      { tag: 0x00020002, vr: 'UI', value: find(0x00080016) },
      { tag: 0x00020003, vr: 'UI', value: find(0x00080018) },
      { tag: 0x00020010, vr: 'UI', value: '1.2.840.10008.1.2.1' },
      { tag: 0x00020012, vr: 'UI', value: '2.25.95316470121403862218573364410968201527' },
    ].map(writeElement),
  );
  const metaLength = writeElement({ tag: 0x00020000, vr: 'UL', value: meta.length });
  const preamble = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
  return Buffer.concat([preamble, metaLength, meta, ...elements.map(writeElement)]);
}

/** @param {NewElement} element */
function writeElement({ tag, vr, value }) {
  const bytes = valueBytes(vr, value);
  const header = Buffer.alloc(LONG_LENGTH.has(vr) ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4, 'latin1');
  if (LONG_LENGTH.has(vr)) header.writeUInt32LE(bytes.length, 8);
  else header.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([header, bytes]);
}

/**
 * @param {string} vr
 * @param {string | number | Uint8Array} value
 */
function valueBytes(vr, value) {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(vr === 'UL' ? 4 : 2);
    bytes.writeUIntLE(value, 0, bytes.length);
    return bytes;
  }
  if (typeof value !== 'string') return Buffer.from(value);
  // Values have an even length: UIDs are padded with NUL, other text with a space.
  const padding = value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ';
  return Buffer.from(value + padding, 'latin1');
}
