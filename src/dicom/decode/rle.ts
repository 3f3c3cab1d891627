import type { PixelShape } from '../image/pixelShape';
import type { Codestream, Samples } from './codestream';

const HEADER_LENGTH = 64;
const MAX_SEGMENTS = 15;

/** Two bytes stand for no more than this many. */
const MAX_RUN = 128;

/**
 * Opens a stream of RLE Lossless (PS3.5, annex G): a segment for each byte of each sample, the high bytes
 * first, packed with PackBits. The frame's size is not in the stream; the data set has it.
 *
 * Throws `RangeError` where the stream cannot hold such a frame.
 */
export function openRle(stream: Uint8Array, expected: PixelShape): Codestream {
  const { width, height, samplesPerPixel: components, bytesPerSample } = expected;
  const shape = { width, height, components, precision: 8 * bytesPerSample, signed: false };
  const length = width * height * components * bytesPerSample;
  if (length > (stream.length * MAX_RUN) / 2) throw new RangeError('it ends early');
  return { shape, decode: async () => decodeRle(stream, width * height, components, bytesPerSample) };
}

function decodeRle(stream: Uint8Array, pixels: number, components: number, bytesPerSample: 1 | 2): Samples {
  if (stream.length < HEADER_LENGTH) throw new RangeError('it ends inside its header');
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const count = view.getUint32(0, true);
  if (count !== components * bytesPerSample || count > MAX_SEGMENTS) {
    throw new RangeError('it has another number of segments than its samples have bytes');
  }
  const bytes = new Uint8Array(pixels * components * bytesPerSample);
  for (let segment = 0; segment < count; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < count ? view.getUint32(8 + 4 * segment, true) : stream.length;
    if (start < HEADER_LENGTH || end < start || end > stream.length) {
      throw new RangeError('its segments do not lie one after the other');
    }
    const component = Math.floor(segment / bytesPerSample);
    const lower = bytesPerSample - 1 - (segment % bytesPerSample);
    const first = component * bytesPerSample + lower;
    unpack(stream.subarray(start, end), bytes, first, components * bytesPerSample);
  }
  return bytesPerSample === 1 ? bytes : new Uint16Array(bytes.buffer);
}

/** Unpacks one segment (PS3.5, section G.3.2) into every `step`th byte of `target`. */
function unpack(segment: Uint8Array, target: Uint8Array, first: number, step: number): void {
  let at = first;
  let position = 0;
  while (at < target.length) {
    if (position + 1 >= segment.length) throw new RangeError('it ends early');
    const control = segment[position++];
    if (control === 128) continue;
    const run = control < 128 ? control + 1 : 257 - control;
    if (control < 128 && position + run > segment.length) throw new RangeError('it ends early');
    for (let k = 0; k < run && at < target.length; k++, at += step) {
      target[at] = segment[control < 128 ? position + k : position];
    }
    position += control < 128 ? run : 1;
  }
}
