import { WasmCodec } from '../../engine/payload/wasmCodec';
import { type Codestream, decodeWith } from './codestream';
import { readJpeg2000Header } from './jpeg2000Header';

/** JPEG 2000 (ITU-T T.800) through OpenJPEG, High-Throughput JPEG 2000 (T.814) through OpenJPH. */

const openJpeg = new WasmCodec('openjpegwasm_decode.wasm', async (options) => {
  const { default: create } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  return create(options);
});

const openJph = new WasmCodec('openjphjs.wasm', async (options) => {
  const { default: create } = await import('@cornerstonejs/codec-openjph/wasmjs');
  return create(options);
});

/**
 * Opens a JPEG 2000 stream of either kind. Throws `RangeError` with what is not supported.
 *
 * The irreversible wavelet always loses something. The reversible one loses nothing but where a writer cut its stream
 * short: that cannot be seen in the header, and transfer syntaxes that allow losses hold whole streams too. It is
 * left to what the file itself says of losses.
 */
export function openJpeg2000(stream: Uint8Array): Codestream {
  const { shape, highThroughput, irreversible, codestream } = readJpeg2000Header(stream);
  const { components, precision, signed } = shape;
  // Both decoders cut negative values of up to 8 bits off, and give wide colours wrongly or not at all.
  if (signed && precision <= 8)
    throw new RangeError(`JPEG 2000 of ${precision} bits with a sign is not supported`);
  if (components > 1 && precision > 8)
    throw new RangeError(`JPEG 2000 in colour of ${precision} bits is not supported`);
  const decode = highThroughput
    ? () => decodeWith(openJph, (codec) => new codec.HTJ2KDecoder(), codestream, shape)
    : () => decodeWith(openJpeg, (codec) => new codec.J2KDecoder(), codestream, shape);
  const method = highThroughput ? 'ISO_15444_15' : 'ISO_15444_1';
  return { shape, lossMethod: irreversible ? method : undefined, decode };
}
