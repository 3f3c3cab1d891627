import { type Suggestion, suggestAreas } from '../engine/index';
import { checkFrameNumber } from './areas';
import { readNative } from './decode/native';
import { pixelLayout, readFrame } from './image/pixels';
import { type FileOptions, throwIfCancelled } from './options';

/**
 * Proposes key areas for a frame, numbered from 1: places rich in detail, then burned-in text.
 * Throws what {@link readNative} and {@link pixelLayout} throw, `invalid-argument` for a frame that is not there, and
 * `cancelled`.
 */
export async function suggestFile(
  bytes: Uint8Array,
  number: number,
  { signal }: Pick<FileOptions, 'signal'> = {},
): Promise<Suggestion[]> {
  const { file } = await readNative(bytes, signal);
  throwIfCancelled(signal);
  const layout = pixelLayout(file);
  checkFrameNumber(number, layout.frames);
  return suggestAreas(readFrame(file.bytes, layout, number));
}
