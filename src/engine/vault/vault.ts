import { concatBytes } from '../bytes';
import { inVectors, kernels, place, placeRows, takeRows, workspace } from '../kernels/memory';
import { randomBytes } from '../keys/platform';
import { cellMaker } from '../payload/areaCodec';
import {
  bitsAllocated,
  codeBits,
  type Frame,
  forEachRow,
  pixelsIn,
  type Rectangle,
  rowsOf,
  type UpperBits,
} from '../pixels/frame';
import { type QrSymbol, QUIET_ZONE, type SymbolPlace } from '../qr/symbol';
import type { Bands } from './bands';
import type { HeaderSlots } from './headerSlots';
import { carrierBlocks } from './order';

/**
 * The vault carrier: every sample under the symbol has room. Its band says dark or light, the offset
 * inside the band carries payload bits; bit 0 of some samples carries the header.
 */

/** What lies where in a vault. */
export interface VaultLayout {
  readonly bands: Bands;
  readonly coveredAreas: readonly Rectangle[];
  /** The samples whose bit 0 belongs to the header. */
  readonly slots: HeaderSlots;
  /** Data and parity segments that the vault's bytes are cut into. */
  readonly segments: number;
}

/** Payload bytes that a vault holds. */
export function vaultCapacity(
  frame: Frame,
  {
    bands,
    coveredAreas,
    slots,
  }: Pick<VaultLayout, 'bands' | 'coveredAreas'> & { readonly slots: Pick<HeaderSlots, 'count'> },
): number {
  const samples = pixelsIn(coveredAreas) * frame.samplesPerPixel;
  return Math.floor((samples * bands.bits - slots.count) / 8);
}

/** Draws the dark ones of a row of modules, `width` cells each. */
function drawDark(
  line: Frame['samples'],
  left: number,
  width: number,
  modules: Uint8Array,
  dark: number,
): void {
  for (let column = 0; column < modules.length; column++) {
    if (modules[column] === 0) continue;
    const first = left + column * width;
    for (let at = first; at < first + width; at++) line[at] = dark;
  }
}

/** Fills each covered area with the symbol at its place, light around it, every payload bit zero. */
export function paintSymbols(
  frame: Frame,
  { lower, upper }: Bands,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  symbol: QrSymbol,
  places: readonly SymbolPlace[],
): void {
  const cellOf = cellMaker(frame, upperBits);
  const dark = cellOf(frame.inverted ? upper : lower);
  const light = cellOf(frame.inverted ? lower : upper);
  const { samples, samplesPerPixel } = frame;
  const { size, modules } = symbol;
  for (const [k, area] of coveredAreas.entries()) {
    const { x, y, modulePixels } = places[k];
    const left = (x - area.x + QUIET_ZONE * modulePixels) * samplesPerPixel;
    const top = y - area.y + QUIET_ZONE * modulePixels;
    const module = modulePixels * samplesPerPixel;
    const line = samples.slice(0, area.width * samplesPerPixel).fill(light);
    let drawn = -1;
    let row = 0;
    forEachRow(frame, area, (start) => {
      const moduleRow = Math.floor((row++ - top) / modulePixels);
      if (moduleRow !== drawn) {
        drawn = moduleRow;
        line.fill(light);
        if (moduleRow >= 0 && moduleRow < size) {
          drawDark(line, left, module, modules.subarray(moduleRow * size, (moduleRow + 1) * size), dark);
        }
      }
      samples.set(line, start);
    });
  }
}

/** Bytes that are read behind those of a vault, of which it takes some bits. */
const OVERREAD = 4;

/** Pixels that are worked on together. */
const TOGETHER = 16384;

/** A block in the workspace: from its beginning its cells, row by row; behind them header bits, in the payload's order. */
interface PlacedBlock {
  readonly slots: number;
  /** In samples. */
  readonly width: number;
  /** Where the workspace is free. */
  readonly end: number;
}

/** Bytes that bits are taken apart with, besides their offsets. */
const WORK = 256;

/** Slots that the kernels take together. */
const SLOTS_TOGETHER = 8;

function placeBlock(frame: Frame, block: Rectangle, { runs }: HeaderSlots): PlacedBlock {
  const { samples, samplesPerPixel: group } = frame;
  const { y, height } = block;
  const width = block.width * group;
  const slots = inVectors(placeRows(samples, rowsOf(frame, block), 0));
  const end = inVectors(slots + width * height + SLOTS_TOGETHER);
  const space = workspace(end).fill(0, slots, end);
  const left = block.x * group;
  for (const { y: row, column, marks } of runs) {
    if (row < y || row >= y + height || column >= left + width || column + marks.length <= left) continue;
    const last = Math.min(column + marks.length, left + width);
    for (let at = Math.max(column, left); at < last; at++) {
      const place = (at - left) % group;
      space[slots + (at - left - place) * height + (row - y) * group + place] = marks[at - column];
    }
  }
  return { slots, width, end };
}

/** Bytes that hold the offsets of a block, or a part of one more. */
const offsetBytes = (width: number, height: number, bits: number): number =>
  Math.ceil((width * height * bits) / 8) + 1;

/**
 * Adds the header's bits and `payload` to painted samples, random bits where the payload ends.
 * `payload` must not be longer than `vaultCapacity`.
 */
export function fillVault(
  frame: Frame,
  layout: VaultLayout,
  upperBits: UpperBits,
  payload: Uint8Array,
): void {
  const { samples, samplesPerPixel, bitsStored } = frame;
  const { bits } = layout.bands;
  const tail = randomBytes(vaultCapacity(frame, layout) + OVERREAD - payload.length);
  const stream = concatBytes([payload, tail]);
  // A band of a signed image may cross zero, where sign extension changes.
  const mask = 2 ** (upperBits === 'sign' ? bitsAllocated(frame) : bitsStored) - 1;
  const size = samples.BYTES_PER_ELEMENT;
  let next = 0;
  kernels().startBits(samplesPerPixel, size, bits, mask);
  for (const block of carrierBlocks(layout.coveredAreas, layout.segments, TOGETHER)) {
    const { slots, width, end } = placeBlock(frame, block, layout.slots);
    const first = inVectors(end + WORK + width * block.height * size);
    place(stream.subarray(next, next + offsetBytes(width, block.height, bits)), first);
    const from = kernels().spreadBits(slots, end, width, block.height, first);
    next += from - first;
    takeRows(samples, rowsOf(frame, block), 0);
  }
}

/** Reads the payload bytes back; samples outside both bands read as zero bits. */
export function readVault(frame: Frame, layout: VaultLayout): Uint8Array<ArrayBuffer> {
  const { lower, upper, bits } = layout.bands;
  const { samples, samplesPerPixel } = frame;
  const { mask, flip } = codeBits(frame);
  const payload = new Uint8Array(vaultCapacity(frame, layout));
  const size = samples.BYTES_PER_ELEMENT;
  let next = 0;
  kernels().startBits(samplesPerPixel, size, bits, mask);
  for (const block of carrierBlocks(layout.coveredAreas, layout.segments, TOGETHER)) {
    const { slots, width, end } = placeBlock(frame, block, layout.slots);
    const first = inVectors(end + width * block.height * size);
    const space = workspace(first + offsetBytes(width, block.height, bits));
    const to = kernels().gatherBits(slots, end, width, block.height, flip, lower, upper, first);
    const bytes = space.subarray(first, Math.min(to, first + payload.length - next));
    payload.set(bytes, next);
    next += bytes.length;
  }
  return payload;
}
