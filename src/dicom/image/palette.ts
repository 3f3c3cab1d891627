import { KeyAreaError } from '../../engine/errors';
import { rankPalette } from '../../engine/index';
import { type DicomFile, findElement, unsignedShortsOf, valueBytes } from '../dataset/reader';
import { TAG } from '../dataset/tags';

/** Palette Color Lookup Tables (PS3.3, C.7.6.3.1.5 and C.7.6.3.1.6). */

const CHANNELS = [
  [TAG.RedPaletteDescriptor, TAG.RedPaletteData],
  [TAG.GreenPaletteDescriptor, TAG.GreenPaletteData],
  [TAG.BluePaletteDescriptor, TAG.BluePaletteData],
] as const;

const refuse = (what: string): KeyAreaError =>
  new KeyAreaError(
    'unsupported-pixels',
    `The colour palette of this image ${what}, so its pixels cannot be read.`,
  );

/** The shown values of one channel for the stored values 0 to 2^bitsStored - 1. */
function channel(file: DicomFile, descriptorTag: number, dataTag: number, bitsStored: number): Uint16Array {
  const [declared, first, bits] = unsignedShortsOf(file, descriptorTag);
  const data = findElement(file, dataTag);
  if (bits === undefined || data === undefined) throw refuse('is segmented or not whole');
  const bytes = valueBytes(file, data);
  const entries = declared === 0 ? 65536 : declared;
  const wide = bytes.length >= 2 * entries;
  if (bytes.length < entries || (bits !== 8 && bits !== 16) || (bits === 16 && !wide))
    throw refuse('is not whole');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !file.transferSyntax.coding.bigEndian;
  // Two narrow entries lie in a word, the first one in its lower half.
  const swapped = little || data.vr === 'OB' ? 0 : 1;
  return Uint16Array.from({ length: 2 ** bitsStored }, (_, value) => {
    const entry = Math.min(entries - 1, Math.max(0, value - first));
    return wide ? view.getUint16(2 * entry, little) : bytes[entry ^ swapped];
  });
}

/** The rank of each stored value of a PALETTE COLOR image by displayed luminance. */
export function paletteRanksOf(file: DicomFile, bitsStored: number): Uint16Array {
  const [red, green, blue] = CHANNELS.map(([descriptor, data]) =>
    channel(file, descriptor, data, bitsStored),
  );
  return rankPalette(red, green, blue);
}
