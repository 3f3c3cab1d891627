import { KeyAreaError } from './errors';
import { type FoundSymbol, findSymbols } from './finder';
import type { Frame } from './frame';
import {
  announcedLength,
  decodeHeader,
  fitsFrame,
  HEADER_COPIES,
  type Header,
  PREFIX_LENGTH,
} from './header';
import { headerSlots, placeSymbol, type SymbolPlace } from './symbol';

/** Finding a protected area again, from the pixels alone. */

/** A header that was read, and the symbols it lies under. */
export interface LocatedHeader {
  readonly header: Header;
  /** The header's bytes: the associated data of the payload. */
  readonly bytes: Uint8Array;
  /** One symbol per covered area. */
  readonly places: readonly SymbolPlace[];
  /** The symbol that was found. */
  readonly found: FoundSymbol;
}

/** Headers looked at in one frame, at most. */
const MAX_HEADERS = 4;

/** Bit 0 of the samples at `slots`, packed, first bit highest. */
function readBits(frame: Frame, slots: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(slots.length >> 3);
  slots.forEach((index, k) => {
    bytes[k >> 3] |= (frame.samples[index] & 1) << (7 - (k & 7));
  });
  return bytes;
}

/** Each bit as most of the copies have it. */
export function majority(copies: readonly Uint8Array[]): Uint8Array {
  const [a, b, c] = copies;
  return a.map((byte, k) => (byte & b[k]) | (byte & c[k]) | (b[k] & c[k]));
}

function readCopies(frame: Frame, place: SymbolPlace, length: number): Uint8Array[] | undefined {
  const copies: Uint8Array[] = [];
  for (let copy = 0; copy < HEADER_COPIES; copy++) {
    const slots = headerSlots(frame, place, length, copy);
    if (slots === undefined) return undefined;
    copies.push(readBits(frame, slots));
  }
  return copies;
}

/** Reads the header under a symbol: any whole copy, or the majority of all three. */
function readHeader(frame: Frame, found: FoundSymbol): LocatedHeader | undefined {
  const prefixes = readCopies(frame, found.place, PREFIX_LENGTH);
  if (prefixes === undefined) return undefined;
  const lengths = [...prefixes, majority(prefixes)].map(announcedLength);
  for (const length of new Set(lengths)) {
    const copies = length === undefined ? undefined : readCopies(frame, found.place, length);
    if (copies === undefined) continue;
    for (const bytes of [...copies, majority(copies)]) {
      const header = decodeHeader(bytes);
      if (header === undefined || !fitsFrame(header, frame)) continue;
      const places = header.coveredAreas.map((area) => placeSymbol(found.place.size, area));
      if (
        places.some(
          ({ x, y, modulePixels }) =>
            x === found.place.x && y === found.place.y && modulePixels === found.place.modulePixels,
        )
      ) {
        return { header, bytes, places, found };
      }
    }
  }
  return undefined;
}

/** The distinct headers of a frame, and the first symbol that has none. */
export interface Located {
  readonly headers: readonly LocatedHeader[];
  readonly foreign?: FoundSymbol;
}

/**
 * Locates what is protected in a frame. Symbols without a valid header (foreign QR codes) are skipped.
 * Throws `unsupported-version` where a later version protected the frame.
 */
export function locate(frame: Frame): Located {
  const headers = new Map<string, LocatedHeader>();
  let foreign: FoundSymbol | undefined;
  let threshold: number | undefined;
  for (const found of findSymbols(frame)) {
    // Whatever else the picture holds, the threshold that shows one of our symbols shows them all.
    if (headers.size > 0 && found.threshold !== threshold) break;
    const located = readHeader(frame, found);
    if (located === undefined) {
      foreign ??= found;
      continue;
    }
    threshold = found.threshold;
    const name = located.bytes.join();
    if (!headers.has(name)) headers.set(name, located);
    if (headers.size === MAX_HEADERS) break;
  }
  return { headers: [...headers.values()], ...(foreign ? { foreign } : {}) };
}

/** The error for a frame in which nothing is protected. */
export const notProtected = (): KeyAreaError =>
  new KeyAreaError('not-protected', 'No protected key area was found in this image.');
