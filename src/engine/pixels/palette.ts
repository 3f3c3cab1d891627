import { type Frame, valueMask, withSamples } from './frame';

/**
 * Palette images are worked on in ranks: the order of their entries by displayed luminance, so that
 * low is dark and high is light as in any other picture. The mapping is a permutation, so nothing is
 * lost, and a reader makes the same one from the image's own palette.
 */

function map(frame: Frame, table: Uint16Array): Frame {
  const mask = valueMask(frame);
  const samples = frame.samples.map((cell) => (cell & ~mask) | table[cell & mask]);
  return withSamples(frame, samples);
}

/** The frame with ranks in place of palette entries; itself where it has no palette. */
export function toRanks(frame: Frame): Frame {
  return frame.paletteRanks ? map(frame, frame.paletteRanks) : frame;
}

/** The frame with palette entries again. */
export function fromRanks(frame: Frame): Frame {
  if (frame.paletteRanks === undefined) return frame;
  const entries = new Uint16Array(frame.paletteRanks.length);
  frame.paletteRanks.forEach((rank, entry) => {
    entries[rank] = entry;
  });
  return map(frame, entries);
}

/**
 * Ranks the entries of a palette by displayed luminance (ITU-R BT.601, as in PS3.3 C.7.6.3.1.2), equal
 * ones by their number. `red`, `green` and `blue` hold the shown values of entries 0 to 2^Bits Stored - 1.
 */
export function rankPalette(red: Uint16Array, green: Uint16Array, blue: Uint16Array): Uint16Array {
  const luminance = Float64Array.from(red, (value, k) => 299 * value + 587 * green[k] + 114 * blue[k]);
  const order = Uint32Array.from(luminance.keys()).sort((a, b) => luminance[a] - luminance[b] || a - b);
  const ranks = new Uint16Array(order.length);
  order.forEach((entry, rank) => {
    ranks[entry] = rank;
  });
  return ranks;
}
