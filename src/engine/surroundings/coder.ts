/**
 * A range coder, used backwards: payload bytes are taken for the code of a message and decoded into
 * bits of a wished probability, which then change few samples; the reader codes those bits again and
 * has the bytes. (Reversible data hiding and lossless coding are duals: Zhang, Hu, Li and Yu,
 * "Recursive histogram modification", IEEE Transactions on Image Processing 22(7), 2013.)
 *
 * `low` counts in a window of 32 bits behind the bytes already out, carries go into those, and the
 * range starts at 2^24: one zero byte stands, virtually, before the first. So any bytes are a valid
 * code. Probabilities are shares of 4096 between 16 and 4080, so that a bit shifts one byte at most.
 */

export const PROBABILITY_BITS = 12;
export const PROBABILITY_ONE = 2 ** PROBABILITY_BITS;
export const SMALLEST_PROBABILITY = 16;

/** Bits of payload that a bit carries which is 1 with this probability, above 0 and below 1. */
export const entropyOf = (p: number): number => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);

const SMALLEST_RANGE = 2 ** 24;
const WINDOW = 2 ** 32;

/** Turns bytes into bits; zeros follow the last byte. */
export class BitSpreader {
  #range = SMALLEST_RANGE;
  #code = 0;
  #next = 0;

  constructor(private readonly bytes: Uint8Array) {
    for (let k = 0; k < 3; k++) this.#code = this.#code * 256 + this.#take();
  }

  #take(): number {
    const position = this.#next++;
    return position < this.bytes.length ? this.bytes[position] : 0;
  }

  /** How many of the bytes the bits given so far determine. */
  get determined(): number {
    return Math.min(this.bytes.length, Math.max(0, this.#next - 4));
  }

  /** True once the bits given so far determine all bytes: the moment for the last bit. */
  get finished(): boolean {
    return this.#next >= this.bytes.length + 4;
  }

  /** The next bit, 1 with probability `probability / 4096`. */
  next(probability: number): number {
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    const bit = this.#code < bound ? 1 : 0;
    if (bit === 1) {
      this.#range = bound;
    } else {
      this.#code -= bound;
      this.#range -= bound;
    }
    if (this.#range < SMALLEST_RANGE) {
      this.#range *= 256;
      this.#code = this.#code * 256 + this.#take();
    }
    return bit;
  }
}

/** Turns bits into the bytes that `BitSpreader` makes these bits of. */
export class BitGatherer {
  /** The virtual byte, the bytes, and the window when it is flushed. */
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #low = 0;
  #range = SMALLEST_RANGE;

  /** `length` is the number of bytes expected, or at least that of the bits that will be added. */
  constructor(private readonly length: number) {
    this.#bytes = new Uint8Array(length + 5);
  }

  /** True once the bits added determine `length` bytes: add no more. */
  get finished(): boolean {
    return this.#length > this.length;
  }

  /** Adds a bit that has the probability `probability / 4096` to be 1. */
  add(bit: number, probability: number): void {
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    if (bit === 1) {
      this.#range = bound;
    } else {
      this.#advance(bound);
      this.#range -= bound;
    }
    if (this.#range < SMALLEST_RANGE) {
      this.#range *= 256;
      this.#shift();
    }
  }

  #advance(distance: number): void {
    this.#low += distance;
    if (this.#low < WINDOW) return;
    this.#low -= WINDOW;
    let position = this.#length - 1;
    while (this.#bytes[position] === 255) this.#bytes[position--] = 0;
    this.#bytes[position]++;
  }

  #shift(): void {
    this.#bytes[this.#length++] = this.#low >>> 24;
    this.#low = (this.#low << 8) >>> 0;
  }

  /**
   * The `length` bytes that, followed by zeros, lie in the interval that the bits leave.
   * Throws `RangeError` where there are none: these bits come from no `BitSpreader`.
   */
  finish(): Uint8Array<ArrayBuffer> {
    const missing = this.#low === 0 ? 0 : WINDOW - this.#low;
    if (!this.finished || missing >= this.#range) throw new RangeError('the coded bits are not whole');
    this.#advance(missing);
    return this.#bytes.subarray(1, this.#length);
  }

  /** The shortest bytes that, followed by zeros, give the bits added so far. */
  shortest(): Uint8Array<ArrayBuffer> {
    const last = this.#low + this.#range - 1;
    let step = WINDOW;
    while (Math.floor(last / step) * step < this.#low) step /= 256;
    this.#advance(Math.floor(last / step) * step - this.#low);
    for (let k = 0; k < 4; k++) this.#shift();
    let end = this.#length;
    while (end > 1 && this.#bytes[end - 1] === 0) end--;
    return this.#bytes.subarray(1, end);
  }
}
