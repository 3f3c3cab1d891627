import { KeyAreaError } from '../../engine/errors';
import type { ValueRange } from '../../engine/pixels/frame';
import { type DicomFile, findElement, textOf, unsignedShortsOf } from '../dataset/reader';
import { OVERLAY, TAG, tagOf } from '../dataset/tags';
import { paletteRanksOf } from './palette';

const refuse = (message: string): KeyAreaError => new KeyAreaError('unsupported-pixels', message);

/** Throws `no-pixel-data` or `unsupported-pixels` where a file holds no integers to work on. */
export function checkPixelData(file: DicomFile): void {
  for (const tag of [TAG.FloatPixelData, TAG.DoubleFloatPixelData]) {
    if (findElement(file, tag))
      throw refuse('Floating-point pixels are not supported; integers of 8 or 16 bits are.');
  }
  if (findElement(file, TAG.PixelData) === undefined) {
    const elsewhere = findElement(file, TAG.PixelDataProviderURL) !== undefined;
    throw new KeyAreaError(
      'no-pixel-data',
      elsewhere
        ? 'The file holds no pixel data, only the address of a server that has them. Fetch the whole image first.'
        : 'The file holds no pixel data, so there is nothing to hide. Choose an image.',
    );
  }
}

/** What the frames of a file are like (PS3.3, C.7.6.3), wherever they lie. */
export interface PixelShape {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: 1 | 3;
  /** Planar Configuration 1: a frame's red samples, then its green, then its blue ones. */
  readonly planar: boolean;
  readonly bytesPerSample: 1 | 2;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly inverted: boolean;
  /** YBR_FULL: the samples are luminance, blue and red difference. */
  readonly ybr: boolean;
  readonly padding: ValueRange | undefined;
  readonly paletteRanks: Uint16Array | undefined;
  readonly frames: number;
}

/**
 * Reads what frames are like. `photometric` is what they are when decoded.
 * Throws `unsupported-pixels` with the name of what is not supported.
 */
export function pixelShape(
  file: DicomFile,
  photometric = textOf(file, TAG.PhotometricInterpretation),
): PixelShape {
  const samplesPerPixel = numberOf(file, TAG.SamplesPerPixel, 'Samples per Pixel', 1);
  checkPhotometric(photometric, samplesPerPixel);
  const bitsAllocated = numberOf(file, TAG.BitsAllocated, 'Bits Allocated');
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw refuse(`Bits Allocated ${bitsAllocated} is not supported; 8 and 16 are.`);
  }
  const bitsStored = numberOf(file, TAG.BitsStored, 'Bits Stored', bitsAllocated);
  if (bitsStored < 3 || bitsStored > bitsAllocated) {
    throw refuse(
      `Bits Stored ${bitsStored} of ${bitsAllocated} bits is not supported; 3 to ${bitsAllocated} are.`,
    );
  }
  const highBit = numberOf(file, TAG.HighBit, 'High Bit', bitsStored - 1);
  if (highBit !== bitsStored - 1) {
    throw refuse(
      `High Bit ${highBit} with ${bitsStored} bits stored is not supported; ${bitsStored - 1} is.`,
    );
  }
  checkEmbeddedOverlays(file);
  const representation = numberOf(file, TAG.PixelRepresentation, 'Pixel Representation', 0);
  if (representation > 1) throw refuse(`Pixel Representation ${representation} is not known; 0 and 1 are.`);
  const signed = representation === 1;
  const palette = photometric === 'PALETTE COLOR';
  if (signed && (samplesPerPixel === 3 || palette)) {
    throw refuse('Signed colour samples are not supported; unsigned are.');
  }
  const planarConfiguration = numberOf(file, TAG.PlanarConfiguration, 'Planar Configuration', 0);
  if (planarConfiguration > 1) {
    throw refuse(`Planar Configuration ${planarConfiguration} is not known; 0 and 1 are.`);
  }
  return {
    width: dimensionOf(file, TAG.Columns, 'Columns'),
    height: dimensionOf(file, TAG.Rows, 'Rows'),
    samplesPerPixel: samplesPerPixel === 3 ? 3 : 1,
    planar: samplesPerPixel === 3 && planarConfiguration === 1,
    bytesPerSample: bitsAllocated === 8 ? 1 : 2,
    bitsStored,
    signed,
    inverted: photometric === 'MONOCHROME1',
    ybr: photometric === 'YBR_FULL',
    padding: samplesPerPixel === 1 && !palette ? paddingOf(file, bitsStored, signed) : undefined,
    paletteRanks: palette ? paletteRanksOf(file, bitsStored) : undefined,
    frames: numberOfFrames(file),
  };
}

