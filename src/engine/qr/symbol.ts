import QRCode from 'qrcode';
import type { Rectangle } from '../pixels/frame';

/** Light modules that ISO/IEC 18004 asks for around a symbol. */
export const QUIET_ZONE = 4;
/** Modules along a side of a finder pattern. */
export const FINDER_SIZE = 7;
export const MIN_MODULES = 21;
export const MAX_MODULES = 177;

/** A QR code as a square of modules; 1 is dark. */
export interface QrSymbol {
  /** Modules along a side, without the quiet zone. */
  readonly size: number;
  /** `size * size` modules, row by row. */
  readonly modules: Uint8Array;
  /** What it says. */
  readonly text: string;
}

/** Where a symbol lies: `x`, `y` is the first pixel of its quiet zone. */
export interface SymbolPlace {
  /** Column, from 0. */
  readonly x: number;
  /** Row, from 0. */
  readonly y: number;
  /** Modules along a side, without the quiet zone. */
  readonly size: number;
  /** Pixels along a side of a module. */
  readonly modulePixels: number;
}

/** A part of a QR text, coded in its own mode. */
export interface QrSegment {
  /** Of the characters that its mode knows. */
  readonly text: string;
  /** ISO/IEC 18004, 7.4: bytes of UTF-8, or digits, capitals and nine signs. */
  readonly mode: 'byte' | 'alphanumeric';
}

/** Modules along a side of a symbol of `version` (1 to 40). */
export const modulesOfVersion = (version: number): number => 17 + 4 * version;

/**
 * Draws a QR code of `segments`. Returns undefined where they need a version above `maximumVersion`.
 */
export function drawSymbol(
  segments: readonly QrSegment[],
  level: 'L' | 'M',
  minimumVersion: number,
  maximumVersion: number,
): QrSymbol | undefined {
  const encoder = new TextEncoder();
  const parts = segments.map(({ text, mode }) =>
    mode === 'byte' ? { data: encoder.encode(text), mode } : { data: text, mode },
  ) as QRCode.QRCodeSegment[];
  const create = (version?: number) =>
    QRCode.create(parts, { errorCorrectionLevel: level, ...(version === undefined ? {} : { version }) });
  let code: QRCode.QRCode;
  try {
    code = create();
    if (code.version < minimumVersion) code = create(minimumVersion);
  } catch {
    return undefined; // longer than the largest symbol holds
  }
  if (code.version > maximumVersion) return undefined;
  const { size, data } = code.modules;
  return { size, modules: Uint8Array.from(data), text: segments.map(({ text }) => text).join('') };
}

/** Pixels along a side of a symbol with its quiet zone. */
export const symbolSide = (size: number, modulePixels = 1): number => (size + 2 * QUIET_ZONE) * modulePixels;

/** Centres a symbol of `size` modules, its modules as large as fit, in `area`. */
export function placeSymbol(size: number, area: Rectangle): SymbolPlace {
  const modulePixels = Math.floor(Math.min(area.width, area.height) / symbolSide(size));
  const side = symbolSide(size, modulePixels);
  return {
    x: area.x + Math.floor((area.width - side) / 2),
    y: area.y + Math.floor((area.height - side) / 2),
    size,
    modulePixels,
  };
}
