import { bitOf } from '../bytes';
import { KeyAreaError } from '../errors';
import {
  announcedLength,
  decodeHeader,
  fitsFrame,
  HEADER_COPIES,
  type Header,
  MAGIC_BYTES,
  PREFIX_LENGTH,
} from '../header';
import type { Frame } from '../pixels/frame';
import { ORIENTATIONS, type Orientation, onCanvas, turnBack, UPRIGHT } from '../pixels/geometry';
import { readBits } from '../pixels/lowestBits';
import { type Effort, type FoundSymbol, findSymbols } from '../qr/finder';
import { placeSymbol, type SymbolPlace, symbolSide } from '../qr/symbol';
import { mayHoldHeader } from './headerMark';
import { hasHeaderSlots, headerSlotIn, headerSlots } from './headerSlots';

/** Finding covered areas again, from the pixels alone. */

/** A header that was read, and the symbols it lies under. */
export interface LocatedHeader {
  readonly header: Header;
  /** The header's bytes: the associated data of the payload. */
  readonly bytes: Uint8Array;
  /** One symbol per covered area, in the picture that was protected. */
  readonly places: readonly SymbolPlace[];
  /** The symbol that was found. */
  readonly found: FoundSymbol;
}

/** How a picture lies in what was protected: turned, then cut out or padded. */
export interface Placement extends Orientation {
  /** Column of the protected picture's first pixel in the picture, once turned back; below 0 where it was cut. */
  readonly x: number;
  /** Row of that pixel. */
  readonly y: number;
}

/** What was located. */
export interface Located {
  /** The picture as it was protected: turned back, and of its size then. */
  readonly frame: Frame;
  readonly placement: Placement;
  /** Distinct headers, the likeliest first; none where nothing is protected. */
  readonly headers: readonly LocatedHeader[];
  /** The first symbol that has no header. */
  readonly foreign?: FoundSymbol;
}

/** Headers looked at in one frame, at most. */
const MAX_HEADERS = 4;

/** A padded or cut picture is laid on a canvas at most this many times as large. */
const MAX_CANVAS_GROWTH = 16;

/** Each bit as most of the copies have it. */
export function majority(copies: readonly Uint8Array[]): Uint8Array {
  const [a, b, c] = copies;
  return a.map((byte, k) => (byte & b[k]) | (byte & c[k]) | (b[k] & c[k]));
}

/** The copies of a header's first `length` bytes, at last the majority of all three; nothing where there is no room for them. */
function* copiesOf(
  frame: Frame,
  place: SymbolPlace,
  orientation: Orientation,
  length: number,
): Generator<Uint8Array> {
  const copies: Uint8Array[] = [];
  for (let copy = 0; copy < HEADER_COPIES; copy++) {
    const slots = headerSlots(frame, place, length, copy, orientation);
    if (slots === undefined) return;
    const bytes = readBits(frame.samples, slots);
    copies.push(bytes);
    yield bytes;
  }
  yield majority(copies);
}

interface ReadHeader {
  readonly header: Header;
  readonly bytes: Uint8Array;
}

/** False where neither a copy of a header nor the majority of all three begins as a header does. */
function mayRead(frame: Frame, place: SymbolPlace, orientation: Orientation): boolean {
  const slotOf = headerSlotIn(frame, place, orientation);
  const { samples } = frame;
  const begins = [true, true, true, true];
  for (let bit = 0; bit < 8 * MAGIC_BYTES.length; bit++) {
    const wanted = bitOf(MAGIC_BYTES, bit);
    let ones = 0;
    for (let copy = 0; copy < HEADER_COPIES; copy++) {
      const value = samples[slotOf(copy, bit)] & 1;
      ones += value;
      if (value !== wanted) begins[copy] = false;
    }
    if (ones >> 1 !== wanted) begins[HEADER_COPIES] = false;
    if (!begins.includes(true)) return false;
  }
  return true;
}

/** Reads the header under a symbol: any whole copy, or the majority of all three. */
function readHeader(frame: Frame, place: SymbolPlace, orientation: Orientation): ReadHeader | undefined {
  if (!hasHeaderSlots(frame, place, PREFIX_LENGTH) || !mayRead(frame, place, orientation)) return undefined;
  const lengths = new Set<number>();
  for (const prefix of copiesOf(frame, place, orientation, PREFIX_LENGTH)) {
    const length = announcedLength(prefix);
    if (length === undefined || lengths.has(length)) continue;
    lengths.add(length);
    for (const bytes of copiesOf(frame, place, orientation, length)) {
      const header = decodeHeader(bytes);
      if (header !== undefined) return { header, bytes };
    }
  }
  return undefined;
}

/** The places of a header's symbols in the picture that was protected. */
const placesOf = (header: Header, size: number): SymbolPlace[] =>
  header.coveredAreas.map((area) => placeSymbol(size, area));

const isAt = (a: SymbolPlace, b: SymbolPlace): boolean =>
  a.x === b.x && a.y === b.y && a.modulePixels === b.modulePixels;

/** A header, and how the picture it was found in lies. */
interface Sighting extends ReadHeader {
  readonly found: FoundSymbol;
  readonly orientation: Orientation;
}

