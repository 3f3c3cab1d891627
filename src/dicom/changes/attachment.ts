import { ByteReader, ByteWriter } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import { MAX_ATTACHMENT_BYTES } from '../../engine/payload/payload';
import type { Rectangle } from '../../engine/pixels/frame';
import { ElementReader } from '../dataset/elements';
import { ascii } from '../dataset/encode';
import type { Path } from '../dataset/nested';
import {
  type Coding,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../dataset/transferSyntaxes';
import { UID_BITS_LENGTH, type UidBits } from '../dataset/uids';
import type { OverlayBits } from '../image/overlays';
import { type Digest, decodeDigests, encodeDigests } from './digests';

/**
 * What the file layer hides with each frame: which frame of which object it is, and in some frames
 * the record that gives the original file back. Numbers are big-endian.
 *
 * | bytes | content |
 * |---|---|
 * | 1 | version, 1 |
 * | 1 | flags: bit 0 set where a record follows; other bits 0 |
 * | 4 | number of the frame in its object, from 1 |
 * | 4 | frames of the object |
 * | 16 | SOP Instance UID of the protected object, its number below 2.25 |
 *
 * The record:
 *
 * | bytes | content |
 * |---|---|
 * | 32 | SHA-256 of the original file, or of what it decodes to |
 * | 1 + n | length and text of the transfer syntax UID that the original was decoded from; no text where it was not |
 * | 1 | coding of the elements below: 0 Implicit VR Little Endian, 1 Explicit VR Little Endian, 2 Explicit VR Big Endian |
 * | 16 | Series Instance UID of the protected object, its number below 2.25 |
 * | 2 | number of runs of protected frames, ascending; for each the first (4) and the last (4) |
 * | 1 | 1 where some frame is unprotected: the SHA-256 of the stored values of those frames follows (32); else 0 |
 * | 2 | number of original elements; for each the depth of the sequences it is nested in (1), for each of these from the outermost its tag (4) and the item's number from 0 (2), where the depth is not 0 the number of consecutive items of the outermost that have the same (2), its length (4) and its bytes, header included |
 * | 2 | number of inserted elements; for each its tag (4) |
 * | 2 | number of overlays; for each the tag of its data (4), the number of areas (2), of each area x, y, width, height (2 each) in the overlay, length (4) and bytes of the bits that were taken there |
 * | 2 | number of digests of the original's elements; their tags and hashes follow, see `encodeDigests` |
 */
export interface Attachment {
  readonly frame: number;
  readonly frames: number;
  readonly object: UidBits;
  readonly record: FileRecord | undefined;
}

/** Everything that tells the original file from the protected one, the protected frames aside. */
export interface FileRecord {
  /** SHA-256 of the original file; of one that was compressed or deflated, of what it decodes to. */
  readonly fileHash: Uint8Array;
  /** UID of the transfer syntax that the original was decoded from; empty where it was not. */
  readonly decodedFrom: string;
  /** How `originals` are coded, as the original's data set was. */
  readonly coding: Coding;
  readonly series: UidBits;
  /** Runs of protected frames: first and last number. */
  readonly protectedFrames: readonly (readonly [first: number, last: number])[];
  /** SHA-256 of the stored values of the frames that are not protected; undefined where all are. */
  readonly pixelHash: Uint8Array | undefined;
  /** The elements that were replaced or removed, as they lay in the file. */
  readonly originals: readonly Original[];
  /** Tags of the elements that were inserted. */
  readonly inserted: readonly number[];
  readonly overlays: readonly OverlayBits[];
  /** Of what the restored file should have: they tell what others changed. */
  readonly digests: readonly Digest[];
}

/** An element as it lay in the original file. */
export interface Original {
  readonly path: Path;
  /** So many consecutive items of the outermost sequence had the same; 1 at the outermost level. */
  readonly repeat: number;
  /** Header included. */
  readonly bytes: Uint8Array;
}

/** True for an original element of the File Meta Information. */
export const isMetaElement = ({ path, bytes }: Original): boolean =>
  path.length === 0 && bytes[0] === 2 && bytes[1] === 0;

/** How an original element is coded. */
export const codingOfOriginal = ({ coding }: FileRecord, original: Original): Coding =>
  isMetaElement(original) ? EXPLICIT_LITTLE_ENDIAN : coding;

/** The tag of an original element. Throws what {@link ElementReader} throws where it is none. */
export const tagOfOriginal = (record: FileRecord, original: Original): number =>
  new ElementReader(original.bytes, 0, original.bytes.length, codingOfOriginal(record, original)).next().tag;

const VERSION = 1;
/** Of a list, and of what is numbered: counts have 16 bits. */
const MAX_ENTRIES = 0xffff;
const HAS_RECORD = 1;
const HASH_LENGTH = 32;
/** Elements to put back, repeated ones counted: some for each frame of the longest object. */
const MAX_PLACES = 4 * 65536;
const CODINGS: readonly Coding[] = [IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN];

/** Checks that what is in a record can be counted in it, and will be read. Throws `no-room`. */
export function checkRecord({ originals, protectedFrames, overlays, digests }: FileRecord): void {
  let places = 0;
  let lastItem = 0;
  for (const { path, repeat } of originals) {
    places += repeat;
    for (const { item } of path) lastItem = Math.max(lastItem, item + repeat);
  }
  const counts: [count: number, most: number, what: string][] = [
    [originals.length, MAX_ENTRIES, 'elements to change or take out, those that may be pictures among them'],
    [places, MAX_PLACES, 'places with something to change or take out'],
    [lastItem, MAX_ENTRIES, 'items in a sequence with something to change or take out'],
    [
      Math.max(0, ...overlays.map(({ areas }) => areas.length)),
      MAX_ENTRIES,
      'separate parts of an overlay over key areas',
    ],
    [digests.length, MAX_ENTRIES, 'different elements'],
    [protectedFrames.length, MAX_ENTRIES, 'separate runs of frames with key areas'],
  ];
  for (const [count, most, what] of counts) {
    if (count <= most) continue;
    throw new KeyAreaError(
      'no-room',
      `The file has ${count} ${what}; ${most} at most can be hidden with the key area. Remove what is not needed first.`,
    );
  }
}

/** Encodes what goes with one frame. Throws `no-room` where that is more than a frame may carry. */
export function encodeAttachment(attachment: Attachment): Uint8Array {
  const { frame, frames, object, record } = attachment;
  const writer = new ByteWriter();
  writer
    .uint8(VERSION)
    .uint8(record ? HAS_RECORD : 0)
    .uint32(frame)
    .uint32(frames)
    .bytes(object);
  if (record) encodeRecord(writer, record);
  const encoded = writer.finish();
  if (encoded.length > MAX_ATTACHMENT_BYTES) {
    throw new KeyAreaError(
      'no-room',
      `What gives the file back beside the pixels takes ${encoded.length} bytes, and ${MAX_ATTACHMENT_BYTES} at most can be hidden with the key area. Remove what is not needed first.`,
    );
  }
  return encoded;
}

const isSame =
  ({ explicit, bigEndian }: Coding) =>
  (other: Coding): boolean =>
    other.explicit === explicit && other.bigEndian === bigEndian;

function encodeRecord(writer: ByteWriter, record: FileRecord): void {
  const { fileHash, decodedFrom, coding, series, protectedFrames, pixelHash } = record;
  const { originals, inserted, overlays, digests } = record;
  writer
    .bytes(fileHash)
    .uint8(decodedFrom.length)
    .bytes(ascii(decodedFrom))
    .uint8(CODINGS.findIndex(isSame(coding)))
    .bytes(series);
  writer.uint16(protectedFrames.length);
  for (const [first, last] of protectedFrames) writer.uint32(first).uint32(last);
  writer.uint8(pixelHash ? 1 : 0);
  if (pixelHash) writer.bytes(pixelHash);
  writer.uint16(originals.length);
  for (const { path, repeat, bytes } of originals) {
    writer.uint8(path.length);
    for (const { sequence, item } of path) writer.uint32(sequence).uint16(item);
    if (path.length > 0) writer.uint16(repeat);
    writer.uint32(bytes.length).bytes(bytes);
  }
  writer.uint16(inserted.length);
  for (const tag of inserted) writer.uint32(tag);
  writer.uint16(overlays.length);
  for (const { tag, areas, bits } of overlays) {
    writer.uint32(tag).uint16(areas.length);
    for (const { x, y, width, height } of areas) writer.uint16(x).uint16(y).uint16(width).uint16(height);
    writer.uint32(bits.length).bytes(bits);
  }
  encodeDigests(writer, digests);
}

/**
 * Decodes what came back with a frame; undefined where nothing did, as from a picture that never was
 * a DICOM file. Throws `unsupported-version`, or `damaged`.
 */
export function decodeAttachment(bytes: Uint8Array): Attachment | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] !== VERSION) {
    throw new KeyAreaError(
      'unsupported-version',
      'This file was protected by a later version of the software. Install that version to restore it.',
    );
  }
  try {
    const reader = new ByteReader(bytes.subarray(1));
    const flags = reader.uint8();
    const frame = reader.uint32();
    const frames = reader.uint32();
    const object = reader.bytes(UID_BITS_LENGTH);
    return { frame, frames, object, record: flags & HAS_RECORD ? decodeRecord(reader) : undefined };
  } catch (cause) {
    throw new KeyAreaError(
      'damaged',
      'The description of the original file, hidden with the key area, cannot be read. Please report this.',
      { cause },
    );
  }
}

