import { KeyAreaError } from '../../engine/errors';
import { pixelsIn, type Rectangle } from '../../engine/pixels/frame';
import type { Element } from '../dataset/elements';
import { type DicomFile, elementBytes, textOf, unsignedShortsOf, valueBytes } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { elementOf, formatTag, groupOf, OVERLAY, tagOf } from '../dataset/tags';

/**
 * The bits of one overlay plane that lay over key areas: taken out of the file, carried with the key
 * area, put back on restore. The rest of the overlay stays as it is.
 */
export interface OverlayBits {
  /** Of Overlay Data, (60xx,3000). */
  readonly tag: number;
  /** Key areas in the plane's own rows and columns, counted from 0. */
  readonly areas: readonly Rectangle[];
  /** The bits of every overlay frame, area and row, in this order, least significant bit first. */
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
 * Takes the overlay bits over `areas` out of every plane that has any there (PS3.3, C.9.2): an overlay
 * often outlines or names just what a key area hides. All frames of an overlay are cleared, whichever
 * frames of the image the areas are on.
 */
export function takeOverlayBits(
  file: DicomFile,
  areas: readonly Rectangle[],
): { taken: OverlayBits[]; edits: Edit[] } {
  const taken: OverlayBits[] = [];
  const edits: Edit[] = [];
  for (const plane of planesOf(file)) {
    const clipped = areas.map((area) => clip(area, plane)).filter((area) => area !== undefined);
    const value = valueBytes(file, plane.element);
    const cleared = value.slice();
    const bits = new Uint8Array(Math.ceil(countBits(plane, clipped) / 8));
    let any = false;
    forEachBit(plane, clipped, (at, index) => {
      if (!bitAt(value, at)) return;
      any = true;
      setBit(bits, index);
      clearBit(cleared, at);
    });
    if (!any) continue;
    const { tag } = plane.element;
    taken.push({ tag, areas: clipped, bits });
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
    forEachBit(plane, given.areas, (at, index) => {
      if (bitAt(given.bits, index)) setBit(filled, at);
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

/** The part of an image area that a plane covers, in the plane's rows and columns. */
function clip(area: Rectangle, plane: Plane): Rectangle | undefined {
  const x = Math.max(0, area.x - plane.x);
  const y = Math.max(0, area.y - plane.y);
  const width = Math.min(plane.width, area.x + area.width - plane.x) - x;
  const height = Math.min(plane.height, area.y + area.height - plane.y) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

const countBits = (plane: Plane, areas: readonly Rectangle[]): number => plane.frames * pixelsIn(areas);

/**
 * Visits the bits of `areas` that the plane's data hold. Bits are packed without padding, the first in
 * the least significant place (PS3.5, section 8.1.2).
 */
function forEachBit(
  plane: Plane,
  areas: readonly Rectangle[],
  visit: (at: number, index: number) => void,
): void {
  const available = 8 * (plane.element.valueEnd - plane.element.valueStart);
  // In swapped words, bits 0 to 7 lie in the second byte.
  const flip = plane.swapped ? 8 : 0;
  let index = 0;
  for (let frame = 0; frame < plane.frames; frame++) {
    const frameStart = frame * plane.width * plane.height;
    for (const area of areas) {
      for (let y = area.y; y < area.y + area.height; y++) {
        const rowStart = frameStart + y * plane.width;
        for (let x = area.x; x < area.x + area.width; x++, index++) {
          if (rowStart + x < available) visit((rowStart + x) ^ flip, index);
        }
      }
    }
  }
}

const bitAt = (bytes: Uint8Array, at: number): boolean => ((bytes[at >>> 3] >>> (at & 7)) & 1) === 1;

function setBit(bytes: Uint8Array, at: number): void {
  bytes[at >>> 3] |= 1 << (at & 7);
}

function clearBit(bytes: Uint8Array, at: number): void {
  bytes[at >>> 3] &= ~(1 << (at & 7));
}

/** An element of the file with another value of the same length. */
function withValue(file: DicomFile, element: Element, value: Uint8Array): Uint8Array {
  const raw = elementBytes(file, element).slice();
  raw.set(value, element.valueStart - element.start);
  return raw;
}
