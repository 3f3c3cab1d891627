import { cellMaker } from '../payload/areaCodec';
import { type Frame, forEachRow, type Rectangle, signBit, valueMask, withSamples } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';
import { pixelsOf, type Site } from './site';

/** How far from a sample, in pixels, its prediction looks. */
export const REACH = 2;

/**
 * The frame with the codes `after` in a copy of its cells, where they differ from `before`. The bits
 * above Bits Stored stay, or follow the sign where they do throughout the frame.
 */
export function withCodes(
  frame: Frame,
  before: Uint16Array,
  after: Uint16Array,
  signExtended: boolean,
): Frame {
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const cellOf = cellMaker(frame, 'sign');
  const samples = frame.samples.slice();
  for (let i = 0; i < samples.length; i++) {
    if (after[i] === before[i]) continue;
    samples[i] = signExtended ? cellOf(after[i]) : (samples[i] & ~mask) | (after[i] ^ flip);
  }
  return withSamples(frame, samples);
}

/**
 * Marks the samples that may change at all: 1 out of the excluded areas, but for padding and what lies on the way to
 * the header's last sample.
 */
export function findFree(
  frame: Frame,
  codes: Uint16Array,
  excluded: readonly Rectangle[],
  site: Site,
): Uint8Array {
  const { samplesPerPixel } = frame;
  const free = new Uint8Array(codes.length).fill(1);
  const padding = paddingCodes(frame);
  if (padding) {
    const { minimum, maximum } = padding;
    for (let i = 0; i < codes.length; i++) free[i] = codes[i] < minimum || codes[i] > maximum ? 1 : 0;
  }
  for (const area of excluded) {
    forEachRow(frame, area, (start, length) => free.fill(0, start, start + length));
  }
  for (const pixel of pixelsOf(frame, site)) {
    free.fill(0, pixel * samplesPerPixel, (pixel + 1) * samplesPerPixel);
  }
  return free;
}

/**
 * Marks the samples that can be predicted: 1 where every sample of the same plane in the square of `REACH` pixels
 * around lies in the frame and is free.
 */
export function findCarriers({ width, height, samplesPerPixel: near }: Frame, free: Uint8Array): Uint8Array {
  const row = width * near;
  const carriers = new Uint8Array(free.length);
  const across = new Uint8Array(free.length);
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * row - REACH * near;
    for (let i = y * row + REACH * near; i < end; i++) {
      across[i] = free[i - 2 * near] & free[i - near] & free[i] & free[i + near] & free[i + 2 * near];
    }
  }
  for (let y = REACH; y < height - REACH; y++) {
    const end = (y + 1) * row - REACH * near;
    for (let i = y * row + REACH * near; i < end; i++) {
      carriers[i] = across[i - 2 * row] & across[i - row] & across[i] & across[i + row] & across[i + 2 * row];
    }
  }
  return carriers;
}
