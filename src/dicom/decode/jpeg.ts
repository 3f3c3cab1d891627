import { Decoder } from '@cornerstonejs/jpeg-lossless-decoder-js';
import { concatBytes } from '../../engine/bytes';
import { WasmCodec } from '../../engine/payload/wasmCodec';
import { type Codestream, decodeWith, type Samples, type Shape } from './codestream';
import { type JpegHeader, readJpegHeader } from './jpegHeader';

/** JPEG (ITU-T T.81): sequential DCT of 8 bits through libjpeg-turbo, lossless of 2 to 16 bits. */

const libjpegTurbo = new WasmCodec('libjpegturbowasm_decode.wasm', async (options) => {
  const { default: create } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
  return create(options);
});

/** Start of Frame markers, their last bytes (table B.1). */
const BASELINE = 0xc0;
const EXTENDED = 0xc1;
const LOSSLESS = 0xc3;

/**
 * Opens a JPEG stream by what it is, whatever the transfer syntax calls it: both are mixed up in real
 * files. `rgb` tells that the components are red, green and blue where the stream does not say.
 *
 * Throws `RangeError` with what is not supported.
 */
export function openJpeg(stream: Uint8Array, rgb: boolean): Codestream {
  const header = readJpegHeader(stream);
  const { width, height, components, precision } = header;
  const shape: Shape = { width, height, components, precision, signed: false };
  if (header.process === LOSSLESS) {
    checkLossless(header);
    return { shape, decode: async () => decodeLossless(stream, header) };
  }
  checkSequential(header);
  const input = rgb && components === 3 && !header.namesColours ? withAdobeMarker(stream) : stream;
  const decode = () => decodeWith(libjpegTurbo, (codec) => new codec.JPEGDecoder(), input, shape);
  return { shape, rgb: true, lossMethod: 'ISO_10918_1', decode };
}

function checkSequential({ process, precision, components, scans }: JpegHeader): void {
  if (process !== BASELINE && process !== EXTENDED)
    throw new RangeError('this kind of JPEG (progressive, arithmetic or hierarchical) is not supported');
  if (precision !== 8)
    throw new RangeError(`JPEG with losses of ${precision} bits is not supported, as no decoder is exact`);
  // Each component is in one scan (T.81, section B.2.3).
  const coded = scans.reduce((sum, count) => sum + count, 0);
  if (coded !== components) throw new RangeError('its scans do not hold each component once');
}

/** What the lossless decoder does not do, or not right. */
function checkLossless(header: JpegHeader): void {
  const { components, precision, scans, predictor, pointTransform, restartInterval } = header;
  const plain = scans.length === 1 && scans[0] === components && header.fullSampling;
  if (precision < 2 || precision > 16 || predictor < 1 || predictor > 7 || pointTransform !== 0 || !plain)
    throw new RangeError('this kind of lossless JPEG (scans, sampling or shift) is not supported');
  if (components !== 1 && (components !== 3 || precision > 8))
    throw new RangeError(
      `lossless JPEG of ${components} samples of ${precision} bits per pixel is not supported`,
    );
  if (restartInterval !== 0 && (components !== 1 || predictor !== 1))
    throw new RangeError('lossless JPEG with restart markers is not supported here');
}

function decodeLossless(stream: Uint8Array, header: JpegHeader): Samples {
  const decoder = new Decoder();
  let samples: Samples;
  try {
    samples = decoder.decode(stream.buffer as ArrayBuffer, stream.byteOffset, stream.length);
  } catch (error) {
    throw new RangeError('it is damaged', { cause: error });
  }
  // The decoder does not complain where it runs out of bytes.
  const complete = decoder.yLoc === header.height && (decoder.stream?.index ?? Infinity) <= stream.length;
  if (!complete) throw new RangeError('it ends early');
  return samples;
}

/** An Adobe segment that says: no colour transform (T.872, section 6.5.3). */
const ADOBE_NO_TRANSFORM = Uint8Array.of(
  ...[0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0],
);

function withAdobeMarker(stream: Uint8Array): Uint8Array {
  return concatBytes([stream.subarray(0, 2), ADOBE_NO_TRANSFORM, stream.subarray(2)]);
}
