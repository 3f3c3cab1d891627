import { type Suggestion, suggestAreas } from '../engine/index';
import { checkFrameNumber } from './areas';
import { readNative } from './decode/native';
import { pixelLayout, readFrame } from './pixels';

/**
 * Proposes key areas for a frame, numbered from 1: places rich in detail, then burned-in text.
 * Throws what {@link readNative} and {@link pixelLayout} throw, and `invalid-argument` for a frame that is not there.
 */
export async function suggestFile(bytes: Uint8Array, number: number): Promise<Suggestion[]> {
  const { file } = await readNative(bytes);
  const layout = pixelLayout(file);
  checkFrameNumber(number, layout.frames);
  return suggestAreas(readFrame(file.bytes, layout, number));
}
