import { randomFrom } from '../engine/frames';

/** Numbers and choices from a seed: whatever was drawn can be drawn again. */
export class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.below(choices.length)];
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let k = 0; k < length; k++) bytes[k] = this.below(256);
    return bytes;
  }
}

/**
 * Lets the platform's random numbers come from a seed until the returned function is called: salts and
 * keys too, so that a campaign's every input is the same whenever it is run.
 */
export function seedRandomness(seed: number): () => void {
  const { crypto } = globalThis;
  const draw = new Draw(seed);
  const getRandomValues = <Cells extends ArrayBufferView | null>(cells: Cells): Cells => {
    if (cells !== null) {
      const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
      for (let k = 0; k < bytes.length; k++) bytes[k] = draw.below(256);
    }
    return cells;
  };
  Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
  return () => {
    Reflect.deleteProperty(crypto, 'getRandomValues');
  };
}
