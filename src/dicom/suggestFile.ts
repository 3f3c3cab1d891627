import { type Suggestion, suggestAreas } from '../engine/index';
import { readNative } from './decode/native';
import { pixelLayout, readFrame } from './pixels';

/**
 * Proposes key areas for a frame, numbered from 1: places rich in detail, then burned-in text.
 * Throws what {@link readNative} and {@link pixelLayout} throw.
 */
export async function suggestFile(bytes: Uint8Array, number: number): Promise<Suggestion[]> {
  const { file } = await readNative(bytes);
  return suggestAreas(readFrame(file.bytes, pixelLayout(file), number));
}
