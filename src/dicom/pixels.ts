import { KeyAreaError } from '../engine/errors';
import type { Frame, ValueRange } from '../engine/frame';
import { sha256 } from '../engine/platform';
import { paletteRanksOf } from './palette';
import { type DicomFile, findElement, textOf, unsignedShortsOf, valueBytes } from './reader';
import { OVERLAY, TAG, tagOf } from './tags';

/** Where and how a file's frames lie: native pixel data (PS3.5, section 8; PS3.3, C.7.6.3). */
export interface PixelLayout {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: 1 | 3;
  /** Planar Configuration 1: a frame's red samples, then its green, then its blue ones. */
  readonly planar: boolean;
  readonly bytesPerSample: 1 | 2;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly inverted: boolean;
  readonly padding: ValueRange | undefined;
  readonly paletteRanks: Uint16Array | undefined;
  readonly frames: number;
  /** Of the first frame's first byte in the file. */
  readonly start: number;
  /** Bytes of one frame. */
  readonly frameLength: number;
}

const refuse = (message: string): KeyAreaError => new KeyAreaError('unsupported-pixels', message);

/**
 * Finds the frames of a file.
 *
 * Throws `no-pixel-data`, `unsupported-transfer-syntax`, `unsupported-pixels` or `truncated`, each
 * with the name of what is not supported.
 */
export function pixelLayout(file: DicomFile): PixelLayout {
  checkTransferSyntax(file);
  const shape = pixelShape(file);
  const { width, height, samplesPerPixel, bytesPerSample, frames } = shape;
  const element = findElement(file, TAG.PixelData);
  if (element === undefined || element.undefinedLength) {
    throw refuse('The pixel data are encapsulated although the transfer syntax says that they are not.');
  }
  const frameLength = width * height * samplesPerPixel * bytesPerSample;
  const needed = frameLength * frames;
  const value = valueBytes(file, element);
  if (value.length < needed) {
    throw new KeyAreaError(
      'truncated',
      `The pixel data are cut off: ${frames} frame(s) of ${width} x ${height} need ${needed} bytes, ${value.length} are there. Get the file again from its source.`,
    );
  }
  if (hidesImage(value.subarray(needed))) {
    throw refuse(
      `The pixel data are ${value.length - needed} bytes longer than ${frames} frame(s) need and those bytes are not padding: they could show what the key area hides.`,
    );
  }
  return { ...shape, start: element.valueStart, frameLength };
}

/** More than the one byte an odd length takes, and not all zero. */
const hidesImage = (rest: Uint8Array): boolean => rest.length > 1 && rest.some((byte) => byte !== 0);

function checkTransferSyntax(file: DicomFile): void {
  const { native, deflated, coding, name, uid } = file.transferSyntax;
  if (!deflated) {
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
  if (!native || deflated || coding.bigEndian) {
    const shownUid = /^[0-9.]{1,64}$/.test(uid) ? ` (${uid})` : '';
    const converter = native ? 'dcmconv --write-xfer-little' : 'gdcmconv --raw';
    throw new KeyAreaError(
      'unsupported-transfer-syntax',
      `The transfer syntax ${name}${shownUid} is not supported yet. Convert the file to Explicit VR Little Endian first, for example with ${converter}.`,
    );
  }
}

type PixelShape = Omit<PixelLayout, 'start' | 'frameLength'>;

function pixelShape(file: DicomFile): PixelShape {
  const photometric = textOf(file, TAG.PhotometricInterpretation);
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
]);
/** The other defined terms, retired ones included: a message repeats nothing else from the file. */
const REFUSED = /^(YBR_(FULL|FULL_422|PARTIAL_422|PARTIAL_420|ICT|RCT)|HSV|ARGB|CMYK|XYB)$/;

function checkPhotometric(photometric: string | undefined, samplesPerPixel: number): void {
  if (photometric === undefined)
    throw refuse('The file does not say its Photometric Interpretation (0028,0004).');
  const expected = SAMPLES.get(photometric);
  if (expected === undefined) {
    const name = REFUSED.test(photometric) ? photometric : 'an unknown Photometric Interpretation';
    throw refuse(`Pixels in ${name} are not supported; MONOCHROME1, MONOCHROME2, PALETTE COLOR and RGB are.`);
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

function numberOfFrames(file: DicomFile): number {
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

/**
 * A frame, numbered from 1, as the engine takes it: a view where the cells lie in memory as in the
 * file, otherwise a copy.
 */
export function readFrame(bytes: Uint8Array, layout: PixelLayout, number: number): Frame {
  const { width, height, samplesPerPixel, bitsStored, signed, inverted, planar } = layout;
  const { padding, paletteRanks } = layout;
  const cells = frameCells(bytes, layout, number);
  const samples = planar ? interleave(cells) : cells;
  return {
    ...{ width, height, samplesPerPixel, bitsStored, signed, inverted, samples },
    ...(padding ? { padding } : {}),
    ...(paletteRanks ? { paletteRanks } : {}),
  };
}

/** Writes a frame, numbered from 1, over the one that lies there. */
export function writeFrame(bytes: Uint8Array, layout: PixelLayout, number: number, frame: Frame): void {
  const { samples } = frame;
  const cells = layout.planar ? separate(samples) : samples;
  const raw = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  bytes.set(raw, layout.start + (number - 1) * layout.frameLength);
}

function frameCells(bytes: Uint8Array, layout: PixelLayout, number: number): Frame['samples'] {
  const start = layout.start + (number - 1) * layout.frameLength;
  const raw = bytes.subarray(start, start + layout.frameLength);
  if (layout.bytesPerSample === 1) return raw;
  const aligned = raw.byteOffset % 2 === 0 ? raw : raw.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}

/** Planar Configuration 1 to 0. */
function interleave(cells: Frame['samples']): Frame['samples'] {
  const mixed = cells.slice();
  const pixels = cells.length / 3;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++) {
    mixed[at++] = cells[pixel];
    mixed[at++] = cells[pixel + pixels];
    mixed[at++] = cells[pixel + 2 * pixels];
  }
  return mixed;
}

/** Planar Configuration 0 to 1. */
function separate(cells: Frame['samples']): Frame['samples'] {
  const planes = cells.slice();
  const pixels = cells.length / 3;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++) {
    planes[pixel] = cells[at++];
    planes[pixel + pixels] = cells[at++];
    planes[pixel + 2 * pixels] = cells[at++];
  }
  return planes;
}

/** The smallest and the largest stored value in all frames. */
export function storedValueRange(bytes: Uint8Array, layout: PixelLayout): ValueRange {
  let lowest = Infinity;
  let highest = -Infinity;
  const mask = 2 ** layout.bitsStored - 1;
  const flip = layout.signed ? 2 ** (layout.bitsStored - 1) : 0;
  for (let number = 1; number <= layout.frames; number++) {
    const cells = frameCells(bytes, layout, number);
    for (let index = 0; index < cells.length; index++) {
      const code = (cells[index] & mask) ^ flip;
      if (code < lowest) lowest = code;
      if (code > highest) highest = code;
    }
  }
  return { minimum: lowest - flip, maximum: highest - flip };
}

/** SHA-256 of the pixel data of all frames, as they lie in the file. */
export function hashPixels(bytes: Uint8Array, layout: PixelLayout): Promise<Uint8Array> {
  return sha256(bytes.subarray(layout.start, layout.start + layout.frames * layout.frameLength));
}
