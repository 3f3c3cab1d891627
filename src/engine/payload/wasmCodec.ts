/** What a codec's factory takes: nothing that a codec prints belongs on anybody's console. */
export interface WasmOptions {
  readonly print: () => void;
  readonly printErr: () => void;
  /** The wasm itself, where it is at hand. */
  readonly wasmBinary?: Uint8Array;
}

/**
 * A codec in WebAssembly. Its wasm is a file that lies beside the script that loads it, under its own
 * name; it is fetched at the first use, unless it was provided before.
 */
export class WasmCodec<Codec> {
  readonly #file: string;
  readonly #start: (options: WasmOptions) => Promise<Codec>;
  #codec: Promise<Codec> | undefined;
  #options: WasmOptions = { print: () => {}, printErr: () => {} };

  constructor(file: string, start: (options: WasmOptions) => Promise<Codec>) {
    this.#file = file;
    this.#start = start;
  }

  /** Takes the wasm from memory; no file is looked for then. */
  provide(wasmBinary: Uint8Array): void {
    this.#options = { ...this.#options, wasmBinary };
  }

  /**
   * Loads the codec, once. Throws an Error that is no `KeyAreaError`: nothing is wrong with the image
   * where the software is not installed completely.
   */
  load(): Promise<Codec> {
    // The factory makes the object it is given into the codec, so each start takes one of its own.
    this.#codec ??= this.#start({ ...this.#options }).catch((cause: unknown) => {
      this.#codec = undefined; // a failed download may succeed the next time
      throw new Error(
        `The image codec (${this.#file}) could not be loaded: the software is not installed completely, or the page forbids WebAssembly.`,
        { cause },
      );
    });
    return this.#codec;
  }

  /**
   * Works with the codec. One that has given up, with a C++ exception or a trap, is not known to be sound
   * any more: it is dropped, and the next use starts it afresh.
   */
  async use<Result>(work: (codec: Codec) => Result): Promise<Result> {
    let loading: Promise<Codec>;
    let codec: Codec;
    do {
      loading = this.load();
      codec = await loading;
    } while (loading !== this.#codec); // it may have given up in other hands meanwhile
    try {
      return work(codec);
    } catch (error) {
      this.#codec = undefined;
      throw error;
    }
  }
}
