import { readFile } from '../../src/dicom/dataset/reader';
import { pixelLayout } from '../../src/dicom/image/pixels';
import type { Made } from './campaign';
import type { Fixtures } from './fixtures';

/** Every single bit of one small protected file, flipped. */
export const flipCount = ({ protectedFiles: [{ file }] }: Fixtures): number => 8 * file.length;

/** The file with bit `number` flipped, counted from the first bit of its first byte. */
export function flipped({ protectedFiles: [{ file, original }] }: Fixtures, number: number): Made {
  const bytes = file.slice();
  bytes[number >> 3] ^= 0x80 >> (number & 7);
  return { kind: partAt(file, number >> 3), target: 'restore or say why not', bytes, original };
}

/** What lies at a byte of a protected file. */
function partAt(file: Uint8Array, at: number): string {
  const parsed = readFile(file);
  const { start, frameLength } = pixelLayout(parsed);
  if (at < 128) return 'preamble';
  if (at < parsed.dataSetStart) return 'file meta information';
  return at < start || at >= start + frameLength ? 'elements before and after the pixels' : 'pixels';
}
