import { cellBytes, concatBytes } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import { extend } from '../../engine/kernels/cells';
import { inflate } from '../../engine/payload/deflate';
import type { Loss } from '../changes/lossHistory';
import { encodeElement, encodeShorts, encodeText } from '../dataset/encode';
import { type DicomFile, findElement, readFile, textOf } from '../dataset/reader';
import { type Edit, splice } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import {
  type CodecName,
  EXPLICIT_LITTLE_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  type TransferSyntax,
} from '../dataset/transferSyntaxes';
import { givingWay } from '../givingWay';
import { widenChroma } from '../image/chroma';
import { checkPixelData, numberOfFrames, type PixelShape, pixelShape } from '../image/pixelShape';
import type { Codestream, Samples, Shape } from './codestream';
import { frameStreams } from './fragments';
import { openJpeg } from './jpeg';
import { openJpeg2000 } from './jpeg2000';
import { openJpegLs } from './jpegLs';
import { openRle } from './rle';

/** A file whose pixel data are native: as it was, or decoded. */
export interface NativeFile {
  /** Every pixel has all its samples. */
  readonly file: DicomFile;
  /** What restoring gives back: `file`, or the one in YBR_FULL_422 that it was widened from. */
  readonly original: DicomFile;
  /** The transfer syntax that the pixel data or the data set were packed in; undefined where in none. */
  readonly decodedFrom: TransferSyntax | undefined;
  /** What the pixel data lost in that transfer syntax; undefined where nothing, as far as their streams show. */
  readonly loss: Loss | undefined;
}

/** Most bytes of pixels or of a data set that are unpacked: small files can announce any size. */
const MAX_UNPACKED_LENGTH = 2 ** 30;
/** Deflate packs no tighter than this. */
const MAX_DEFLATE_RATIO = 1032;

/**
 * Reads a file, decodes compressed pixel data and inflates deflated data sets: the file that the given one says, in
 * Explicit VR Little Endian, with the stored values exactly as the codec gives them. A file that is neither
 * is given back as it is. Native YBR_FULL_422 is widened besides, see {@link widenChroma}.
 *
 * Everything outside the pixel data is copied byte for byte; the transfer syntax, Photometric Interpretation
 * and Planar Configuration follow the pixels as they lie there now (PS3.5, sections 8.2 and A.4), and
 * extended offset tables go. The history of lossy compression (0028,2110 to 2114) is left as it is, also where it
 * does not tell of the compression that is undone here: protecting adds that.
 *
 * Throws `not-dicom`, `unsupported-transfer-syntax`, `unsupported-pixels`, `no-pixel-data` or `truncated`, each with the
 * name of what is not supported; `cancelled`.
 */
export async function readNative(bytes: Uint8Array, signal?: AbortSignal): Promise<NativeFile> {
  const file = readFile(bytes);
  const { transferSyntax } = file;
  if (transferSyntax.deflated) {
    const inflated = inflateFile(file);
    checkPixelData(inflated);
    return { file: widenChroma(inflated), original: inflated, decodedFrom: transferSyntax, loss: undefined };
  }
  checkPixelData(file);
  if (transferSyntax.native)
    return { file: widenChroma(file), original: file, decodedFrom: undefined, loss: undefined };
  const { decoded, loss } = await decodeFile(file, signal);
  return { file: decoded, original: decoded, decodedFrom: transferSyntax, loss };
}

const transferSyntaxEdit: Edit = {
  tag: TAG.TransferSyntaxUID,
  bytes: encodeText(TAG.TransferSyntaxUID, 'UI', EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN),
};

/**
 * Reads a file whose data set is deflated (PS3.5, section A.5: everything after the meta information is one stream).
 * Throws `truncated` where it cannot be inflated, and what {@link readFile} throws.
 */
export function inflateFile(file: DicomFile): DicomFile {
  const { bytes, dataSetStart } = file;
  const deflated = bytes.subarray(dataSetStart);
  let dataSet: Uint8Array;
  try {
    dataSet = inflate(deflated, Math.min(MAX_UNPACKED_LENGTH, MAX_DEFLATE_RATIO * deflated.length));
  } catch (cause) {
    throw new KeyAreaError(
      'truncated',
      'The deflated data set cannot be inflated: it is cut off, damaged or longer than 1 GiB. Get the file again from its source.',
      { cause },
    );
  }
  const meta = splice({ ...file, dataSetEnd: bytes.length }, [transferSyntaxEdit]);
  const metaLength = meta.length - deflated.length;
  return readFile(concatBytes([meta.subarray(0, metaLength), dataSet]));
}

async function decodeFile(
  file: DicomFile,
  signal: AbortSignal | undefined,
): Promise<{ decoded: DicomFile; loss: Loss | undefined }> {
  const { codec, name } = file.transferSyntax;
  if (codec === undefined) throw unknownTransferSyntax(file.transferSyntax);
  const element = findElement(file, TAG.PixelData);
  if (element?.undefinedLength !== true) {
    throw unsupported(
      'The pixel data are native although the transfer syntax says that they are compressed.',
    );
  }
  const frames = numberOfFrames(file);
  const streams = frameStreams(file, element, frames, (bytes) => startsStream(codec, bytes));
  const codestreams = streams.map((stream, index) =>
    named(name, index + 1, () => openStream(file, codec, stream)),
  );
  const photometric = decodedPhotometric(file, codestreams[0]);
  const shape = pixelShape(file, photometric);
  const frameLength = shape.width * shape.height * shape.samplesPerPixel * shape.bytesPerSample;
  if (frameLength * frames > MAX_UNPACKED_LENGTH) {
    throw unsupported(
      `The pixels take ${frameLength * frames} bytes when unpacked; up to 1 GiB is supported.`,
    );
  }
  for (const [index, codestream] of codestreams.entries())
    named(name, index + 1, () => checkShape(codestream, shape));
  const pixels = new Uint8Array(frameLength * frames);
  const giveWay = givingWay(signal);
  for (const [index, codestream] of codestreams.entries()) {
    await giveWay();
    const samples = await codestream.decode().catch(namedError(name, index + 1));
    pixels.set(cellBytes(toCells(samples, codestream.shape, shape)), index * frameLength);
  }
  const lossMethod = codestreams.find((codestream) => codestream.lossMethod)?.lossMethod;
  const packed = streams.reduce((sum, stream) => sum + stream.length, 0);
  return {
    decoded: readFile(splice(file, pixelEdits(file, shape, photometric, pixels))),
    loss: lossMethod && { method: lossMethod, ratio: pixels.length / packed },
  };
}