function* sightings(
  frame: Frame,
  orientations: readonly Orientation[],
  effort: Effort,
): Generator<Sighting | FoundSymbol> {
  // What lies under a place does not depend on the threshold that shows a symbol there.
  const tried = new Set<string>();
  for (const symbols of findSymbols(frame, effort)) {
    let seen = false;
    for (const found of symbols) {
      const name = Object.values(found.place).join();
      if (tried.has(name)) continue;
      tried.add(name);
      const sighting = sightingAt(frame, found, orientations);
      seen ||= sighting !== undefined;
      yield sighting ?? found;
    }
    // Whatever else the picture holds, the threshold that shows one of our symbols shows them all.
    if (seen) return;
  }
}

/** The header under a symbol, read in the first orientation in which there is one. */
function sightingAt(
  frame: Frame,
  found: FoundSymbol,
  orientations: readonly Orientation[],
): Sighting | undefined {
  for (const orientation of orientations) {
    const read = readHeader(frame, found.place, orientation);
    if (read) return { ...read, found, orientation };
  }
  return undefined;
}

/** The header of a sighting, where the picture is upright and of the size it was protected in. */
function asProtected(
  frame: Frame,
  { header, bytes, found, orientation }: Sighting,
): LocatedHeader | undefined {
  if (orientation !== UPRIGHT || !fitsFrame(header, frame)) return undefined;
  const places = placesOf(header, found.place.size);
  return places.some((place) => isAt(place, found.place)) ? { header, bytes, places, found } : undefined;
}

/** Distinct headers of a picture as it was protected. */
function locateUpright(frame: Frame, effort: Effort): LocatedHeader[] {
  const headers = new Map<string, LocatedHeader>();
  for (const sighting of sightings(frame, [UPRIGHT], effort)) {
    const located = 'header' in sighting ? asProtected(frame, sighting) : undefined;
    if (located && headers.size < MAX_HEADERS) headers.set(located.bytes.join(), located);
  }
  return [...headers.values()];
}

/**
 * Lays a picture that was turned, padded or cut as it was protected, by one header seen in it. Each
 * covered area may be the one whose symbol was seen: the one is under whose placement most headers read.
 */
function layBack(frame: Frame, sighting: Sighting, effort: Effort): Located | undefined {
  const { header, orientation } = sighting;
  const { width, height } = header;
  if (width * height > MAX_CANVAS_GROWTH * frame.width * frame.height) return undefined;
  const upright = turnBack(frame, orientation);
  const seen = firstUpright(upright, effort);
  if (seen === undefined) return undefined;
  const expected = placesOf(header, seen.size);
  const isInside = ({ x, y, size, modulePixels }: SymbolPlace): boolean =>
    x >= 0 &&
    y >= 0 &&
    x + symbolSide(size, modulePixels) <= upright.width &&
    y + symbolSide(size, modulePixels) <= upright.height;
  let best = { headers: 0, x: 0, y: 0 };
  for (const place of expected.filter(({ modulePixels }) => modulePixels === seen.modulePixels)) {
    const x = seen.x - place.x;
    const y = seen.y - place.y;
    const moved = expected.map((other) => ({ ...other, x: other.x + x, y: other.y + y }));
    const headers = moved.filter((other) => isInside(other) && readHeader(upright, other, UPRIGHT)).length;
    if (headers > best.headers) best = { headers, x, y };
  }
  if (best.headers === 0) return undefined;
  const { x, y } = best;
  const canvas = onCanvas(upright, x, y, width, height);
  return { frame: canvas, placement: { ...orientation, x, y }, headers: locateUpright(canvas, effort) };
}

/** The place of the first symbol with a header in a picture that is upright. */
function firstUpright(frame: Frame, effort: Effort): SymbolPlace | undefined {
  for (const sighting of sightings(frame, [UPRIGHT], effort)) {
    if ('header' in sighting) return sighting.found.place;
  }
  return undefined;
}

/**
 * Locates what is protected in a picture, also where it was rotated by 90-degree steps, mirrored,
 * padded or cut since. Symbols without a header (foreign QR codes) are skipped.
 * Throws `unsupported-version` where a later version protected the picture.
 */
export function locate(frame: Frame): Located {
  const located = locateWith(frame, 'rows');
  return located.headers.length > 0 ? located : locateWith(frame, 'everywhere');
}

/** True where a picture is protected, as this software hands it out. */
export const isProtected = (frame: Frame): boolean =>
  mayHoldHeader(frame) && locateWith(frame, 'rows').headers.length > 0;

function locateWith(frame: Frame, effort: Effort): Located {
  const headers = new Map<string, LocatedHeader>();
  let displaced: Sighting | undefined;
  let foreign: FoundSymbol | undefined;
  for (const sighting of sightings(frame, ORIENTATIONS, effort)) {
    if (!('header' in sighting)) {
      if (!sighting.lone) foreign ??= sighting;
      continue;
    }
    const located = asProtected(frame, sighting);
    if (located === undefined) displaced ??= sighting;
    else if (headers.size < MAX_HEADERS) headers.set(located.bytes.join(), located);
  }
  if (headers.size === 0 && displaced) {
    const located = layBack(frame, displaced, effort);
    if (located) return located;
  }
  const placement = { ...UPRIGHT, x: 0, y: 0 };
  return { frame, placement, headers: [...headers.values()], ...(foreign ? { foreign } : {}) };
}

/** The error for a frame in which nothing is protected. */
export const notProtected = (): KeyAreaError =>
  new KeyAreaError('not-protected', 'No protected key area was found in this image.');
