import { type Bands, MAX_BITS_PER_SAMPLE } from './bands';
import { ByteReader, ByteWriter, crc32 } from './bytes';
import { KeyAreaError } from './errors';
import { boundsOf, contains, type Frame, overlap, type Rectangle, valueMask } from './frame';

/**
 * The header: what a reader must know before it has the key. It lies in bit 0 of the samples under
 * each symbol, in three copies (`readHeader`, `headerSlots`), and its bytes are the associated data
 * of the encrypted payload. All fields are big-endian:
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 4 | magic `KAP1` |
 * | 4 | 1 | version, 1 |
 * | 5 | 1 | flags: bit 0 surroundings carrier (0 in what this version writes), bit 1 scrambled |
 * | 6 | 1 | payload bits per sample, 1 to 14 |
 * | 7 | 1 | number of covered areas N, 1 to 16 |
 * | 8 | 2 + 2 | width and height of the frame |
 * | 12 | 2 + 2 | bases of the lower and of the upper band, as codes |
 * | 16 | 16 | salt |
 * | 32 | 16 | key commitment |
 * | 48 | 2 | length of the envelope list |
 * | 50 | 1 + 1 | data segments, parity segments |
 * | 52 | 8 N | covered areas: x, y, width, height |
 * | 52 + 8 N | 4 | CRC-32 of everything before |
 */
export interface Header {
  /** Everything outside the covered areas is noise. */
  readonly scrambled: boolean;
  readonly bands: Bands;
  readonly width: number;
  readonly height: number;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
  readonly envelopesLength: number;
  readonly dataSegments: number;
  readonly paritySegments: number;
  readonly coveredAreas: readonly Rectangle[];
}

export const SALT_LENGTH = 16;
export const COMMITMENT_LENGTH = 16;
export const HEADER_COPIES = 3;
export const MAX_AREAS = 16;
/** Longest list of envelopes: each at most 8 KiB, three of them, and their lengths. */
export const MAX_ENVELOPES_LENGTH = 3 * (8192 + 2) + 5;

const MAGIC = 0x4b415031;
const VERSION = 1;
const SCRAMBLED = 2;
const FIXED_LENGTH = 52;
const AREA_LENGTH = 8;
const CRC_LENGTH = 4;

/** Bytes of a header that lists `areas` covered areas. */
export const headerLength = (areas: number): number => FIXED_LENGTH + AREA_LENGTH * areas + CRC_LENGTH;

export function encodeHeader(header: Header): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
    .uint32(MAGIC)
    .uint8(VERSION)
    .uint8(header.scrambled ? SCRAMBLED : 0)
    .uint8(header.bands.bits)
    .uint8(header.coveredAreas.length)
    .uint16(header.width)
    .uint16(header.height)
    .uint16(header.bands.lower)
    .uint16(header.bands.upper)
    .bytes(header.salt)
    .bytes(header.commitment)
    .uint16(header.envelopesLength)
    .uint8(header.dataSegments)
    .uint8(header.paritySegments);
  for (const { x, y, width, height } of header.coveredAreas) {
    writer.uint16(x).uint16(y).uint16(width).uint16(height);
  }
  const bytes = writer.finish();
  return new ByteWriter().bytes(bytes).uint32(crc32(bytes)).finish();
}

/** True where bytes begin like a header of any version: enough to look further. */
export const beginsLikeHeader = (bytes: Uint8Array): boolean => new ByteReader(bytes).uint32() === MAGIC;

/** Length that a header's first eight bytes announce; undefined where they are no header's. */
export function announcedLength(start: Uint8Array): number | undefined {
  const areas = start[7];
  return beginsLikeHeader(start) && areas >= 1 && areas <= MAX_AREAS ? headerLength(areas) : undefined;
}

/** The prefix that `announcedLength` needs. */
export const PREFIX_LENGTH = 8;

/**
 * Reads a header. Returns undefined where the checksum or a field is wrong.
 * Throws `unsupported-version` where a whole header says that a later version wrote it.
 */
export function decodeHeader(bytes: Uint8Array): Header | undefined {
  if (announcedLength(bytes) !== bytes.length) return undefined;
  const body = bytes.subarray(0, -CRC_LENGTH);
  if (new ByteReader(bytes.subarray(-CRC_LENGTH)).uint32() !== crc32(body)) return undefined;

  const reader = new ByteReader(body);
  reader.uint32();
  const version = reader.uint8();
  const flags = reader.uint8();
  if (version !== VERSION || (flags & ~SCRAMBLED) !== 0) {
    throw new KeyAreaError(
      'unsupported-version',
      'This image was protected by a later version of the software. Update it, then restore.',
    );
  }
  const bits = reader.uint8();
  const areas = reader.uint8();
  const [width, height, lower, upper] = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  const salt = reader.bytes(SALT_LENGTH).slice();
  const commitment = reader.bytes(COMMITMENT_LENGTH).slice();
  const envelopesLength = reader.uint16();
  const dataSegments = reader.uint8();
  const paritySegments = reader.uint8();
  const coveredAreas = Array.from({ length: areas }, () => ({
    x: reader.uint16(),
    y: reader.uint16(),
    width: reader.uint16(),
    height: reader.uint16(),
  }));
  const plausible =
    bits >= 1 &&
    bits <= MAX_BITS_PER_SAMPLE &&
    ((lower | upper) & 1) === 0 &&
    upper - lower >= 3 * 2 ** bits &&
    envelopesLength <= MAX_ENVELOPES_LENGTH &&
    dataSegments >= 1 &&
    dataSegments + paritySegments <= 255;
  if (!plausible) return undefined;
  const bands = { lower, upper, bits };
  return {
    scrambled: (flags & SCRAMBLED) !== 0,
    bands,
    width,
    height,
    salt,
    commitment,
    envelopesLength,
    dataSegments,
    paritySegments,
    coveredAreas,
  };
}

/** True where a header can belong to `frame`: size, values and areas lie within it. */
export function fitsFrame(header: Header, frame: Frame): boolean {
  const { coveredAreas, bands } = header;
  return (
    header.width === frame.width &&
    header.height === frame.height &&
    bands.upper + 2 ** bands.bits - 1 <= valueMask(frame) &&
    coveredAreas.every((area) => area.width > 0 && area.height > 0 && contains(boundsOf(frame), area)) &&
    coveredAreas.every((area, i) => coveredAreas.slice(i + 1).every((other) => !overlap(area, other)))
  );
}