/** The elements that say how the pixels lie, and the pixels. */
function pixelEdits(file: DicomFile, shape: PixelShape, photometric: string, pixels: Uint8Array): Edit[] {
  const { coding } = file.transferSyntax;
  const { PhotometricInterpretation, PlanarConfiguration, PixelData } = TAG;
  const edits: Edit[] = [
    transferSyntaxEdit,
    {
      tag: PhotometricInterpretation,
      bytes: encodeText(PhotometricInterpretation, 'CS', photometric, coding),
    },
    {
      tag: PixelData,
      bytes: encodeElement(PixelData, shape.bytesPerSample === 1 ? 'OB' : 'OW', pixels, coding),
    },
    { tag: TAG.ExtendedOffsetTable, bytes: undefined },
    { tag: TAG.ExtendedOffsetTableLengths, bytes: undefined },
  ];
  if (shape.samplesPerPixel === 3) {
    const bytes = encodeElement(PlanarConfiguration, 'US', encodeShorts([0], coding), coding);
    edits.push({ tag: PlanarConfiguration, bytes });
  }
  return edits;
}

/** Reads the header of one frame's stream. Throws `RangeError`. */
function openStream(file: DicomFile, codec: CodecName, stream: Uint8Array): Codestream {
  switch (codec) {
    case 'rle':
      return openRle(stream, pixelShape(file, decodedPhotometric(file)));
    case 'jpeg':
      return openJpeg(stream, textOf(file, TAG.PhotometricInterpretation) === 'RGB');
    case 'jpeg-ls':
      return openJpegLs(stream);
    case 'jpeg-2000':
      return openJpeg2000(stream);
  }
}

/** SOI, or SOC or the signature box of JPEG 2000; a stream of RLE is always one fragment. */
const STARTS: Readonly<Record<CodecName, readonly string[]>> = {
  rle: [],
  jpeg: ['ffd8'],
  'jpeg-ls': ['ffd8'],
  'jpeg-2000': ['ff4f', '0000'],
};

const startsStream = (codec: CodecName, [a = 0, b = 0]: Uint8Array): boolean =>
  STARTS[codec].includes((a * 256 + b).toString(16).padStart(4, '0'));

/**
 * What the decoded samples are. JPEG with losses and the colour transforms of JPEG 2000 come out as RGB;
 * all other codecs give back what they were given (PS3.5, section 8.2).
 */
function decodedPhotometric(file: DicomFile, codestream?: Codestream): string {
  const given = textOf(file, TAG.PhotometricInterpretation) ?? '';
  if (!given.startsWith('YBR_')) return given;
  return given === 'YBR_RCT' || given === 'YBR_ICT' || codestream?.rgb ? 'RGB' : 'YBR_FULL';
}

/** Throws `RangeError` where a stream holds another image than the data set describes. */
function checkShape({ shape }: Codestream, expected: PixelShape): void {
  const { width, height, components, precision } = shape;
  const { samplesPerPixel, bytesPerSample } = expected;
  if (width !== expected.width || height !== expected.height || components !== samplesPerPixel) {
    throw new RangeError(
      `it is ${width} x ${height} with ${components} sample(s) per pixel, where the file says ${expected.width} x ${expected.height} with ${samplesPerPixel}`,
    );
  }
  if (precision > 8 * bytesPerSample)
    throw new RangeError(`its samples of ${precision} bits do not fit Bits Allocated ${8 * bytesPerSample}`);
}

/**
 * Samples as the cells of native pixel data: of Bits Allocated, extended by their sign where Pixel
 * Representation says that they have one, whatever the stream says: only their bits are sure.
 */
function toCells(samples: Samples, { precision }: Shape, { bytesPerSample, signed }: PixelShape): Samples {
  const cells = bytesPerSample === 1 ? new Uint8Array(samples) : new Uint16Array(samples);
  extend(cells, precision, signed);
  return cells;
}

/** Does `action`, and names frame and codec where it throws a `RangeError`. */
function named<Result>(syntax: string, frame: number, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    return namedError(syntax, frame)(cause);
  }
}

const namedError =
  (syntax: string, frame: number) =>
  (cause: unknown): never => {
    if (!(cause instanceof RangeError)) throw cause;
    throw new KeyAreaError(
      'unsupported-pixels',
      `Frame ${frame}, compressed as ${syntax}, cannot be decoded: ${cause.message}. Get the file again from its source, or decompress it with another tool first.`,
      { cause },
    );
  };

const unsupported = (message: string): KeyAreaError => new KeyAreaError('unsupported-pixels', message);

function unknownTransferSyntax({ name, uid }: TransferSyntax): KeyAreaError {
  const shownUid = /^[0-9.]{1,64}$/.test(uid) ? ` (${uid})` : '';
  return new KeyAreaError(
    'unsupported-transfer-syntax',
    `The transfer syntax ${name}${shownUid} is not supported. Convert the file to Explicit VR Little Endian first, for example with gdcmconv --raw.`,
  );
}
