/** One file of an archive. */
export interface ZipEntry {
  /** ASCII, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** Version 1.0: stored files (APPNOTE.TXT, section 4.4.3). */
const VERSION = 10;
/** 1 January 1980: the time of export is nobody's business. */
const NO_DATE = 0x0021;

/**
 * A ZIP archive of uncompressed files (PKWARE APPNOTE.TXT 6.3.10), as parts of a Blob: protected pixels
 * do not compress. Up to 4 GiB and 65,535 files.
 */
export function zipParts(entries: readonly ZipEntry[]): BlobPart[] {
  const parts: BlobPart[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const common = entryFields(name, bytes);
    const local = concatenate([words32(LOCAL_HEADER), common, ascii(name)]);
    const attributes = new Uint8Array(10);
    directory.push(
      concatenate([
        words32(CENTRAL_HEADER),
        words16(VERSION),
        common,
        attributes,
        words32(offset),
        ascii(name),
      ]),
    );
    parts.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const directoryLength = directory.reduce((sum, { length }) => sum + length, 0);
  const end = concatenate([
    words32(END_OF_DIRECTORY),
    words16(0, 0, entries.length, entries.length),
    words32(directoryLength, offset),
    words16(0),
  ]);
  return [...parts, ...directory, end];
}

/** The fields that local and central header share: version needed up to the length of the extra field. */
const entryFields = (name: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  concatenate([
    words16(VERSION, 0, 0, 0, NO_DATE),
    words32(crc32(bytes), bytes.length, bytes.length),
    words16(name.length, 0),
  ]);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as ZIP uses it (APPNOTE.TXT, section 4.4.7). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index++)
    crc = CRC_TABLE[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const words16 = (...values: number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]));

const words32 = (...values: number[]): Uint8Array<ArrayBuffer> =>
  words16(...values.flatMap((value) => [value & 0xffff, value >>> 16]));

const ascii = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
