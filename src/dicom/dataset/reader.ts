import { KeyAreaError } from '../../engine/errors';
import { type Element, ElementReader } from './elements';
import { elementIn } from './levels';
import { TAG } from './tags';
import { EXPLICIT_LITTLE_ENDIAN, type TransferSyntax, transferSyntaxOf } from './transferSyntaxes';

/** A DICOM Part 10 file as it lies in memory: its bytes, and where its elements are. */
export interface DicomFile {
  readonly bytes: Uint8Array;
  readonly transferSyntax: TransferSyntax;
  /** File meta information, group 0002: always Explicit VR Little Endian (PS3.10, section 7.1). */
  readonly meta: readonly Element[];
  /** The data set's elements, outermost level; none where the data set is deflated. */
  readonly elements: readonly Element[];
  readonly dataSetStart: number;
  /** Whatever follows here is no element: kept, never read. */
  readonly dataSetEnd: number;
}

const PREAMBLE_LENGTH = 128;
const PREFIX = [0x44, 0x49, 0x43, 0x4d];

/**
 * Reads the structure of a DICOM Part 10 file (PS3.10, section 7) in any transfer syntax. Copies
 * nothing: elements are offsets into the file.
 *
 * Throws `not-dicom` or `truncated`.
 */
export function readFile(source: Uint8Array): DicomFile {
  // A plain view: `slice` of Node's Buffer, a Uint8Array too, would not copy.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (PREFIX.some((byte, index) => bytes[PREAMBLE_LENGTH + index] !== byte)) {
    throw new KeyAreaError(
      'not-dicom',
      'This is not a DICOM Part 10 file: the prefix DICM is not at byte 128. Files without a header have to be saved as Part 10 first.',
    );
  }
  const reader = new ElementReader(
    bytes,
    PREAMBLE_LENGTH + PREFIX.length,
    bytes.length,
    EXPLICIT_LITTLE_ENDIAN,
  );
  const meta: Element[] = [];
  while (reader.peekGroup() === 2) meta.push(reader.next());
  const dataSetStart = reader.position;
  const syntaxElement = meta.find((element) => element.tag === TAG.TransferSyntaxUID);
  const uid = syntaxElement && trimValue(latin1(bytes, syntaxElement));
  if (!uid) {
    throw new KeyAreaError(
      'not-dicom',
      'The file meta information names no transfer syntax (0002,0010), so the file cannot be read. Export it again from its source.',
    );
  }
  const transferSyntax = transferSyntaxOf(uid);
  const dataSet = transferSyntax.deflated
    ? { elements: [], end: bytes.length }
    : readDataSet(bytes, dataSetStart, transferSyntax);
  return {
    bytes,
    transferSyntax,
    meta,
    elements: dataSet.elements,
    dataSetStart,
    dataSetEnd: dataSet.end,
  };
}

/**
 * Reads the elements up to the end of the file. After the pixel data anything that is not an element
 * in ascending order (PS3.5, section 7.1) ends the data set: some writers leave bytes behind.
 */
function readDataSet(
  bytes: Uint8Array,
  start: number,
  syntax: TransferSyntax,
): { elements: Element[]; end: number } {
  const reader = new ElementReader(bytes, start, bytes.length, syntax.coding);
  const elements: Element[] = [];
  let pixelsRead = false;
  let end = start;
  while (!reader.done) {
    let element: Element;
    try {
      element = reader.next();
    } catch (error) {
      if (pixelsRead) break;
      throw error;
    }
    if (pixelsRead && element.tag <= elements[elements.length - 1].tag) break;
    elements.push(element);
    end = element.end;
    pixelsRead ||= element.tag === TAG.PixelData;
  }
  return { elements, end };
}

/** The element with this tag, in the meta information or at the outermost level of the data set. */
export function findElement(file: DicomFile, tag: number): Element | undefined {
  return elementIn(tag < 0x00030000 ? file.meta : file.elements, tag);
}

/** An element's value, as a view. */
export const valueBytes = (file: DicomFile, element: Element): Uint8Array =>
  file.bytes.subarray(element.valueStart, element.valueEnd);

/** A whole element, header included, as a view. */
export const elementBytes = (file: DicomFile, element: Element): Uint8Array =>
  file.bytes.subarray(element.start, element.end);

/** Longest text this layer has a use for; longer ones are not turned into strings. */
const MAX_TEXT_LENGTH = 65536;

/**
 * The value of a text element, one character per byte, without its padding (PS3.5, section 6.2);
 * undefined where there is no such element or it is empty.
 */
export function textOf(file: DicomFile, tag: number): string | undefined {
  const element = findElement(file, tag);
  return element && textIn(file.bytes, element);
}

/** The value of a text element anywhere in a file, as {@link textOf} gives it. */
export const textIn = (bytes: Uint8Array, element: Element): string | undefined =>
  trimValue(latin1(bytes, element)) || undefined;

/** The values of an element of 16-bit unsigned numbers (VR US); none where there is no such element. */
export function unsignedShortsOf(file: DicomFile, tag: number): number[] {
  const element = findElement(file, tag);
  if (element === undefined) return [];
  const value = valueBytes(file, element).subarray(0, MAX_TEXT_LENGTH);
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const little = !file.transferSyntax.coding.bigEndian;
  return Array.from({ length: value.length >> 1 }, (_, index) => view.getUint16(2 * index, little));
}

function latin1(bytes: Uint8Array, element: Element): string {
  const end = Math.min(element.valueEnd, element.valueStart + MAX_TEXT_LENGTH);
  let text = '';
  for (let index = element.valueStart; index < end; index++) text += String.fromCharCode(bytes[index]);
  return text;
}

/** Without leading and trailing spaces and NULs. */
function trimValue(text: string): string {
  let start = 0;
  let end = text.length;
  const isPadding = (code: number) => code === 0 || code === 0x20;
  while (start < end && isPadding(text.charCodeAt(start))) start++;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
