import type { Frame } from '../pixels/frame';
import { type FoundSymbol, readModules } from '../qr/finder';
import { decodeModules } from './decodeModules';

/** Reads the text of a symbol that was found in stored values. Undefined where it cannot be read. */
export function readQr(frame: Frame, found: FoundSymbol): string | undefined {
  return decodeModules(readModules(frame, found), found.place.size);
}
