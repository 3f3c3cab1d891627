import { KeyAreaError } from '../errors';
import { MAX_AREAS } from '../header';
import type { ProtectionJob } from '../job';
import { boundsOf, contains, type Frame, overlap, type Rectangle } from '../pixels/frame';
import { type QrSymbol, symbolSide } from '../qr/symbol';
import { smallestVersion } from './headerSlots';

/** Key areas, and the covered areas that they grow to until a symbol fits. */

/** A symbol may grow an area to at most this multiple of its drawn side for the report's sake. */
export const MAX_GROWTH = 2;

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
export function growTo(area: Rectangle, width: number, height: number, frame: Frame): Rectangle {
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
export function mergeOverlapping(areas: readonly Rectangle[]): Rectangle[] {
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
export interface Cover {
  readonly symbol: QrSymbol;
  readonly areas: readonly Rectangle[];
  /** The payload may grow no side of an area beyond this; the next cover is tried instead. */
  readonly maximumSide: number;
}

/**
 * The covers to try, the most wanted first. A sealed report grows a small area, but at most to twice
 * its drawn side, and not at all where the job puts the area first; beyond that the QR says the notice
 * alone and the report travels in the payload.
 * Throws `image-too-small` and `report-too-long`.
 */
export function coversFor(frame: Frame, areas: readonly Rectangle[], job: ProtectionJob): Cover[] {
  const choices = job.symbolChoices(smallestVersion(areas.length, frame.samplesPerPixel));
  const drawnSide = Math.min(...areas.map(({ width, height }) => Math.min(width, height)));
  const imageSide = Math.min(frame.width, frame.height);
  const growth = job.fit === 'area' ? 1 : MAX_GROWTH;
  const covers: Cover[] = [];
  for (const { content, symbols } of choices) {
    const limit = content === 'sealed' ? Math.min(imageSide, growth * drawnSide) : imageSide;
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
