import { ByteReader, ByteWriter, crc32 } from './bytes';
import { KeyAreaError } from './errors';
import { COMMITMENT_LENGTH, SALT_LENGTH } from './keys/saltedKey';
import {
  boundsOf,
  type CodeRange,
  contains,
  type Frame,
  overlap,
  type Rectangle,
  valueMask,
} from './pixels/frame';
import { paddingFields, paddingOf } from './pixels/usedValues';
import { type Bands, MAX_BITS_PER_SAMPLE } from './vault/bands';

/**
 * The header: what a reader must know before it has the key. Its bytes are the associated data of the
 * encrypted payload. The vault's lies in bit 0 of the samples under each symbol, in three copies
 * (`locate.ts`, `symbol.ts`); the surroundings carrier's along an edge (`surroundings/site.ts`). All
 * fields are big-endian:
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 4 | magic `KAP1` |
 * | 4 | 1 | version, 1 |
 * | 5 | 1 | flags: bit 0 surroundings carrier, bit 1 scrambled |
 * | 6 | 1 | payload bits per sample, 1 to 14; surroundings 0 |
 * | 7 | 1 | number of covered areas N, 1 to 16; surroundings 0 to 16 |
 * | 8 | 2 + 2 | width and height of the frame |
 * | 12 | 2 + 2 | bases of the lower and of the upper band, as codes; surroundings: smallest and largest code of the padding, 1 and 0 without |
 * | 16 | 16 | salt |
 * | 32 | 16 | key commitment |
 * | 48 | 2 | length of the envelope list |
 * | 50 | 1 + 1 | data segments, parity segments; surroundings 0, 0 |
 * | 52 | 8 N | covered areas: x, y, width, height |
 * | 52 + 8 N | 4 | CRC-32 of everything before |
 */
interface CommonHeader {
  readonly width: number;
  readonly height: number;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
  readonly envelopesLength: number;
  readonly coveredAreas: readonly Rectangle[];
}

/** The header of the vault carrier. */
export interface Header extends CommonHeader {
  /** Everything outside the covered areas is noise. */
  readonly scrambled: boolean;
  readonly bands: Bands;
  readonly dataSegments: number;
  readonly paritySegments: number;
}

/** The header of the surroundings carrier. */
export interface SurroundingsHeader extends CommonHeader {
  /** Codes that the carrier left alone. */
  readonly padding: CodeRange | undefined;
}

export const HEADER_COPIES = 3;
export const MAX_AREAS = 16;
/** Longest list of envelopes: each at most 8 KiB, three of them, and their lengths. */
export const MAX_ENVELOPES_LENGTH = 3 * (8192 + 2) + 5;

const MAGIC = 0x4b415031;
/** What every header begins with. */
export const MAGIC_BYTES = new ByteWriter().uint32(MAGIC).finish();
const VERSION = 1;
const SURROUNDINGS = 1;
const SCRAMBLED = 2;
const FIXED_LENGTH = 52;
const AREA_LENGTH = 8;
const CRC_LENGTH = 4;

/** Bytes of a header that lists `areas` covered areas. */
export const headerLength = (areas: number): number => FIXED_LENGTH + AREA_LENGTH * areas + CRC_LENGTH;

/** True where so many samples are too few for the shortest header, a bit in each: nothing is hidden in them. */
export const holdNothing = (samples: number): boolean => samples < 8 * headerLength(0);

/** All fields of either header. */
interface Fields extends CommonHeader {
  readonly flags: number;
  readonly bits: number;
  /** The two codes at offset 12. */
  readonly codes: readonly [number, number];
  readonly dataSegments: number;
  readonly paritySegments: number;
}

function encodeFields(fields: Fields): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
    .uint32(MAGIC)
    .uint8(VERSION)
    .uint8(fields.flags)
    .uint8(fields.bits)
    .uint8(fields.coveredAreas.length)
    .uint16(fields.width)
    .uint16(fields.height)
    .uint16(fields.codes[0])
    .uint16(fields.codes[1])
    .bytes(fields.salt)
    .bytes(fields.commitment)
    .uint16(fields.envelopesLength)
    .uint8(fields.dataSegments)
    .uint8(fields.paritySegments);
  for (const { x, y, width, height } of fields.coveredAreas) {
    writer.uint16(x).uint16(y).uint16(width).uint16(height);
  }
  const bytes = writer.finish();
  return new ByteWriter().bytes(bytes).uint32(crc32(bytes)).finish();
}

