import {
  type Bands,
  type CodeRange,
  candidateRanges,
  MAX_BITS_PER_SAMPLE,
  paddingCodes,
  placeBands,
} from './bands';
import { TAG_LENGTH } from './contentKey';
import { KeyAreaError } from './errors';
import { boundsOf, contains, type Frame, overlap, type Rectangle, valueMask } from './frame';
import { headerLength, MAX_AREAS } from './header';
import type { ProtectionJob } from './job';
import { layOutHeader } from './order';
import { LEAST_PARITY, PARITY_SHARES, payloadRoom, planSegments, type SegmentPlan } from './segments';
import { placeSymbol, type QrSymbol, type SymbolPlace, smallestVersion, symbolSide } from './symbol';
import { vaultCapacity } from './vault';

/**
 * Planning: which area is covered, by which symbol, with which bands. The covered area is the key
 * area, grown until symbol and payload fit.
 */

/** A symbol may grow an area to at most this multiple of its drawn side for the report's sake. */
const MAX_GROWTH = 2;
/** Sides grow by this factor from one try to the next. */
const GROWTH_STEP = 1.15;

export interface CoverPlan {
  readonly symbol: QrSymbol;
  readonly coveredAreas: readonly Rectangle[];
  readonly places: readonly SymbolPlace[];
}

export interface VaultPlan extends CoverPlan {
  readonly scrambled: boolean;
  readonly bands: Bands;
  readonly segments: SegmentPlan;
  readonly payload: Uint8Array;
}

/** Checks key areas against the frame. Throws `no-key-area`, `area-outside-image`, `invalid-argument`. */
export function checkAreas(frame: Frame, areas: readonly Rectangle[]): void {
  if (areas.length === 0) throw new KeyAreaError('no-key-area', 'There is no key area. Draw one first.');
  if (areas.length > MAX_AREAS) {
    throw new KeyAreaError(
      'invalid-argument',
      `An image holds at most ${MAX_AREAS} key areas, not ${areas.length}.`,
    );
  }
  for (const area of areas) {
    const { x, y, width, height } = area;
    if (![x, y, width, height].every(Number.isInteger) || width < 1 || height < 1) {
      throw new KeyAreaError(
        'invalid-argument',
        'A key area is given by whole numbers of pixels, at least 1 x 1.',
      );
    }
    if (!contains(boundsOf(frame), area)) {
      throw new KeyAreaError(
        'area-outside-image',
        `The key area ${width} x ${height} at ${x}, ${y} reaches out of the image, which is ${frame.width} x ${frame.height}.`,
      );
    }
  }
}

/** `area` grown around its middle to at least `width` x `height`, pushed back into the image. */
function growTo(area: Rectangle, width: number, height: number, frame: Frame): Rectangle {
  const grow = (start: number, length: number, wanted: number, limit: number): [number, number] => {
    const grown = Math.min(limit, Math.max(length, Math.ceil(wanted)));
    const before = start - Math.floor((grown - length) / 2);
    return [Math.min(Math.max(0, before), limit - grown), grown];
  };
  const [x, newWidth] = grow(area.x, area.width, width, frame.width);
  const [y, newHeight] = grow(area.y, area.height, height, frame.height);
  return { x, y, width: newWidth, height: newHeight };
}

/** Joins areas that overlap to the smallest rectangle around them, until none do. */
function mergeOverlapping(areas: readonly Rectangle[]): Rectangle[] {
  const merged: Rectangle[] = [];
  for (let area of areas) {
    for (let other = takeOverlapping(merged, area); other; other = takeOverlapping(merged, area)) {
      const x = Math.min(area.x, other.x);
      const y = Math.min(area.y, other.y);
      const width = Math.max(area.x + area.width, other.x + other.width) - x;
      const height = Math.max(area.y + area.height, other.y + other.height) - y;
      area = { x, y, width, height };
    }
    merged.push(area);
  }
  return merged;
}

function takeOverlapping(areas: Rectangle[], area: Rectangle): Rectangle | undefined {
  const index = areas.findIndex((other) => overlap(other, area));
  return index < 0 ? undefined : areas.splice(index, 1)[0];
}

/** A symbol, and the key areas grown until it fits. */
interface Cover {
  readonly symbol: QrSymbol;
  readonly areas: readonly Rectangle[];
  /** The payload may grow no side of an area beyond this; the next cover is tried instead. */
  readonly maximumSide: number;
}

/**
 * The covers to try, the most wanted first. A sealed report grows a small area, but at most to twice
 * its drawn side; beyond that the QR says the notice alone and the report travels in the payload.
 * Throws `image-too-small` and `report-too-long`.
 */
