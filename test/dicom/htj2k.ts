import createOpenJph from '@cornerstonejs/codec-openjph/wasmjs';
import { buildImage, type ImageOptions, pixelBytes } from './builder';

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  setQuality(reversible: boolean, quantization: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

/** An image in High-Throughput JPEG 2000, lossless or not: no test file that every machine has is one. */
export async function buildHtj2kImage(options: ImageOptions = {}, lossless = true): Promise<Buffer> {
  const { width = 128, height = 128, samplesPerPixel = 1, bitsAllocated = 16, signed = false } = options;
  const quiet = { print: () => {}, printErr: () => {} };
  const { HTJ2KEncoder } = (await createOpenJph(quiet)) as unknown as { HTJ2KEncoder: new () => Encoder };
  const encoder = new HTJ2KEncoder();
  const { bitsStored = bitsAllocated } = options;
  const frame = { width, height, bitsPerSample: bitsStored, componentCount: samplesPerPixel };
  encoder
    .getDecodedBuffer({ ...frame, isSigned: signed, isUsingColorTransform: false })
    .set(pixelBytes(options));
  encoder.setQuality(lossless, lossless ? 0 : 0.001);
  encoder.encode();
  const stream = encoder.getEncodedBuffer().slice();
  const syntax = { uid: lossless ? '1.2.840.10008.1.2.4.201' : '1.2.840.10008.1.2.4.203', explicit: true };
  const nodes = [{ tag: 0x7fe00010, vr: 'OB', fragments: [stream] }];
  return Buffer.from(buildImage({ ...options, syntax, nodes }));
}
