/** What is used of the wasm builds of the image codecs, which ship no types. */
interface CodecFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

interface CodecDecoder {
  /** Wasm memory to copy the stream into. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  /** Wasm memory, or a copy of it; empty where decoding failed. */
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): CodecFrameInfo;
  /** JPEG-LS: 0 where the components lie one after the other in the decoded buffer. */
  getInterleaveMode?(): number;
  delete(): void;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  import type { WasmOptions } from '../../engine/payload/wasmCodec';
  export default function createLibjpegTurbo(
    options: WasmOptions,
  ): Promise<{ readonly JPEGDecoder: new () => CodecDecoder }>;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  import type { WasmOptions } from '../../engine/payload/wasmCodec';
  export default function createOpenJpeg(
    options: WasmOptions,
  ): Promise<{ readonly J2KDecoder: new () => CodecDecoder }>;
}

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  import type { WasmOptions } from '../../engine/payload/wasmCodec';
  export default function createOpenJph(
    options: WasmOptions,
  ): Promise<{ readonly HTJ2KDecoder: new () => CodecDecoder }>;
}
