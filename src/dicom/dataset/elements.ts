import { ByteStream, bigEndianByteArrayParser, littleEndianByteArrayParser, readTag } from 'dicom-parser';
import { KeyAreaError } from '../../engine/errors';
import { formatTag, groupOf, TAG } from './tags';
import { type Coding, IMPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

/** Where a data element lies in its file. All offsets count bytes from the start of the file. */
export interface Element {
  readonly tag: number;
  /** As the file names it; undefined in implicit VR. */
  readonly vr: string | undefined;
  /** Of the tag. */
  readonly start: number;
  readonly valueStart: number;
  /** End of the value, before a sequence delimitation item. */
  readonly valueEnd: number;
  /** End of the element, a sequence delimitation item included: the next element starts here. */
  readonly end: number;
  /** A sequence or encapsulated pixel data that ends with a delimitation item (PS3.5, section 7.5). */
  readonly undefinedLength: boolean;
}

/** Representations with a 32-bit length in explicit VR (PS3.5, table 7.1-1). */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const UNDEFINED_LENGTH = 0xffffffff;
/** Deeper than any real object; keeps a hostile file from exhausting the stack. */
const MAX_DEPTH = 64;

/** True for a representation whose explicit VR length field has 32 bits. */
export const hasLongLength = (vr: string): boolean => LONG_VRS.has(vr);

/**
 * Reads elements one after the other, without ever looking further than their headers: values, and
 * items of sequences with a length, are skipped, not copied.
 *
 * Built on dicom-parser's byte stream, not on its data set: that keeps no spans, loses repeated
 * elements, takes the 64-bit representations OV, SV and UV for short ones and lets a file end early,
 * and a writer that promises to change nothing else can afford none of these.
 */
export class ElementReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #coding: Coding;
  readonly #stream: ByteStream | undefined;

  /** Reads `bytes` from `start` up to `end`. */
  constructor(bytes: Uint8Array, start: number, end: number, coding: Coding) {
    this.#bytes = bytes;
    this.#end = end;
    this.#coding = coding;
    const parser = coding.bigEndian ? bigEndianByteArrayParser : littleEndianByteArrayParser;
    // dicom-parser refuses a stream without bytes.
    this.#stream = start < end ? new ByteStream(parser, bytes, start) : undefined;
  }

  get position(): number {
    return this.#stream?.position ?? this.#end;
  }

  /** True where no byte is left. */
  get done(): boolean {
    return this.position >= this.#end;
  }

  /** The group number of the next element; undefined at the end. */
  peekGroup(): number | undefined {
    if (this.#stream === undefined || this.position + 2 > this.#end) return undefined;
    const group = this.#stream.readUint16();
    this.#stream.seek(-2);
    return group;
  }

  /**
   * Reads the next element and moves to its end.
   * Throws `truncated` where the file ends inside it, `not-dicom` where it is no element.
   */
  next(depth = 0): Element {
    const start = this.position;
    const { tag, vr, length } = this.#header();
    const stream = this.#stream as ByteStream;
    const valueStart = this.position;
    const undefinedLength = length === UNDEFINED_LENGTH;
    if (undefinedLength) {
      // Whatever the coding around it, UN of undefined length holds implicit VR (PS3.5, section 6.2.2).
      const coding = vr === 'UN' ? IMPLICIT_LITTLE_ENDIAN : this.#coding;
      const { valueEnd, end } = skipItems(this.#bytes, valueStart, this.#end, coding, tag, depth);
      stream.seek(end - valueStart);
      return { tag, vr, start, valueStart, valueEnd, end, undefinedLength };
    }
    this.#need(length, tag);
    stream.seek(length);
    const end = valueStart + length;
    return { tag, vr, start, valueStart, valueEnd: end, end, undefinedLength };
  }

  #need(length: number, tag?: number): void {
    const left = this.#end - this.position;
    if (length <= left) return;
    const where = tag === undefined ? 'an element header' : `element ${formatTag(tag)}`;
    throw new KeyAreaError(
      'truncated',
      `The file ends inside ${where}: ${length} bytes are announced, ${left} are left. It is incomplete or damaged; get it again from its source.`,
    );
  }

  #header(): { tag: number; vr: string | undefined; length: number } {
    this.#need(8);
    const stream = this.#stream as ByteStream;
    const tag = Number.parseInt(readTag(stream).slice(1), 16);
    const isItem = groupOf(tag) === 0xfffe;
    if (!this.#coding.explicit || isItem) return { tag, vr: undefined, length: stream.readUint32() };
    const vr = String.fromCharCode(this.#bytes[this.position], this.#bytes[this.position + 1]);
    if (!/^[A-Z]{2}$/.test(vr)) {
      throw new KeyAreaError(
        'not-dicom',
        `Element ${formatTag(tag)} has no value representation: the file is damaged, or not coded as its transfer syntax says. Get it again from its source.`,
      );
    }
    stream.seek(2);
    if (!hasLongLength(vr)) return { tag, vr, length: stream.readUint16() };
    this.#need(6, tag);
    stream.seek(2);
    return { tag, vr, length: stream.readUint32() };
  }
}

/**
 * Finds the end of items that a sequence delimitation item closes: the items of a sequence, or the
 * fragments of encapsulated pixel data (PS3.5, sections 7.5 and A.4).
 */
function skipItems(
  bytes: Uint8Array,
  start: number,
  limit: number,
  coding: Coding,
  tag: number,
  depth: number,
): { valueEnd: number; end: number } {
  if (depth >= MAX_DEPTH) {
    throw new KeyAreaError('not-dicom', `Element ${formatTag(tag)} is nested more than ${MAX_DEPTH} deep.`);
  }
  let position = start;
  for (;;) {
    const item = readItemHeader(bytes, position, limit, coding, tag);
    if (item.tag === TAG.SequenceDelimitation)
      return { valueEnd: position, end: item.valueStart + item.length };
    if (!item.undefinedLength) {
      position = item.valueStart + item.length;
      continue;
    }
    const reader = new ElementReader(bytes, item.valueStart, limit, coding);
    let inner: Element;
    do {
      inner = reader.next(depth + 1);
    } while (inner.tag !== TAG.ItemDelimitation);
    position = inner.end;
  }
}

/** An item, or the delimitation item that ends its sequence (PS3.5, section 7.5). */
export interface ItemHeader {
  readonly tag: number;
  readonly valueStart: number;
  readonly length: number;
  /** The item ends with a delimitation item of its own; `length` says nothing. */
  readonly undefinedLength: boolean;
}

/**
 * Reads the header at which an item of `sequence` should start.
 * Throws `not-dicom` where none does, `truncated` where it reaches beyond `limit`.
 */
export function readItemHeader(
  bytes: Uint8Array,
  position: number,
  limit: number,
  coding: Coding,
  sequence: number,
): ItemHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !coding.bigEndian;
  const valueStart = position + 8;
  if (valueStart <= limit) {
    const tag = view.getUint16(position, little) * 0x10000 + view.getUint16(position + 2, little);
    const length = view.getUint32(position + 4, little);
    if (tag !== TAG.Item && tag !== TAG.SequenceDelimitation) {
      throw new KeyAreaError(
        'not-dicom',
        `Element ${formatTag(sequence)} holds ${formatTag(tag)} where an item should start: the file is damaged. Get it again from its source.`,
      );
    }
    const undefinedLength = tag === TAG.Item && length === UNDEFINED_LENGTH;
    if (undefinedLength || valueStart + length <= limit) return { tag, valueStart, length, undefinedLength };
  }
  throw new KeyAreaError(
    'truncated',
    `The file ends inside element ${formatTag(sequence)}, before its last item. It is incomplete or damaged; get it again from its source.`,
  );
}
