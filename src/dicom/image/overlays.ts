import { KeyAreaError } from '../../engine/errors';
import { pixelsIn, type Rectangle } from '../../engine/pixels/frame';
import type { Element } from '../dataset/elements';
import { type DicomFile, elementBytes, textOf, unsignedShortsOf, valueBytes } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { elementOf, formatTag, groupOf, OVERLAY, tagOf } from '../dataset/tags';
import { disjoint } from './disjoint';

/**
 * The bits of one overlay plane that lay over key areas: taken out of the file, carried with the key
 * area, put back on restore. The rest of the overlay stays as it is.
 */
export interface OverlayBits {
  /** Of Overlay Data, (60xx,3000). */
  readonly tag: number;
  /** Where bits were taken in any overlay frame, in the plane's own rows and columns, counted from 0. */
  readonly areas: readonly Rectangle[];
  /**
   * The bits of every overlay frame, area and row, in this order, least significant bit first: set are those that
   * were taken.
   */
  readonly bits: Uint8Array;
}

interface Plane {
  readonly element: Element;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** The two bytes of each word lie high byte first. */
  readonly swapped: boolean;
  /** Of the plane's first pixel in the image, counted from 0. */
  readonly x: number;
  readonly y: number;
}

/**
 * Takes the overlay bits over key areas out of every plane that has any there (PS3.3, C.9.2): an overlay
 * often outlines or names just what a key area hides. `areasByFrame` holds the areas of the frames of the image,
 * numbered from 1, of which there are `imageFrames`. An overlay frame loses what lies over the areas of its image
 * frame; over those of any, where it is not certain which one that is.
 */
export function takeOverlayBits(
  file: DicomFile,
  areasByFrame: ReadonlyMap<number, readonly Rectangle[]>,
  imageFrames: number,
): { taken: OverlayBits[]; edits: Edit[] } {
  const taken: OverlayBits[] = [];
  const edits: Edit[] = [];
  for (const plane of planesOf(file)) {
    const value = valueBytes(file, plane.element);
    const { every, of } = areasOn(plane, areasByFrame, firstImageFrame(file, plane, imageFrames));
    const takenHere = new Uint8Array(value.length);
    let any = false;
    for (let frame = 0; frame < plane.frames; frame++) {
      for (const { start, width } of rowsOf(plane, frame, of(frame))) {
        forEachSetBit(value, start, width, plane.swapped, (offset) => {
          any = true;
          setBit(takenHere, start + offset);
        });
      }
    }
    if (!any) continue;
    const areas = every.map((area) => shrink(plane, area, takenHere)).filter((area) => area !== undefined);
    const { tag } = plane.element;
    taken.push({ tag, areas, bits: pick(plane, areas, takenHere) });
    const cleared = value.map((byte, at) => byte & ~takenHere[placeOf(at, plane.swapped)]);
    edits.push({ tag, bytes: withValue(file, plane.element, cleared) });
  }
  return { taken, edits };
}

/** Puts bits back into the planes they were taken from; planes that are gone by now stay away. */
export function returnOverlayBits(file: DicomFile, taken: readonly OverlayBits[]): Edit[] {
  const edits: Edit[] = [];
  for (const plane of planesOf(file)) {
    const given = taken.find(({ tag }) => tag === plane.element.tag);
    if (given === undefined || countBits(plane, given.areas) > 8 * given.bits.length) continue;
    const filled = valueBytes(file, plane.element).slice();
    forEachRow(plane, given.areas, ({ start, width }, index) => {
      const held = Math.min(width, 8 * filled.length - start);
      forEachSetBit(given.bits, index, held, false, (offset) => {
        setBit(filled, start + offset, plane.swapped);
      });
    });
    edits.push({ tag: given.tag, bytes: withValue(file, plane.element, filled) });
  }
  return edits;
}

/** Every overlay plane with data of its own. */
function planesOf(file: DicomFile): Plane[] {
  return file.elements.filter(isOverlayData).map((element) => {
    const group = groupOf(element.tag);
    const [height = 0] = unsignedShortsOf(file, tagOf(group, OVERLAY.Rows));
    const [width = 0] = unsignedShortsOf(file, tagOf(group, OVERLAY.Columns));
    if (width === 0 || height === 0) {
      throw new KeyAreaError(
        'unsupported-pixels',
        `The overlay ${formatTag(element.tag)} does not say its size, so the part over the key area cannot be hidden.`,
      );
    }
    const [row = 1, column = 1] = unsignedShortsOf(file, tagOf(group, OVERLAY.Origin)).map(asSigned);
    const available = 8 * (element.valueEnd - element.valueStart);
    const announced = Number(textOf(file, tagOf(group, OVERLAY.NumberOfFrames)) ?? 1) || 1;
    const frames = Math.max(1, Math.min(announced, Math.ceil(available / (width * height))));
    const swapped = file.transferSyntax.coding.bigEndian && element.vr === 'OW';
    return { element, width, height, frames, swapped, x: column - 1, y: row - 1 };
  });
}

const isOverlayData = ({ tag }: Element): boolean =>
  groupOf(tag) >= 0x6000 &&
  groupOf(tag) <= 0x60fe &&
  groupOf(tag) % 2 === 0 &&
  elementOf(tag) === OVERLAY.Data;

const asSigned = (short: number): number => (short << 16) >> 16;

/**
 * The image frame that an overlay's first frame lies over, where its frames certainly lie over image frames one to
 * one (PS3.3, C.9.3.1): it has several, all whole, and either says where they begin or has as many as the image.
 */
