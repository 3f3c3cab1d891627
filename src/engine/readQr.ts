import { type FoundSymbol, readModules } from './finder';
import type { Frame } from './frame';
import { decodeModules } from './scan/decodeModules';

/** Reads the text of a symbol that was found in stored values. Undefined where it cannot be read. */
export function readQr(frame: Frame, found: FoundSymbol): string | undefined {
  return decodeModules(readModules(frame, found), found.place.size);
}