/** Undefined where the checksum or the length is wrong. Throws `unsupported-version`. */
function decodeFields(bytes: Uint8Array): Fields | undefined {
  if (announcedLength(bytes) !== bytes.length) return undefined;
  const body = bytes.subarray(0, -CRC_LENGTH);
  if (new ByteReader(bytes.subarray(-CRC_LENGTH)).uint32() !== crc32(body)) return undefined;

  const reader = new ByteReader(body);
  reader.uint32();
  const version = reader.uint8();
  const flags = reader.uint8();
  if (version !== VERSION || (flags & ~(SURROUNDINGS | SCRAMBLED)) !== 0) {
    throw new KeyAreaError(
      'unsupported-version',
      'This image was protected by a later version of the software. Update it, then restore.',
    );
  }
  const bits = reader.uint8();
  const areas = reader.uint8();
  return {
    flags,
    bits,
    width: reader.uint16(),
    height: reader.uint16(),
    codes: [reader.uint16(), reader.uint16()],
    salt: reader.bytes(SALT_LENGTH).slice(),
    commitment: reader.bytes(COMMITMENT_LENGTH).slice(),
    envelopesLength: reader.uint16(),
    dataSegments: reader.uint8(),
    paritySegments: reader.uint8(),
    coveredAreas: Array.from({ length: areas }, () => ({
      x: reader.uint16(),
      y: reader.uint16(),
      width: reader.uint16(),
      height: reader.uint16(),
    })),
  };
}

export function encodeHeader({ scrambled, bands, ...common }: Header): Uint8Array<ArrayBuffer> {
  const { lower, upper, bits } = bands;
  return encodeFields({ ...common, flags: scrambled ? SCRAMBLED : 0, bits, codes: [lower, upper] });
}

export function encodeSurroundingsHeader({
  padding,
  ...common
}: SurroundingsHeader): Uint8Array<ArrayBuffer> {
  const codes = paddingFields(padding);
  return encodeFields({ ...common, flags: SURROUNDINGS, bits: 0, codes, dataSegments: 0, paritySegments: 0 });
}

/** True where bytes begin like a header of any version: enough to look further. */
const beginsLikeHeader = (bytes: Uint8Array): boolean => new ByteReader(bytes).uint32() === MAGIC;

/** Length that a header's first eight bytes announce; undefined where they are no header's. */
export function announcedLength(start: Uint8Array): number | undefined {
  const areas = start[7];
  const fewest = start[5] & SURROUNDINGS ? 0 : 1;
  return beginsLikeHeader(start) && areas >= fewest && areas <= MAX_AREAS ? headerLength(areas) : undefined;
}

/** The prefix that `announcedLength` needs. */
export const PREFIX_LENGTH = 8;

/**
 * Reads a vault's header. Returns undefined where the checksum or a field is wrong.
 * Throws `unsupported-version` where a whole header says that a later version wrote it.
 */
export function decodeHeader(bytes: Uint8Array): Header | undefined {
  const fields = decodeFields(bytes);
  if (fields === undefined) return undefined;
  const { flags, bits, codes, ...common } = fields;
  const [lower, upper] = codes;
  const plausible =
    (flags & SURROUNDINGS) === 0 &&
    bits >= 1 &&
    bits <= MAX_BITS_PER_SAMPLE &&
    ((lower | upper) & 1) === 0 &&
    upper - lower >= 3 * 2 ** bits &&
    common.envelopesLength <= MAX_ENVELOPES_LENGTH &&
    common.dataSegments >= 1 &&
    common.dataSegments + common.paritySegments <= 255;
  return plausible ? { ...common, scrambled: flags === SCRAMBLED, bands: { lower, upper, bits } } : undefined;
}

/** Reads a surroundings carrier's header, as {@link decodeHeader} does a vault's. */
export function decodeSurroundingsHeader(bytes: Uint8Array): SurroundingsHeader | undefined {
  const fields = decodeFields(bytes);
  if (fields?.flags !== SURROUNDINGS || fields.envelopesLength > MAX_ENVELOPES_LENGTH) return undefined;
  return { ...fields, padding: paddingOf(...fields.codes) };
}

/** True where a header's size and areas are those of `frame`. */
export function fitsShape({ width, height, coveredAreas }: CommonHeader, frame: Frame): boolean {
  return (
    width === frame.width &&
    height === frame.height &&
    coveredAreas.every((area) => area.width > 0 && area.height > 0 && contains(boundsOf(frame), area)) &&
    coveredAreas.every((area, i) => coveredAreas.slice(i + 1).every((other) => !overlap(area, other)))
  );
}

/** True where a vault's header can belong to `frame`: size, values and areas lie within it. */
export const fitsFrame = (header: Header, frame: Frame): boolean =>
  fitsShape(header, frame) && header.bands.upper + 2 ** header.bands.bits - 1 <= valueMask(frame);
