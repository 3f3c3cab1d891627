/** What is used of CharLS' wasm build, which ships no types. */
declare module '@cornerstonejs/codec-charls/wasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  }
  interface JpegLSEncoder {
    /** Wasm memory to copy the samples into. */
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    /** 0: components one after the other, as without this; 2: the samples of a pixel side by side. */
    setInterleaveMode(mode: number): void;
    encode(): void;
    getEncodedBuffer(): Uint8Array<ArrayBuffer>;
    delete(): void;
  }
  interface JpegLSDecoder {
    /** Wasm memory to copy the stream into. */
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array<ArrayBuffer>;
    getFrameInfo(): FrameInfo;
    /** 0: components one after the other; 1: line by line, 2: sample by sample, both written the same. */
    getInterleaveMode(): number;
    delete(): void;
  }
  interface Charls {
    readonly JpegLSEncoder: new () => JpegLSEncoder;
    readonly JpegLSDecoder: new () => JpegLSDecoder;
  }
  export default function createCharls(options?: {
    print(): void;
    printErr(): void;
    wasmBinary?: Uint8Array;
  }): Promise<Charls>;
}

/** CharLS' wasm itself; the bundler of the engine's own module puts the bytes here. */
declare module '@cornerstonejs/codec-charls/wasm' {
  const wasm: Uint8Array;
  export default wasm;
}
