/** Concatenates byte arrays into one new array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Compares two byte arrays in time that depends on their lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** Bit `k` of `bytes`; the first is the highest of the first byte. */
export const bitOf = (bytes: Uint8Array, k: number): number => (bytes[k >> 3] >> (7 - (k & 7))) & 1;

/** The bytes of an array's cells in little-endian order, without copying on little-endian machines. */
export function cellBytes(cells: Uint8Array | Uint16Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(cells.buffer as ArrayBuffer, cells.byteOffset, cells.byteLength);
}

/** Of CRC-32, at 256 k + byte: the remainder of the byte with k bytes of zeros behind it. */
export const CRC_TABLE = new Uint32Array(8 * 256);
for (let at = 0; at < CRC_TABLE.length; at++) {
  let rest = at < 256 ? at : CRC_TABLE[at - 256];
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  CRC_TABLE[at] = rest;
}

/**
 * CRC-32 (ISO 3309, as in zlib and PNG) of `bytes`, continued from `previous`; eight bytes at a time (Kounavis and
 * Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators", ISCC 2005).
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc =
      CRC_TABLE[1792 + (crc & 0xff)] ^
      CRC_TABLE[1536 + ((crc >>> 8) & 0xff)] ^
      CRC_TABLE[1280 + ((crc >>> 16) & 0xff)] ^
      CRC_TABLE[1024 + (crc >>> 24)] ^
      CRC_TABLE[768 + bytes[i + 4]] ^
      CRC_TABLE[512 + bytes[i + 5]] ^
      CRC_TABLE[256 + bytes[i + 6]] ^
      CRC_TABLE[bytes[i + 7]];
  }
  for (; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Writes big-endian fields into a growing byte array. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected Bytes that there is room for at first. */
  constructor(expected = 256) {
    this.#bytes = new Uint8Array(expected);
  }

  #reserve(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    return start;
  }

  uint8(value: number): this {
    const start = this.#reserve(1);
    this.#bytes[start] = value;
    return this;
  }

  uint16(value: number): this {
    return this.uint8(value >>> 8).uint8(value);
  }

  uint24(value: number): this {
    return this.uint8(value >>> 16).uint16(value);
  }

  uint32(value: number): this {
    const start = this.#reserve(4);
    this.#bytes[start] = value >>> 24;
    this.#bytes[start + 1] = value >>> 16;
    this.#bytes[start + 2] = value >>> 8;
    this.#bytes[start + 3] = value;
    return this;
  }

  bytes(value: Uint8Array): this {
    const start = this.#reserve(value.length);
    this.#bytes.set(value, start);
    return this;
  }

  /** The bytes written so far, as a view. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads big-endian fields; a read past the end throws `RangeError`, before anything is allocated. */
export class ByteReader {
  #offset = 0;

  constructor(private readonly source: Uint8Array) {}

  get remaining(): number {
    return this.source.length - this.#offset;
  }

  /** Goes on by `count` bytes. Gives where they begin. */
  #pass(count: number): number {
    if (count > this.remaining) throw new RangeError(`${count} bytes wanted, ${this.remaining} left`);
    const start = this.#offset;
    this.#offset += count;
    return start;
  }

  bytes(count: number): Uint8Array {
    const start = this.#pass(count);
    return this.source.subarray(start, this.#offset);
  }

  uint8(): number {
    return this.source[this.#pass(1)];
  }

  uint16(): number {
    const start = this.#pass(2);
    return (this.source[start] << 8) | this.source[start + 1];
  }

  uint24(): number {
    return this.uint8() * 0x10000 + this.uint16();
  }

  uint32(): number {
    return this.uint16() * 0x10000 + this.uint16();
  }
}
