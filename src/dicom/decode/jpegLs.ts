import { charls, withEnd } from '../../engine/payload/jpegLs';
import { type Codestream, decodeWith, type Shape } from './codestream';
import { readJpegHeader } from './jpegHeader';

/** Start of Frame of JPEG-LS, last byte (ITU-T T.87, annex C). */
const SOF55 = 0xf7;

/**
 * Opens a JPEG-LS stream, lossless or near-lossless: which, its scans tell by the largest error, the transfer syntax
 * of the latter allowing 0 too (PS3.5, section A.4.3). Throws `RangeError` with what is not supported.
 */
export function openJpegLs(stream: Uint8Array): Codestream {
  const { process, width, height, components, precision, fullSampling, near } = readJpegHeader(stream);
  if (process !== SOF55 || !fullSampling) throw new RangeError('this kind of JPEG-LS is not supported');
  if (precision < 2 || precision > 16) throw new RangeError(`JPEG-LS of ${precision} bits is not supported`);
  const shape: Shape = { width, height, components, precision, signed: false };
  const decode = () => decodeWith(charls, (codec) => new codec.JpegLSDecoder(), withEnd(stream), shape);
  return { shape, lossMethod: near > 0 ? 'ISO_14495_1' : undefined, decode };
}