function coversFor(frame: Frame, areas: readonly Rectangle[], job: ProtectionJob): Cover[] {
  const choices = job.symbolChoices(smallestVersion(areas.length, frame.samplesPerPixel));
  const drawnSide = Math.min(...areas.map(({ width, height }) => Math.min(width, height)));
  const imageSide = Math.min(frame.width, frame.height);
  const covers: Cover[] = [];
  for (const { content, symbols } of choices) {
    const limit = content === 'sealed' ? Math.min(imageSide, MAX_GROWTH * drawnSide) : imageSide;
    const asDrawn = symbols.find(({ size }) => symbolSide(size) <= drawnSide);
    const symbol = asDrawn ?? symbols.findLast(({ size }) => symbolSide(size) <= limit);
    if (symbol === undefined) continue;
    const side = symbolSide(symbol.size);
    const grown = mergeOverlapping(areas.map((area) => growTo(area, side, side, frame)));
    covers.push({ symbol, areas: grown, maximumSide: asDrawn || content !== 'sealed' ? Infinity : limit });
  }
  if (covers.length > 0) return covers;

  const smallest = Math.min(...choices.flatMap(({ symbols }) => symbols.map(({ size }) => symbolSide(size))));
  if (choices.some(({ content }) => content === 'open')) {
    const needed = Number.isFinite(smallest) ? ` It needs ${smallest} x ${smallest} pixels.` : '';
    throw new KeyAreaError(
      'report-too-long',
      `The report in clear does not fit into a QR code on this image.${needed} Shorten it, or seal it.`,
    );
  }
  throw new KeyAreaError(
    'image-too-small',
    `The image is ${frame.width} x ${frame.height}; the smallest QR code for this notice needs ${smallest} x ${smallest} pixels.`,
  );
}

/** Ever larger covered areas, from those the symbol needs to the whole image. */
function* growingAreas(frame: Frame, cover: Cover): Generator<[Rectangle[], number]> {
  for (let factor = 1; ; factor *= GROWTH_STEP) {
    const grown = mergeOverlapping(
      cover.areas.map((area) => growTo(area, area.width * factor, area.height * factor, frame)),
    );
    const longest = Math.max(...grown.map(({ width, height }) => Math.max(width, height)));
    if (factor > 1 && longest > cover.maximumSide) return;
    yield [grown, factor];
    if (grown.some(({ width, height }) => width === frame.width && height === frame.height)) return;
  }
}

interface Attempt {
  readonly symbol: QrSymbol;
  readonly coveredAreas: Rectangle[];
  readonly ranges: CodeRange[];
}

/** What is tried: covers, areas, and the value ranges for the bands, in the order of wishes. */
function* attempts(frame: Frame, covers: readonly Cover[], scramble: boolean): Generator<Attempt> {
  // Among noise the bands must span all values, so that the symbol is still seen.
  const [used, ...wider] = scramble ? [{ minimum: 0, maximum: valueMask(frame) }] : candidateRanges(frame);
  const usable = placeBands(used, 1, scramble ? undefined : paddingCodes(frame)) !== undefined;
  for (const cover of covers) {
    const { symbol } = cover;
    for (const [coveredAreas, factor] of growingAreas(frame, cover)) {
      if (usable && factor <= MAX_GROWTH) yield { symbol, coveredAreas, ranges: [used] };
    }
    for (const [coveredAreas, factor] of growingAreas(frame, cover)) {
      yield { symbol, coveredAreas, ranges: factor > MAX_GROWTH ? [used, ...wider] : wider };
    }
  }
}

/** The bands of 1, 2, ... payload bits that a range has room for. */
function bandsIn(range: CodeRange, padding: CodeRange | undefined): Bands[] {
  const all: Bands[] = [];
  for (let bits = 1; bits <= MAX_BITS_PER_SAMPLE; bits++) {
    const bands = placeBands(range, bits, padding);
    if (bands === undefined) break;
    all.push(bands);
  }
  return all;
}

/**
 * Finds the first plan that fits. `encode` gives the payload for covered areas; it is asked once for
 * each set of areas. Throws `image-too-small`, `report-too-long` and `no-room`.
 */
export async function planVault(
  frame: Frame,
  areas: readonly Rectangle[],
  job: ProtectionJob,
  scramble: boolean,
  encode: (coveredAreas: readonly Rectangle[]) => Promise<Uint8Array>,
): Promise<VaultPlan> {
  const covers = coversFor(frame, mergeOverlapping(areas), job);
  const padding = scramble ? undefined : paddingCodes(frame);
  const envelopesLength = job.envelopeList.length;
  const payloads = new Map<string, Uint8Array>();
  let needed = 0;
  let available = 0;

  for (const { symbol, coveredAreas, ranges } of attempts(frame, covers, scramble)) {
    const places = coveredAreas.map((area) => placeSymbol(symbol.size, area));
    const slots = layOutHeader(frame, places, new Uint8Array(headerLength(coveredAreas.length)));
    if (slots === undefined) continue;
    const name = JSON.stringify(coveredAreas);
    const payload = payloads.get(name) ?? (await encode(coveredAreas));
    payloads.set(name, payload);
    const payloadLength = payload.length + TAG_LENGTH;
    for (const range of ranges) {
      const options = bandsIn(range, padding).map((bands) => ({
        bands,
        capacity: vaultCapacity(frame, { bands, coveredAreas, slots }),
      }));
      // More parity before quieter bands; but the widest bands, which tire a QR reader, only in need.
      for (const share of PARITY_SHARES) {
        for (const { bands, capacity } of share === LEAST_PARITY ? options : options.slice(0, -1)) {
          const segments = planSegments(capacity, envelopesLength, payloadLength, share);
          if (segments)
            return { scrambled: scramble, symbol, coveredAreas, places, bands, segments, payload };
        }
      }
      needed = payloadLength;
      available = payloadRoom(options.at(-1)?.capacity ?? 0, envelopesLength);
    }
  }
  throw new KeyAreaError(
    'no-room',
    `The key area does not fit under its QR code: it needs ${needed} bytes, and ${available} fit even where the QR covers the whole image. Its pixels are too noisy to be packed tightly enough.`,
  );
}
