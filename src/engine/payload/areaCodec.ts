import { ByteReader, ByteWriter, cellBytes } from '../bytes';
import { extend, rangeOf } from '../kernels/cells';
import { fromPlanes, type PlaneCoding, toPlanes } from '../kernels/planes';
import {
  bitsAllocated,
  codeBits,
  type Frame,
  forEachRow,
  type Rectangle,
  signBit,
  type UpperBits,
  valueMask,
} from '../pixels/frame';
import { deflate, inflate } from './deflate';
import { type CodedImage, decodeJpegLs, encodeJpegLs } from './jpegLs';

/**
 * Coding of one covered area's original samples:
 *
 * - minimum (2 bytes), precision (1), coding (1: 0 raw, 1 JPEG-LS), length of the samples (4), the
 *   samples; big-endian fields, raw samples little-endian. A coded sample is its code - minimum.
 *   RGB goes in as three planes, green first, then red and blue with green subtracted (modulo
 *   2^Bits Stored, zero in the middle), which makes the grey parts of a colour image cheap.
 * - only where the frame's upper bits are `other`: the bits above Bits Stored of each sample, a
 *   byte or a little-endian word each as the cells are, deflated, to the end.
 */

/** The smallest precision that JPEG-LS knows. */
const MIN_PRECISION = 2;

const RAW = 0;
const JPEG_LS = 1;

/** The cells that `area` covers, row by row. */
function cellsIn(frame: Frame, area: Rectangle): Frame['samples'] {
  const { samples, samplesPerPixel } = frame;
  const count = area.width * area.height * samplesPerPixel;
  const cells = samples instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count);
  let position = 0;
  forEachRow(frame, area, (start, length) => {
    cells.set(samples.subarray(start, start + length), position);
    position += length;
  });
  return cells;
}

/** The precision and smallest code of an area's cells; RGB differences need all of Bits Stored. */
function precisionOf(frame: Frame, cells: Frame['samples']): { minimum: number; precision: number } {
  if (frame.samplesPerPixel === 3) return { minimum: 0, precision: frame.bitsStored };
  const { minimum, maximum } = rangeOf(cells, codeBits(frame));
  return { minimum, precision: Math.max(MIN_PRECISION, 32 - Math.clz32(maximum - minimum)) };
}

const cellsFor = (bits: number, count: number): Uint8Array | Uint16Array =>
  bits <= 8 ? new Uint8Array(count) : new Uint16Array(count);

/** How planes of a frame are coded; RGB differences are taken modulo a power of two, with zero in the middle. */
const planeCoding = (frame: Frame, minimum: number): PlaneCoding => ({
  ...codeBits(frame),
  group: frame.samplesPerPixel,
  zero: frame.samplesPerPixel === 1 ? minimum : 2 ** (frame.bitsStored - 1),
});

/** The cells of planes, the bits above Bits Stored zero. Throws `RangeError` where they are no codes of the frame's. */
function cellsOfPlanes(frame: Frame, planes: Uint8Array | Uint16Array, minimum: number): Frame['samples'] {
  const cells = cellsFor(bitsAllocated(frame), planes.length);
  if (fromPlanes(planes, cells, planeCoding(frame, minimum)) > valueMask(frame))
    throw new RangeError('a coded sample is out of range');
  return cells;
}

/** The bits above Bits Stored. */
const upperBitsIn = (cells: Frame['samples'], bitsStored: number): Uint8Array | Uint16Array =>
  cells.map((cell) => cell >>> bitsStored);

/** Codes the samples that `area` covers. */
export async function encodeArea(
  frame: Frame,
  area: Rectangle,
  upperBits: UpperBits,
): Promise<Uint8Array<ArrayBuffer>> {
  const cells = cellsIn(frame, area);
  const { minimum, precision } = precisionOf(frame, cells);
  const planes = cellsFor(precision, cells.length);
  toPlanes(cells, planes, planeCoding(frame, minimum));
  const { width, height } = area;
  const image = { width, height, bitsPerSample: precision, componentCount: frame.samplesPerPixel };
  const stream = await encodeJpegLs(planes, image);
  const packed = stream !== undefined && stream.length < planes.byteLength;
  const content = packed ? stream : cellBytes(planes);
  const writer = new ByteWriter()
    .uint16(minimum)
    .uint8(precision)
    .uint8(packed ? JPEG_LS : RAW)
    .uint32(content.length)
    .bytes(content);
  if (upperBits === 'other') writer.bytes(deflate(cellBytes(upperBitsIn(cells, frame.bitsStored))));
  return writer.finish();
}

/** What makes a cell of a code, its upper bits by the frame's convention; zero where that is `other`. */
export function cellMaker(frame: Frame, upperBits: UpperBits): (code: number) => number {
  const flip = signBit(frame);
  if (upperBits !== 'sign') return (code) => code ^ flip;
  const shift = 32 - frame.bitsStored;
  const mask = 2 ** bitsAllocated(frame) - 1;
  return (code) => (((code ^ flip) << shift) >> shift) & mask;
}

/** Gives the bits above Bits Stored of all cells the convention that the frame had throughout. */
export function fillUpperBits(frame: Frame, upperBits: UpperBits): void {
  const { samples, bitsStored } = frame;
  if (upperBits === 'other' || bitsStored === bitsAllocated(frame)) return;
  extend(samples, bitsStored, upperBits === 'sign');
}

async function decodePlanes(content: Uint8Array, coding: number, image: CodedImage) {
  if (coding === JPEG_LS) return decodeJpegLs(content, image);
  const planes = cellsFor(image.bitsPerSample, image.width * image.height * image.componentCount);
  if (coding !== RAW || content.length !== planes.byteLength) throw new RangeError('the coding is not known');
  cellBytes(planes).set(content);
  return planes;
}

/**
 * Writes an area that `encodeArea` coded back into `frame.samples`.
 * Throws `RangeError` where `coded` does not hold exactly such an area.
 */
export async function decodeArea(
  coded: Uint8Array,
  frame: Frame,
  area: Rectangle,
  upperBits: UpperBits,
): Promise<void> {
  const { samples, samplesPerPixel, bitsStored } = frame;
  const reader = new ByteReader(coded);
  const minimum = reader.uint16();
  const precision = reader.uint8();
  const coding = reader.uint8();
  if (precision < MIN_PRECISION || precision > bitsStored || (samplesPerPixel === 3 && minimum !== 0)) {
    throw new RangeError('the coded precision or minimum is out of range');
  }
  const { width, height } = area;
  const image = { width, height, bitsPerSample: precision, componentCount: samplesPerPixel };
  const planes = await decodePlanes(reader.bytes(reader.uint32()), coding, image);

  const cells = cellsOfPlanes(frame, planes, minimum);
  if (upperBits === 'sign') extend(cells, bitsStored, true);
  if (upperBits === 'other') addUpperBits(cells, bitsStored, reader.bytes(reader.remaining));
  if (reader.remaining > 0) throw new RangeError('the coding of an area is too long');
  let position = 0;
  forEachRow(frame, area, (start, length) => {
    samples.set(cells.subarray(position, position + length), start);
    position += length;
  });
}

function addUpperBits(cells: Frame['samples'], bitsStored: number, deflated: Uint8Array): void {
  const upper = cells.slice();
  const bytes = inflate(deflated, upper.byteLength);
  if (bytes.length !== upper.byteLength) throw new RangeError('the upper bits are not whole');
  cellBytes(upper).set(bytes);
  for (let i = 0; i < cells.length; i++) cells[i] |= upper[i] << bitsStored;
}
