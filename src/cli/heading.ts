import { open, readFile as readBytes } from 'node:fs/promises';
import { basename } from 'node:path';
import { ElementReader } from '../dicom/dataset/elements';
import { type DicomFile, readFile, textOf } from '../dicom/dataset/reader';
import { EXPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from '../dicom/dataset/transferSyntaxes';
import { inflateFile } from '../dicom/decode/native';
import type { ObjectUids } from '../dicom/web/wadoRs';
import { concatBytes } from '../engine/bytes';
import { KeyAreaError } from '../engine/index';
import { inflateStart } from '../engine/payload/deflate';

/** What tells where an image stands among others: of its first elements. */
export interface Heading {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly instanceNumber: number | undefined;
  /** Of the image's first pixel, in the patient, millimetres (PS3.3, C.7.6.2). */
  readonly position: readonly number[] | undefined;
  /** Cosines of a row and of a column. */
  readonly orientation: readonly number[] | undefined;
}

const TAGS = {
  mediaStorageClass: 0x00020002,
  transferSyntax: 0x00020010,
  instance: 0x00080018,
  study: 0x0020000d,
  series: 0x0020000e,
  instanceNumber: 0x00200013,
  position: 0x00200032,
  orientation: 0x00200037,
};
/** Group of the last element that is wanted. */
const LAST_GROUP = 0x0020;
/** Media Storage Directory Storage: the DICOMDIR that lies beside files on a disc (PS3.10, section 8). */
const DIRECTORY_CLASS = '1.2.840.10008.1.3.10';

/** Enough for nearly every file; what has more before its pixels is read whole. */
const PREFIX_LENGTH = 64 * 1024;
/** Names of images; what macOS puts beside files on foreign volumes begins with `._`. */
const IMAGE_NAME = /^(?!\._).*\.(dcm|dicom)$/i;
const PREAMBLE_LENGTH = 128;
const MAGIC = 'DICM';

/** What a file is, by its content. */
export type FileKind =
  | { readonly kind: 'image'; readonly heading: Heading | undefined }
  /** A DICOM directory, or no DICOM Part 10 file at all, whatever it is called. */
  | { readonly kind: 'other'; readonly calledImage: boolean };

/** Reads only as much of a file as tells what it is. */
export async function examine(path: string): Promise<FileKind> {
  const prefix = await readPrefix(path);
  const magic = prefix.subarray(PREAMBLE_LENGTH, PREAMBLE_LENGTH + MAGIC.length);
  if (Buffer.from(magic).toString('latin1') !== MAGIC) {
    return { kind: 'other', calledImage: IMAGE_NAME.test(basename(path)) };
  }
  const whole = prefix.length < PREFIX_LENGTH;
  let file = readAsFarAsNeeded(prefix, whole);
  if (file === undefined) {
    try {
      const read = readFile(await readBytes(path));
      file = read.transferSyntax.deflated ? inflateFile(read) : read;
    } catch (error) {
      // Whoever reads it to work on it says what is wrong with it.
      if (error instanceof KeyAreaError) return { kind: 'image', heading: undefined };
      throw error;
    }
  }
  if (textOf(file, TAGS.mediaStorageClass) === DIRECTORY_CLASS) return { kind: 'other', calledImage: false };
  return { kind: 'image', heading: headingOf(file) };
}

async function readPrefix(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PREFIX_LENGTH), 0, PREFIX_LENGTH, 0);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead);
  } finally {
    await file.close();
  }
}

/** The elements up to the last group that is wanted; undefined where the prefix ends before it. */
function readAsFarAsNeeded(prefix: Uint8Array, whole: boolean): DicomFile | undefined {
  const start = PREAMBLE_LENGTH + MAGIC.length;
  try {
    const metaReader = new ElementReader(prefix, start, prefix.length, EXPLICIT_LITTLE_ENDIAN);
    const meta = [];
    while (metaReader.peekGroup() === 2) meta.push(metaReader.next());
    const dataSetStart = metaReader.position;
    const empty = { bytes: prefix, meta, elements: [], dataSetStart, dataSetEnd: prefix.length };
    const plain = { ...empty, transferSyntax: transferSyntaxOf('') };
    const transferSyntax = transferSyntaxOf(textOf(plain, TAGS.transferSyntax) ?? '');
    const bytes = transferSyntax.deflated ? inflatePrefix(prefix, dataSetStart) : prefix;
    const reader = new ElementReader(bytes, dataSetStart, bytes.length, transferSyntax.coding);
    const elements = [];
    while (!reader.done && (reader.peekGroup() ?? 0) <= LAST_GROUP) elements.push(reader.next());
    const endsBefore = reader.done && (!whole || transferSyntax.deflated);
    return endsBefore ? undefined : { ...empty, bytes, transferSyntax, elements, dataSetEnd: bytes.length };
  } catch (error) {
    // Of malformed deflated bytes, a range error.
    if (error instanceof KeyAreaError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A prefix with the first bytes of its deflated data set inflated, about as many as are read of other files. */
const inflatePrefix = (prefix: Uint8Array, dataSetStart: number): Uint8Array =>
  concatBytes([
    prefix.subarray(0, dataSetStart),
    inflateStart(prefix.subarray(dataSetStart), PREFIX_LENGTH).inflated,
  ]);

/** The UIDs of a file; empty where it has none. Throws what reading it throws. */
export function uidsOf(bytes: Uint8Array): ObjectUids {
  const file = readFile(bytes);
  const uid = (tag: number): string => textOf(file, tag) ?? '';
  return { study: uid(TAGS.study), series: uid(TAGS.series), instance: uid(TAGS.instance) };
}

/** The heading of a file that was read; undefined where it names no series. */
export function headingOf(file: DicomFile): Heading | undefined {
  const numbers = (tag: number, count: number): number[] | undefined => {
    const values = (textOf(file, tag) ?? '').split('\\').map(Number);
    return values.length === count && values.every(Number.isFinite) ? values : undefined;
  };
  const series = textOf(file, TAGS.series);
  if (series === undefined) return undefined;
  const instanceNumber = textOf(file, TAGS.instanceNumber);
  return {
    study: textOf(file, TAGS.study) ?? '',
    series,
    instance: textOf(file, TAGS.instance) ?? '',
    instanceNumber: instanceNumber === undefined ? undefined : numbers(TAGS.instanceNumber, 1)?.[0],
    position: numbers(TAGS.position, 3),
    orientation: numbers(TAGS.orientation, 6),
  };
}
