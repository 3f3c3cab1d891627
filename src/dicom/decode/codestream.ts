import type { WasmCodec } from '../../engine/wasmCodec';

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
  /** Throws `RangeError` where the stream is not whole or not valid. */
  decode(): Promise<Samples>;
}

/**
 * Decodes one stream. Throws `RangeError` where the codec gives up, or gives anything but `shape`.
 */
export async function decodeWith<Codec>(
  codec: WasmCodec<Codec>,
  decoderOf: (codec: Codec) => CodecDecoder,
  stream: Uint8Array,
  shape: Shape,
): Promise<Samples> {
  const decoder = decoderOf(await codec.load());
  let bytes: Uint8Array<ArrayBuffer>;
  let info: CodecFrameInfo;
  let planar: boolean;
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    info = decoder.getFrameInfo();
    // Wasm memory is reused by the next frame.
    bytes = new Uint8Array(decoder.getDecodedBuffer());
    planar = decoder.getInterleaveMode?.() === 0;
    decoder.delete();
  } catch (error) {
    // A number is a thrown C++ exception. After anything else the codec is not known to be sound.
    if (typeof error === 'number') decoder.delete();
    else codec.discard();
    throw new RangeError('it is damaged', { cause: error });
  }
  const samples = samplesOf(bytes, info, shape);
  return planar ? interleaveComponents(samples, shape.components) : samples;
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
