import jsQR from 'jsqr';
import { QUIET_ZONE } from '../qr/symbol';

/** Pixels per module of the picture that the QR reader is given. */
const SCALE = 3;
const BLACK = new Uint32Array(Uint8Array.of(0, 0, 0, 255).buffer)[0];

/**
 * Decodes the text of a symbol of `size` x `size` modules; 1 is dark. Undefined where it cannot be.
 * The text is the symbol's bytes as UTF-8, as they were drawn, a byte order mark included.
 */
export function decodeModules(modules: Uint8Array, size: number): string | undefined {
  const side = (size + 2 * QUIET_ZONE) * SCALE;
  const picture = new Uint8ClampedArray(4 * side * side).fill(255);
  const pixels = new Uint32Array(picture.buffer);
  for (let y = 0; y < size; y++) {
    const row = (y + QUIET_ZONE) * SCALE * side;
    for (let x = 0; x < size; x++) {
      const at = row + (x + QUIET_ZONE) * SCALE;
      if (modules[y * size + x] !== 0) pixels.fill(BLACK, at, at + SCALE);
    }
    for (let again = 1; again < SCALE; again++) pixels.copyWithin(row + again * side, row, row + side);
  }
  const code = jsQR(picture, side, side, { inversionAttempts: 'dontInvert' });
  // jsQR's own text is ASCII where bytes are not valid UTF-8; the bytes are what was drawn.
  return code
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(code.binaryData))
    : undefined;
}
