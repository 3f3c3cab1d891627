import type { WasmCodec } from '../../engine/payload/wasmCodec';

/** What a compressed frame says of itself. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel. */
  readonly components: number;
  /** Bits of a sample, 1 to 16. */
  readonly precision: number;
  /** Samples are numbers of `precision` bits with a sign; DICOM may read the same bits differently. */
  readonly signed: boolean;
}

/** How pixels lost something: the terms of Lossy Image Compression Method (PS3.3, C.7.6.1.1.5.1). */
export type LossMethod = 'ISO_10918_1' | 'ISO_14495_1' | 'ISO_15444_1' | 'ISO_15444_15';

/**
 * Samples of a frame, those of a pixel side by side, as the lowest `precision` bits of each cell; bytes
 * up to 8 bits. What the bits above hold does not matter.
 */
export type Samples = Uint8Array | Uint16Array;

/** A frame whose header was read, and the way to decode it. */
export interface Codestream {
  readonly shape: Shape;
  /** Colours come out as RGB, whatever they are coded as. */
  readonly rgb?: boolean;
  /** Undefined where the stream does not show that anything was lost. */
  readonly lossMethod?: LossMethod | undefined;
  /** Throws `RangeError` where the stream is not whole or not valid. */
  decode(): Promise<Samples>;
}

/**
 * Decodes one stream. Throws `RangeError` where the codec gives up, or gives anything but `shape`.
 */
export function decodeWith<Codec>(
  codec: WasmCodec<Codec>,
  decoderOf: (codec: Codec) => CodecDecoder,
  stream: Uint8Array,
  shape: Shape,
): Promise<Samples> {
  return codec.use((loaded) => {
    const { bytes, info, planar } = decode(decoderOf, loaded, stream);
    const samples = samplesOf(bytes, info, shape);
    return planar ? interleaveComponents(samples, shape.components) : samples;
  });
}

function decode<Codec>(decoderOf: (codec: Codec) => CodecDecoder, codec: Codec, stream: Uint8Array) {
  try {
    const decoder = decoderOf(codec);
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const info = decoder.getFrameInfo();
    // Wasm memory is reused by the next frame.
    const bytes = new Uint8Array(decoder.getDecodedBuffer());
    const planar = decoder.getInterleaveMode?.() === 0;
    decoder.delete();
    return { bytes, info, planar };
  } catch (error) {
    throw new RangeError('it is damaged', { cause: error });
  }
}

function samplesOf(bytes: Uint8Array<ArrayBuffer>, info: CodecFrameInfo, shape: Shape): Samples {
  const { width, height, components, precision } = shape;
  const cellLength = precision <= 8 ? 1 : 2;
  const { width: w, height: h, componentCount, bitsPerSample } = info;
  const fits = w === width && h === height && componentCount === components && bitsPerSample === precision;
  if (!fits || bytes.length !== width * height * components * cellLength) {
    throw new RangeError('the codec gave another image than the header announces');
  }
  return cellLength === 1 ? bytes : new Uint16Array(bytes.buffer);
}

/** Puts the samples of a pixel side by side that came one component after the other. */
function interleaveComponents<Cells extends Samples>(planes: Cells, components: number): Cells {
  if (components === 1) return planes;
  const mixed = planes.slice() as Cells;
  const pixels = planes.length / components;
  for (let component = 0; component < components; component++) {
    const start = component * pixels;
    for (let pixel = 0; pixel < pixels; pixel++)
      mixed[pixel * components + component] = planes[start + pixel];
  }
  return mixed;
}
