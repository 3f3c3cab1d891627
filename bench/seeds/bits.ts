/** The first `length` bits of bytes, the highest of each first. */
export class BitReader {
  #next = 0;

  constructor(
    private readonly source: Uint8Array,
    private readonly length = 8 * source.length,
  ) {}

  get remaining(): number {
    return this.length - this.#next;
  }

  /** The next bit; 0 past the end. */
  bit(): number {
    const k = this.#next++;
    return k >> 3 < this.source.length ? (this.source[k >> 3] >> (7 - (k & 7))) & 1 : 0;
  }

  /** The next `count` bits, at most 32, as a number. */
  number(count: number): number {
    let value = 0;
    for (let k = 0; k < count; k++) value = 2 * value + this.bit();
    return value;
  }
}

/** Collects bits, the highest of each byte first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  bit(value: number): void {
    if ((this.#length & 7) === 0) this.#bytes.push(0);
    this.#bytes[this.#length >> 3] |= value << (7 - (this.#length & 7));
    this.#length++;
  }

  /** The lowest `count` bits of a number. */
  number(value: number, count: number): void {
    for (let k = count - 1; k >= 0; k--) this.bit(Math.floor(value / 2 ** k) & 1);
  }

  /** The bytes, the last filled up with zeros. */
  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
