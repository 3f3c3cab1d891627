import { cellBytes } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import { extend, rangeOf, unionOf } from '../../engine/kernels/cells';
import { sha256 } from '../../engine/keys/platform';
import { codeBits, type Frame, type ValueRange } from '../../engine/pixels/frame';
import { type DicomFile, findElement, valueBytes } from '../dataset/reader';
import { TAG } from '../dataset/tags';
import { fromYbr, toYbr } from './luminance';
import { checkPixelData, type PixelShape, pixelShape } from './pixelShape';

/** Where and how a file's frames lie: native pixel data (PS3.5, section 8; PS3.3, C.7.6.3). */
export interface PixelLayout extends PixelShape {
  /** Of the first frame's first byte in the file. */
  readonly start: number;
  /** The bytes of each 16-bit word lie high byte first: big-endian cells, or words of two bytes. */
  readonly swapped: boolean;
  /** Bytes of one frame. */
  readonly frameLength: number;
}

const refuse = (message: string): KeyAreaError => new KeyAreaError('unsupported-pixels', message);

/**
 * Finds the frames of a file whose pixel data are native; `readNative` makes any file such a one.
 *
 * Throws `no-pixel-data`, `unsupported-pixels` or `truncated`, each with the name of what is not
 * supported.
 */
export function pixelLayout(file: DicomFile): PixelLayout {
  checkPixelData(file);
  const shape = pixelShape(file);
  return { ...shape, ...locateFrames(file, shape, shape.samplesPerPixel) };
}

/**
 * Finds frames of this shape, of `storedSamples` samples for each pixel on average.
 * Throws `unsupported-pixels` or `truncated`.
 */
export function locateFrames(
  file: DicomFile,
  { width, height, bytesPerSample, frames }: PixelShape,
  storedSamples: number,
): Pick<PixelLayout, 'start' | 'swapped' | 'frameLength'> {
  const element = findElement(file, TAG.PixelData);
  if (element === undefined || element.undefinedLength) {
    throw refuse('The pixel data are encapsulated although the transfer syntax says that they are not.');
  }
  const frameLength = width * height * storedSamples * bytesPerSample;
  // What is not OB lies in words (PS3.5, section 8.1.1), of which the last one is whole.
  const swapped = file.transferSyntax.coding.bigEndian && (bytesPerSample === 2 || element.vr === 'OW');
  const bytes = frameLength * frames;
  const needed = swapped ? bytes + (bytes % 2) : bytes;
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
  return { start: element.valueStart, swapped, frameLength };
}

/** More than the one byte an odd length takes, and not all zero. */
const hidesImage = (rest: Uint8Array): boolean => rest.length > 1 && unionOf(rest) !== 0;

/**
 * A frame, numbered from 1, as the engine takes it: a view where the cells lie in memory as in the
 * file, otherwise a copy.
 */
export function readFrame(bytes: Uint8Array, layout: PixelLayout, number: number): Frame {
  const { width, height, samplesPerPixel, bitsStored, signed, inverted, ybr } = layout;
  const { padding, paletteRanks } = layout;
  const cells = frameCells(bytes, layout, number);
  const samples = ybr ? fromYbr(cells, bitsStored) : cells;
  return {
    ...{ width, height, samplesPerPixel, bitsStored, signed, inverted, samples },
    ...(padding ? { padding } : {}),
    ...(paletteRanks ? { paletteRanks } : {}),
  };
}

/** Writes a frame, numbered from 1, over the one that lies there. */
export function writeFrame(bytes: Uint8Array, layout: PixelLayout, number: number, frame: Frame): void {
  writeCells(bytes, layout, number, layout.ybr ? toYbr(frame.samples, layout.bitsStored) : frame.samples);
}

/** Writes what {@link frameCells} gives. */
export function writeCells(
  bytes: Uint8Array,
  layout: PixelLayout,
  number: number,
  mixed: Frame['samples'],
): void {
  const cells = layout.planar ? separate(mixed) : mixed;
  const raw = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  if (raw.length !== layout.frameLength) throw new RangeError('cells that are not those of a frame');
  const first = (number - 1) * layout.frameLength;
  if (!layout.swapped) bytes.set(raw, layout.start + first);
  else for (let k = 0; k < raw.length; k++) bytes[layout.start + ((first + k) ^ 1)] = raw[k];
}

/** The cells of a frame, numbered from 1, the samples of a pixel side by side. */
export function frameCells(bytes: Uint8Array, layout: PixelLayout, number: number): Frame['samples'] {
  const raw = frameBytes(bytes, layout, (number - 1) * layout.frameLength);
  if (layout.bytesPerSample === 1) return layout.planar ? interleave(raw) : raw;
  const aligned = raw.byteOffset % 2 === 0 ? raw : raw.slice();
  const cells = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
  return layout.planar ? interleave(cells) : cells;
}

/** The bytes of the frame that begins at `first`, each cell's low byte first. */
function frameBytes(bytes: Uint8Array, layout: PixelLayout, first: number): Uint8Array {
  const { start, frameLength, swapped } = layout;
  if (!swapped) return bytes.subarray(start + first, start + first + frameLength);
  return Uint8Array.from({ length: frameLength }, (_, k) => bytes[start + ((first + k) ^ 1)]);
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
  const bits = codeBits(layout);
  let lowest = Infinity;
  let highest = -Infinity;
  for (let number = 1; number <= layout.frames; number++) {
    const { minimum, maximum } = rangeOf(frameCells(bytes, layout, number), bits);
    lowest = Math.min(lowest, minimum);
    highest = Math.max(highest, maximum);
  }
  return { minimum: lowest - bits.flip, maximum: highest - bits.flip };
}

/**
 * SHA-256 of the stored values of the frames for which `counts`, little-endian, those of a pixel side by
 * side: the same in any transfer syntax that loses nothing.
 */
export function hashPixels(
  bytes: Uint8Array,
  layout: PixelLayout,
  counts: (number: number) => boolean,
): Promise<Uint8Array> {
  const { frames, frameLength, bitsStored, signed } = layout;
  const numbers = Array.from({ length: frames }, (_, index) => index + 1).filter(counts);
  const values = new Uint8Array(numbers.length * frameLength);
  for (const [index, number] of numbers.entries()) {
    const cells = frameCells(bytes, layout, number).slice();
    extend(cells, bitsStored, signed);
    values.set(cellBytes(cells), index * frameLength);
  }
  return sha256(values);
}