function decodeRecord(reader: ByteReader): FileRecord {
  const fileHash = reader.bytes(HASH_LENGTH);
  const decodedFrom = String.fromCharCode(...reader.bytes(reader.uint8()));
  const coding = CODINGS[reader.uint8()];
  if (coding === undefined) throw new RangeError('unknown coding');
  const series = reader.bytes(UID_BITS_LENGTH);
  const protectedFrames = list(reader, () => [reader.uint32(), reader.uint32()] as const);
  checkRuns(protectedFrames);
  const pixelHash = reader.uint8() === 1 ? reader.bytes(HASH_LENGTH) : undefined;
  const originals = list(reader, () => decodeOriginal(reader));
  const places = originals.reduce((sum, { repeat }) => sum + repeat, 0);
  if (places > MAX_PLACES) throw new RangeError('more originals than an object has places for');
  const inserted = list(reader, () => reader.uint32());
  const overlays = list(reader, () => ({
    tag: reader.uint32(),
    areas: list(reader, () => decodeArea(reader)),
    bits: reader.bytes(reader.uint32()),
  }));
  const digests = decodeDigests(reader);
  const values = { originals, inserted, overlays, digests };
  return { fileHash, decodedFrom, coding, series, protectedFrames, pixelHash, ...values };
}

/** Runs of frames that follow one another, of which none is empty. */
function checkRuns(runs: readonly (readonly [first: number, last: number])[]): void {
  if (runs.length === 0) throw new RangeError('no frame was protected');
  let next = 1;
  for (const [first, last] of runs) {
    if (first < next || last < first) throw new RangeError('frames are out of order');
    next = last + 1;
  }
}

function decodeOriginal(reader: ByteReader): Original {
  const path = Array.from({ length: reader.uint8() }, () => ({
    sequence: reader.uint32(),
    item: reader.uint16(),
  }));
  const repeat = path.length > 0 ? reader.uint16() : 1;
  return { path, repeat, bytes: reader.bytes(reader.uint32()) };
}

/** A count of 16 bits, and so many entries. */
function list<Entry>(reader: ByteReader, entry: () => Entry): Entry[] {
  return Array.from({ length: reader.uint16() }, entry);
}

function decodeArea(reader: ByteReader): Rectangle {
  return { x: reader.uint16(), y: reader.uint16(), width: reader.uint16(), height: reader.uint16() };
}

/** Joins ascending frame numbers to runs. */
export function runsOf(numbers: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}
