import jsQR from 'jsqr';
import { type FoundSymbol, readModules } from './finder';
import type { Frame } from './frame';
import { QUIET_ZONE } from './symbol';

/** Pixels per module of the picture that the QR reader is given. */
const SCALE = 3;

/** Reads the text of a symbol that was found. Undefined where it cannot be read. */
export function readQr(frame: Frame, found: FoundSymbol): string | undefined {
  const { size } = found.place;
  const modules = readModules(frame, found);
  const side = (size + 2 * QUIET_ZONE) * SCALE;
  const picture = new Uint8ClampedArray(4 * side * side).fill(255);
  const pixels = new Uint32Array(picture.buffer);
  for (let y = 0; y < size * SCALE; y++) {
    for (let x = 0; x < size * SCALE; x++) {
      if (modules[Math.floor(y / SCALE) * size + Math.floor(x / SCALE)] === 0) continue;
      pixels[(y + QUIET_ZONE * SCALE) * side + x + QUIET_ZONE * SCALE] = 0;
    }
  }
  const code = jsQR(picture, side, side, { inversionAttempts: 'dontInvert' });
  // jsQR's own text is ASCII where bytes are not valid UTF-8; the bytes are what was drawn.
  return code ? new TextDecoder().decode(Uint8Array.from(code.binaryData)) : undefined;
}