const SAMPLES = new Map([
  ['MONOCHROME1', 1],
  ['MONOCHROME2', 1],
  ['PALETTE COLOR', 1],
  ['RGB', 3],
  ['YBR_FULL', 3],
]);
/** The other defined terms, retired ones included: a message repeats nothing else from the file. */
const REFUSED = /^(YBR_(FULL_422|PARTIAL_422|PARTIAL_420|ICT|RCT)|HSV|ARGB|CMYK|XYB)$/;

function checkPhotometric(photometric: string | undefined, samplesPerPixel: number): void {
  if (!photometric) throw refuse('The file does not say its Photometric Interpretation (0028,0004).');
  const expected = SAMPLES.get(photometric);
  if (expected === undefined) {
    const name = REFUSED.test(photometric) ? photometric : 'an unknown Photometric Interpretation';
    throw refuse(
      `Pixels in ${name} are not supported; MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB and YBR_FULL are.`,
    );
  }
  if (samplesPerPixel !== expected) {
    throw refuse(
      `${photometric} with ${samplesPerPixel} samples per pixel is not supported; ${expected} it should be.`,
    );
  }
}

/**
 * Overlays once lay in the unused bits of the pixels (retired; PS3.3 of 2004, C.9.2): they would show
 * through.
 */
function checkEmbeddedOverlays(file: DicomFile): void {
  for (let group = 0x6000; group <= 0x60fe; group += 2) {
    const [bits] = unsignedShortsOf(file, tagOf(group, OVERLAY.BitsAllocated));
    if (bits !== undefined && bits !== 1 && findElement(file, tagOf(group, OVERLAY.Data)) === undefined) {
      throw refuse(
        'An overlay lies in the unused bits of the pixels (retired in DICOM), which is not supported.',
      );
    }
  }
}

function numberOf(file: DicomFile, tag: number, name: string, absent?: number): number {
  const [value] = unsignedShortsOf(file, tag);
  if (value !== undefined) return value;
  if (absent !== undefined) return absent;
  throw refuse(`The file does not say its ${name}, so its pixels cannot be read.`);
}

function dimensionOf(file: DicomFile, tag: number, name: string): number {
  const value = numberOf(file, tag, name);
  if (value === 0) throw refuse(`${name} is 0: the image is empty.`);
  return value;
}

/** Number of Frames, 1 where a file does not say it. Throws `unsupported-pixels`. */
export function numberOfFrames(file: DicomFile): number {
  const text = textOf(file, TAG.NumberOfFrames);
  if (text === undefined) return 1;
  const frames = Number(text);
  if (!/^\+?\d{1,10}$/.test(text) || frames < 1)
    throw refuse('Number of Frames (0028,0008) is not a number of frames.');
  return frames;
}

/**
 * Pixel Padding Value and Range Limit (PS3.3, C.7.5.1.1.2). Whether they are US or SS follows from
 * Pixel Representation, not from the VR in the file, which is often the wrong one. A value that no
 * sample can have marks no padding.
 */
function paddingOf(file: DicomFile, bitsStored: number, signed: boolean): ValueRange | undefined {
  const [value] = unsignedShortsOf(file, TAG.PixelPaddingValue);
  if (value === undefined) return undefined;
  const [limit = value] = unsignedShortsOf(file, TAG.PixelPaddingRangeLimit);
  const [a, b] = [value, limit].map((raw) => (signed ? (raw << 16) >> 16 : raw));
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  const highest = lowest + 2 ** bitsStored - 1;
  const minimum = Math.max(lowest, Math.min(a, b));
  const maximum = Math.min(highest, Math.max(a, b));
  return minimum <= maximum ? { minimum, maximum } : undefined;
}
