import createCharls from '@cornerstonejs/codec-charls/wasmjs';
import { concatBytes } from '../bytes';
import { WasmCodec } from './wasmCodec';

/** Lossless JPEG-LS (ISO/IEC 14495-1) through CharLS. */

/** The shape of an image to code; components lie one after the other (interleave mode none). */
export interface CodedImage {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

/** CharLS, coder and decoder. */
export const charls = new WasmCodec('charlswasm.wasm', createCharls);

const SAMPLE_INTERLEAVED = 2;

/**
 * Codes `samples` (bytes up to 8 bits per sample, else 16-bit words) without loss. Undefined where
 * they cannot be packed: CharLS gives up on noise that grows much longer than it was. `byPixel` tells that
 * the samples of a pixel lie side by side, instead of one component after the other.
 */
export async function encodeJpegLs(
  samples: Uint8Array | Uint16Array,
  image: CodedImage,
  byPixel = false,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await charls.use(({ JpegLSEncoder }) => {
      const encoder = new JpegLSEncoder();
      encoder
        .getDecodedBuffer(image)
        .set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      if (byPixel) encoder.setInterleaveMode(SAMPLE_INTERLEAVED);
      encoder.encode();
      const stream = encoder.getEncodedBuffer().slice();
      encoder.delete();
      return stream;
    });
  } catch (error) {
    // The wasm throws bare numbers, addresses of its own exceptions; anything else is a defect.
    if (typeof error === 'number') return undefined;
    throw error;
  }
}

const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/**
 * A stream with one more End of Image behind it: where damage took the first, CharLS would look for it beyond
 * the end for ever.
 */
export const withEnd = (stream: Uint8Array): Uint8Array => concatBytes([stream, END_OF_IMAGE]);

/** Start Of Frame of JPEG-LS (ISO/IEC 14495-1, Annex C). */
const SOF55 = 0xfff7;

/** Reads the shape from a stream that begins with SOI and SOF55, as CharLS writes it. */
function readShape(stream: Uint8Array): CodedImage | undefined {
  if (stream.length < 12) return undefined;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (view.getUint16(0) !== 0xffd8 || view.getUint16(2) !== SOF55) return undefined;
  return {
    bitsPerSample: view.getUint8(6),
    height: view.getUint16(7),
    width: view.getUint16(9),
    componentCount: view.getUint8(11),
  };
}

/**
 * Decodes a stream of `encodeJpegLs`. The shape it declares is compared with `image` before the
 * codec allocates anything. Throws `RangeError` where they differ or the stream is not whole.
 */
export async function decodeJpegLs(stream: Uint8Array, image: CodedImage): Promise<Uint8Array | Uint16Array> {
  const shape = readShape(stream);
  const keys = ['width', 'height', 'bitsPerSample', 'componentCount'] as const;
  if (shape === undefined || keys.some((key) => shape[key] !== image[key])) {
    throw new RangeError('the JPEG-LS stream is not of the expected shape');
  }
  const ended = withEnd(stream);
  const bytes = await charls.use(({ JpegLSDecoder }) => {
    try {
      const decoder = new JpegLSDecoder();
      decoder.getEncodedBuffer(ended.length).set(ended);
      decoder.decode();
      const decoded = decoder.getDecodedBuffer().slice();
      decoder.delete();
      return decoded;
    } catch (error) {
      throw new RangeError('the JPEG-LS stream does not decode', { cause: error });
    }
  });
  return image.bitsPerSample <= 8 ? bytes : new Uint16Array(bytes.buffer);
}