function firstImageFrame(file: DicomFile, plane: Plane, imageFrames: number): number | undefined {
  const { element, width, height, frames } = plane;
  const group = groupOf(element.tag);
  const announced = Number(textOf(file, tagOf(group, OVERLAY.NumberOfFrames)));
  const length = 2 * Math.ceil((width * height * frames) / 16);
  if (frames < 2 || announced !== frames || element.valueEnd - element.valueStart !== length)
    return undefined;
  const origins = unsignedShortsOf(file, tagOf(group, OVERLAY.ImageFrameOrigin));
  const [origin = frames === imageFrames ? 1 : 0] = origins;
  const isInside = origin >= 1 && origin + frames - 1 <= imageFrames;
  return isInside && origins.length <= 1 ? origin : undefined;
}

/** Which parts of a plane lie over key areas, none of them twice: in any overlay frame, and in each. */
function areasOn(
  plane: Plane,
  areasByFrame: ReadonlyMap<number, readonly Rectangle[]>,
  firstFrame: number | undefined,
): { every: Rectangle[]; of: (frame: number) => Rectangle[] } {
  const on = (areas: readonly Rectangle[]): Rectangle[] =>
    disjoint(areas.map((area) => clip(area, plane)).filter((area) => area !== undefined));
  if (firstFrame === undefined) {
    const every = on([...areasByFrame.values()].flat());
    return { every, of: () => every };
  }
  const byFrame = Array.from({ length: plane.frames }, (_, frame) =>
    on(areasByFrame.get(firstFrame + frame) ?? []),
  );
  return { every: disjoint(byFrame.flat()), of: (frame) => byFrame[frame] };
}

/** The part of an image area that a plane covers, in the plane's rows and columns, as far as it has data. */
function clip(area: Rectangle, plane: Plane): Rectangle | undefined {
  const { valueStart, valueEnd } = plane.element;
  const rows = Math.min(plane.height, Math.ceil((8 * (valueEnd - valueStart)) / plane.width));
  const x = Math.max(0, area.x - plane.x);
  const y = Math.max(0, area.y - plane.y);
  const width = Math.min(plane.width, area.x + area.width - plane.x) - x;
  const height = Math.min(rows, area.y + area.height - plane.y) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** The smallest rectangle with all bits of an area that are set in any frame; undefined where none is. */
function shrink(plane: Plane, area: Rectangle, bits: Uint8Array): Rectangle | undefined {
  let left = area.width;
  let right = 0;
  let top = area.y + area.height;
  let bottom = 0;
  for (let frame = 0; frame < plane.frames; frame++) {
    for (const { start, width, y } of rowsOf(plane, frame, [area])) {
      forEachSetBit(bits, start, width, false, (offset) => {
        left = Math.min(left, offset);
        right = Math.max(right, offset + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      });
    }
  }
  return right > 0 ? { x: area.x + left, y: top, width: right - left, height: bottom - top } : undefined;
}

/** The bits of every frame, area and row of a plane, one after the other. */
function pick(plane: Plane, areas: readonly Rectangle[], bits: Uint8Array): Uint8Array {
  const picked = new Uint8Array(Math.ceil(countBits(plane, areas) / 8));
  forEachRow(plane, areas, ({ start, width }, index) => {
    forEachSetBit(bits, start, width, false, (offset) => {
      setBit(picked, index + offset);
    });
  });
  return picked;
}

const countBits = (plane: Plane, areas: readonly Rectangle[]): number => plane.frames * pixelsIn(areas);

/** A row of an area, and the number of its first bit among those of the plane's data. */
interface Row {
  readonly y: number;
  readonly width: number;
  readonly start: number;
}

/** Bits are packed without padding, also between frames (PS3.5, section 8.1.2). */
function* rowsOf(plane: Plane, frame: number, areas: readonly Rectangle[]): Generator<Row> {
  for (const { x, y: top, width, height } of areas) {
    for (let y = top; y < top + height; y++) {
      yield { y, width, start: (frame * plane.height + y) * plane.width + x };
    }
  }
}

/** Visits the rows of every frame and area, and tells how many bits those before have. */
function forEachRow(
  plane: Plane,
  areas: readonly Rectangle[],
  visit: (row: Row, index: number) => void,
): void {
  let index = 0;
  for (let frame = 0; frame < plane.frames; frame++) {
    for (const row of rowsOf(plane, frame, areas)) {
      visit(row, index);
      index += row.width;
    }
  }
}

/** In swapped words, bits 0 to 7 lie in the second byte. */
const placeOf = (at: number, swapped: boolean): number => (swapped ? at ^ 1 : at);

/** Visits the set bits among `count` from `start` on, the first in the least significant place; none lies behind the bytes. */
function forEachSetBit(
  bytes: Uint8Array,
  start: number,
  count: number,
  swapped: boolean,
  visit: (offset: number) => void,
): void {
  for (let offset = 0; offset < count; offset++) {
    const at = start + offset;
    const rest = bytes[placeOf(at >>> 3, swapped)] >>> (at & 7);
    if (rest & 1) visit(offset);
    else if (rest === 0) offset += 7 - (at & 7);
  }
}

function setBit(bytes: Uint8Array, at: number, swapped = false): void {
  bytes[placeOf(at >>> 3, swapped)] |= 1 << (at & 7);
}

/** An element of the file with another value of the same length. */
function withValue(file: DicomFile, element: Element, value: Uint8Array): Uint8Array {
  const raw = elementBytes(file, element).slice();
  raw.set(value, element.valueStart - element.start);
  return raw;
}
