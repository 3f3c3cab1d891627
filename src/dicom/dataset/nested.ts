import { KeyAreaError } from '../../engine/errors';
import { type Element, ElementReader, readItemHeader } from './elements';
import { elementIn } from './levels';
import type { DicomFile } from './reader';
import { formatTag, TAG } from './tags';
import { type Coding, IMPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

/**
 * Where an element is nested: the sequences around it from the outermost to the innermost, each with
 * the number of the item, from 0. Empty at the outermost level.
 */
export type Path = readonly PathStep[];
export interface PathStep {
  readonly sequence: number;
  readonly item: number;
}

/** An item of a sequence (PS3.5, section 7.5). Offsets count from the start of the file. */
export interface Item {
  readonly start: number;
  readonly contentStart: number;
  /** Before an item delimitation item. */
  readonly contentEnd: number;
  readonly end: number;
  readonly undefinedLength: boolean;
  readonly elements: readonly Element[];
}

export interface Sequence {
  /** Of the items: not that of the file around in a sequence that its writer did not know. */
  readonly coding: Coding;
  readonly items: readonly Item[];
}

/** Sequences in one another: deeper than any real object, and shallow enough for the stack. */
export const MAX_DEPTH = 16;

/** What was read, so that hundreds of frames' functional groups are not read hundreds of times. */
const sequences = new WeakMap<Element, Sequence | null>();

/**
 * The items of an element; undefined where it is no sequence. In implicit VR, and in an element of VR UN
 * (which holds implicit VR, PS3.5, section 6.2.2), what consists of items from end to end is one.
 */
export function readSequence(bytes: Uint8Array, element: Element, coding: Coding): Sequence | undefined {
  let sequence = sequences.get(element);
  if (sequence === undefined) {
    sequence = parseSequence(bytes, element, coding);
    sequences.set(element, sequence);
  }
  return sequence ?? undefined;
}

function parseSequence(bytes: Uint8Array, element: Element, coding: Coding): Sequence | null {
  const { vr, valueStart, valueEnd, undefinedLength } = element;
  if (element.tag === TAG.PixelData || (vr !== undefined && vr !== 'SQ' && vr !== 'UN')) return null;
  const inner = vr === 'UN' ? IMPLICIT_LITTLE_ENDIAN : coding;
  if (vr !== 'SQ' && !undefinedLength && !startsItem(bytes, element, inner)) return null;
  try {
    const items: Item[] = [];
    for (let position = valueStart; position < valueEnd; ) {
      const item = readItem(bytes, position, valueEnd, inner, element.tag);
      items.push(item);
      position = item.end;
    }
    return { coding: inner, items };
  } catch (error) {
    if (error instanceof KeyAreaError) return null;
    throw error;
  }
}

function startsItem(bytes: Uint8Array, { valueStart, valueEnd }: Element, coding: Coding): boolean {
  if (valueEnd - valueStart < 8) return false;
  const item = coding.bigEndian ? [0xff, 0xfe, 0xe0, 0x00] : [0xfe, 0xff, 0x00, 0xe0];
  return item.every((byte, index) => bytes[valueStart + index] === byte);
}

function readItem(bytes: Uint8Array, start: number, limit: number, coding: Coding, sequence: number): Item {
  const { tag, valueStart, length, undefinedLength } = readItemHeader(bytes, start, limit, coding, sequence);
  if (tag !== TAG.Item) throw new KeyAreaError('not-dicom', `${formatTag(sequence)} ends before its end.`);
  const reader = new ElementReader(bytes, valueStart, undefinedLength ? limit : valueStart + length, coding);
  const elements: Element[] = [];
  while (!reader.done) {
    const element = reader.next();
    if (element.tag === TAG.ItemDelimitation) {
      const contentEnd = element.start;
      return { start, contentStart: valueStart, contentEnd, end: element.end, undefinedLength, elements };
    }
    elements.push(element);
  }
  const contentEnd = reader.position;
  return { start, contentStart: valueStart, contentEnd, end: contentEnd, undefinedLength, elements };
}

/** An element that lies somewhere in a file, and how it is coded there. */
export interface Located {
  readonly path: Path;
  readonly element: Element;
  readonly coding: Coding;
}

/**
 * Visits every element of a data set at every level, in the order of the file. Those inside an element
 * are visited unless `visit` returns false. Throws `not-dicom` where they are nested too deep.
 */
export function visitElements(
  file: DicomFile,
  visit: (located: Located, sequence: Sequence | undefined) => boolean,
): void {
  const descend = (elements: readonly Element[], coding: Coding, path: Path): void => {
    for (const element of elements) {
      const sequence = readSequence(file.bytes, element, coding);
      if (!visit({ path, element, coding }, sequence) || sequence === undefined) continue;
      if (path.length >= MAX_DEPTH) {
        throw new KeyAreaError(
          'not-dicom',
          `Element ${formatTag(element.tag)} is nested more than ${MAX_DEPTH} deep.`,
        );
      }
      sequence.items.forEach((item, number) => {
        descend(item.elements, sequence.coding, [...path, { sequence: element.tag, item: number }]);
      });
    }
  };
  descend(file.elements, file.transferSyntax.coding, []);
}

/** The place a path leads to; undefined where it leads nowhere. */
export function followPath(
  file: DicomFile,
  path: Path,
): { readonly elements: readonly Element[]; readonly coding: Coding } | undefined {
  let place: { elements: readonly Element[]; coding: Coding } = {
    elements: file.elements,
    coding: file.transferSyntax.coding,
  };
  for (const { sequence, item } of path) {
    const element = elementIn(place.elements, sequence);
    const read = element && readSequence(file.bytes, element, place.coding);
    const found = read?.items[item];
    if (read === undefined || found === undefined) return undefined;
    place = { elements: found.elements, coding: read.coding };
  }
  return place;
}
