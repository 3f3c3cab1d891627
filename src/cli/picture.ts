import { inflateSync } from 'node:zlib';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { KeyAreaError, type Picture } from '../engine/index';

/** Largest picture that is decoded, in millions of pixels: four bytes each, and more while decoding. */
const MAX_MEGAPIXELS = 64;
const MAX_DECODER_MEGABYTES = 2048;

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';
const JPEG_SIGNATURE = '\xff\xd8\xff';

/**
 * Decodes a screenshot or a photo, PNG or JPEG, by its content. Throws `unsupported-pixels` for
 * anything else, and for pictures that are damaged or too large.
 */
export function decodePicture(bytes: Uint8Array): Picture {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length)).toString('latin1');
  if (start === PNG_SIGNATURE) return decoded(() => decodePng(bytes));
  if (start.startsWith(JPEG_SIGNATURE)) return decoded(() => decodeJpegBounded(bytes));
  throw refused('This is no PNG or JPEG picture. Save the screenshot or photo as one of them.');
}

function decoded(decode: () => Picture): Picture {
  try {
    return decode();
  } catch (error) {
    if (error instanceof KeyAreaError) throw error;
    throw refused('The picture is damaged, so it cannot be read. Save or take it again.', error);
  }
}

/** The size is known, and that there is but one, before anything is unpacked. */
function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks = chunksOf(file);
  if (chunks[0]?.type !== 'IHDR' || chunks.filter(({ type }) => type === 'IHDR').length !== 1) {
    throw refused('The picture is damaged, so it cannot be read. Save or take it again.');
  }
  checkSize(file.readUInt32BE(16), file.readUInt32BE(20));
  // The decoder bounds what it unpacks by the size, but not where a picture is interlaced.
  if (file[28] !== 0) checkInterlaced(file, chunks);
  const { width, height, data } = PNG.sync.read(file);
  return { width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) };
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** PNG, section 5.3: each chunk is its length, its type, its data and a CRC. */
function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

/** Samples of a pixel, by colour type (PNG, section 11.2.1). */
const SAMPLES = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
/** First column and row of each pass, and the steps between its columns and rows (PNG, section 8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Throws where an interlaced picture unpacks to more than its size says. */
function checkInterlaced(file: Buffer, chunks: readonly Chunk[]): void {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const bits = (file[24] ?? 0) * (SAMPLES.get(file[25] ?? 0) ?? 0);
  const length = PASSES.reduce((sum, [x, y, column, row]) => {
    const [columns, rows] = [Math.ceil((width - x) / column), Math.ceil((height - y) / row)];
    return columns > 0 && rows > 0 ? sum + rows * (1 + Math.ceil((columns * bits) / 8)) : sum;
  }, 0);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  inflateSync(Buffer.concat(packed), { maxOutputLength: length });
}

function checkSize(width: number, height: number): void {
  if (width * height > MAX_MEGAPIXELS * 1e6) throw tooLarge();
}

const tooLarge = (cause?: unknown): KeyAreaError =>
  refused(
    `The picture has more than ${MAX_MEGAPIXELS} million pixels. Cut out the part with the QR code, or make it smaller.`,
    cause,
  );

function decodeJpegBounded(bytes: Uint8Array): Picture {
  try {
    const { width, height, data } = decodeJpeg(bytes, {
      useTArray: true,
      maxResolutionInMP: MAX_MEGAPIXELS,
      maxMemoryUsageInMB: MAX_DECODER_MEGABYTES,
    });
    return { width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) };
  } catch (error) {
    if (error instanceof Error && /limit exceeded/.test(error.message)) throw tooLarge(error);
    throw error;
  }
}

const refused = (message: string, cause?: unknown): KeyAreaError =>
  new KeyAreaError('unsupported-pixels', message, { cause });
