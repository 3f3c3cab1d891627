import { type Suggestion, suggestAreas } from '../engine/index';
import { pixelLayout, readFrame } from './pixels';
import { readFile } from './reader';

/**
 * Proposes key areas for a frame, numbered from 1: places rich in detail, then burned-in text.
 * Throws what {@link readFile} and {@link pixelLayout} throw.
 */
export function suggestFile(bytes: Uint8Array, number: number): Suggestion[] {
  const file = readFile(bytes);
  return suggestAreas(readFrame(file.bytes, pixelLayout(file), number));
}
