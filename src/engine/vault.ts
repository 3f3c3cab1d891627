import { cellOf } from './areaCodec';
import type { Bands } from './bands';
import {
  bitsAllocated,
  type Frame,
  forEachRow,
  pixelsIn,
  type Rectangle,
  signBit,
  type UpperBits,
  valueMask,
} from './frame';
import { areaOrder, type HeaderSlots } from './order';
import { randomBytes } from './platform';
import { type QrSymbol, QUIET_ZONE, type SymbolPlace } from './symbol';

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

/** Fills the covered areas with the symbols, light around them, every payload bit zero. */
export function paintSymbols(
  frame: Frame,
  { lower, upper }: Bands,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  symbol: QrSymbol,
  places: readonly SymbolPlace[],
): void {
  const dark = cellOf(frame.inverted ? upper : lower, frame, upperBits);
  const light = cellOf(frame.inverted ? lower : upper, frame, upperBits);
  const { samples, samplesPerPixel, width } = frame;
  for (const area of coveredAreas) {
    forEachRow(frame, area, (start, length) => samples.fill(light, start, start + length));
  }
  for (const { x, y, modulePixels } of places) {
    symbol.modules.forEach((isDark, k) => {
      if (!isDark) return;
      const column = x + (QUIET_ZONE + (k % symbol.size)) * modulePixels;
      const row = y + (QUIET_ZONE + Math.floor(k / symbol.size)) * modulePixels;
      for (let line = row; line < row + modulePixels; line++) {
        const start = (line * width + column) * samplesPerPixel;
        samples.fill(dark, start, start + modulePixels * samplesPerPixel);
      }
    });
  }
}

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
  const { samples } = frame;
  const { bits } = layout.bands;
  const { slots } = layout;
  const stream = randomBytes(vaultCapacity(frame, layout) + 4);
  stream.set(payload);
  // A band of a signed image may cross zero, where sign extension changes.
  const mask = 2 ** (upperBits === 'sign' ? bitsAllocated(frame) : frame.bitsStored) - 1;
  const order = areaOrder(frame, layout.coveredAreas, layout.segments);
  let next = 0;
  let available = 0;
  let buffer = 0;
  for (let k = 0; k < order.length; k++) {
    const index = order[k];
    const slot = slots.bitAt[index];
    const wanted = slot === 0 ? bits : bits - 1;
    while (available < wanted) {
      buffer = (buffer << 8) | stream[next++];
      available += 8;
    }
    available -= wanted;
    let offset = buffer >>> available;
    buffer &= (1 << available) - 1;
    if (slot !== 0) offset = (offset << 1) | (slot - 1);
    samples[index] = (samples[index] + offset) & mask;
  }
}

/** Reads the payload bytes back; samples outside both bands read as zero bits. */
export function readVault(frame: Frame, layout: VaultLayout): Uint8Array<ArrayBuffer> {
  const { samples } = frame;
  const { lower, upper, bits } = layout.bands;
  const { slots } = layout;
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const width = 2 ** bits;
  const payload = new Uint8Array(vaultCapacity(frame, layout));
  const order = areaOrder(frame, layout.coveredAreas, layout.segments);
  let next = 0;
  let available = 0;
  let buffer = 0;
  for (let k = 0; k < order.length; k++) {
    const index = order[k];
    const code = (samples[index] & mask) ^ flip;
    let offset = code >= upper ? code - upper : code - lower;
    if (offset < 0 || offset >= width) offset = 0;
    if (slots.bitAt[index] === 0) {
      buffer = (buffer << bits) | offset;
      available += bits;
    } else {
      buffer = (buffer << (bits - 1)) | (offset >>> 1);
      available += bits - 1;
    }
    while (available >= 8) {
      available -= 8;
      if (next < payload.length) payload[next++] = buffer >>> available;
      buffer &= (1 << available) - 1;
    }
  }
  return payload;
}
