import { ByteReader, ByteWriter } from '../../src/engine/bytes';
import { cellMaker } from '../../src/engine/payload/areaCodec';
import {
  codesOf,
  type Frame,
  forEachRow,
  type Rectangle,
  upperBitsOf,
  withSamples,
} from '../../src/engine/pixels/frame';
import { Refusal } from './method';

/** The seeds' methods know unsigned values only: they work on codes, counted up from the smallest value. */

/** The codes of a frame. Throws {@link Refusal} where the bits above Bits Stored hold something. */
export function readCodes(frame: Frame): Uint16Array {
  if (upperBitsOf(frame) === 'other') throw new Refusal('the bits above Bits Stored hold something');
  return codesOf(frame);
}

/** The frame with other codes, the bits above Bits Stored by its own convention. */
export function withCodes(frame: Frame, codes: Uint16Array): Frame {
  const cellOf = cellMaker(frame, upperBitsOf(frame));
  const samples = frame.samples.slice();
  for (let i = 0; i < samples.length; i++) samples[i] = cellOf(codes[i]);
  return withSamples(frame, samples);
}

/** The samples of an area, by their place in the frame, row by row. */
export function indicesInside(frame: Frame, area: Rectangle): Uint32Array {
  const indices = new Uint32Array(area.width * area.height * frame.samplesPerPixel);
  let next = 0;
  forEachRow(frame, area, (start, length) => {
    for (let i = start; i < start + length; i++) indices[next++] = i;
  });
  return indices;
}

/** For each sample of the frame 1 where the area has it. */
export function maskOf(frame: Frame, area: Rectangle): Uint8Array {
  const mask = new Uint8Array(frame.samples.length);
  forEachRow(frame, area, (start, length) => mask.fill(1, start, start + length));
  return mask;
}

/** Writes a rectangle in 8 bytes. */
export const writeArea = (writer: ByteWriter, { x, y, width, height }: Rectangle): ByteWriter =>
  writer.uint16(x).uint16(y).uint16(width).uint16(height);

/** Reads what {@link writeArea} wrote. */
export function readArea(reader: ByteReader): Rectangle {
  const [x, y, width, height] = Array.from({ length: 4 }, () => reader.uint16());
  return { x, y, width, height };
}

/** A rectangle in 8 bytes. */
export const areaBytes = (area: Rectangle): Uint8Array => writeArea(new ByteWriter(), area).finish();

/** The rectangle that side data is; the whole image where there is none. */
export const areaFrom = ({ width, height }: Frame, sideData: Uint8Array): Rectangle =>
  sideData.length === 0 ? { x: 0, y: 0, width, height } : readArea(new ByteReader(sideData));
