import { concatBytes } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import type { Element } from './elements';
import { encodeElement, encodeShorts } from './encode';
import { elementIn, firstOutOfOrder, groupSize } from './levels';
import { type Item, type Path, readSequence } from './nested';
import type { DicomFile } from './reader';
import { formatTag, groupOf, isGroupLength, tagOf } from './tags';
import { type Coding, EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

/** A change to one element: its new bytes, header included, in the coding of its place; or its removal. */
export interface Edit {
  readonly tag: number;
  readonly bytes: Uint8Array | undefined;
  /** The items it is nested in; none at the outermost level. An edit whose path leads nowhere is passed over. */
  readonly path?: Path;
}

/**
 * Writes a file with some of its elements replaced, inserted (in tag order) or removed, in the meta
 * information and at any level of the data set. Every other byte is copied as it is: preamble, private
 * elements, lengths of either form, paddings, bytes after the data set. Around a nested change the
 * lengths of items and sequences follow where they are given, and stay undefined where they are not.
 *
 * Group lengths that were right before and would be wrong now are corrected, (0002,0000) and the
 * retired ones alike (PS3.5, section 7.2); those that were wrong before are left alone.
 */
export function splice(file: DicomFile, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  const isMeta = ({ tag, path }: Edit): boolean => groupOf(tag) === 2 && !path?.length;
  const metaEdits = edits.filter(isMeta);
  const dataSetEdits = edits.filter((edit) => !isMeta(edit));
  const { bytes, meta, elements, dataSetStart, transferSyntax } = file;
  const metaStart = meta[0].start;
  return concatBytes([
    bytes.subarray(0, metaStart),
    ...spliceElements(bytes, meta, metaEdits, EXPLICIT_LITTLE_ENDIAN),
    ...(transferSyntax.deflated
      ? [bytes.subarray(dataSetStart, file.dataSetEnd)]
      : spliceElements(bytes, elements, dataSetEdits, transferSyntax.coding)),
    bytes.subarray(file.dataSetEnd),
  ]);
}

/** The elements of one level, changed. */
function spliceElements(
  bytes: Uint8Array,
  elements: readonly Element[],
  edits: readonly Edit[],
  coding: Coding,
): Uint8Array[] {
  const here = [...edits.filter(({ path }) => !path?.length), ...nestedEdits(bytes, elements, edits, coding)];
  const all = [...here, ...groupLengthEdits(bytes, elements, here, coding)];
  const waiting = all.sort((a, b) => a.tag - b.tag);
  const isPresent = ({ tag }: Edit): boolean => elementIn(elements, tag) !== undefined;
  const replacements = new Map(waiting.filter(isPresent).map((edit) => [edit.tag, edit]));
  const insertions = waiting.filter((edit) => !isPresent(edit));
  const chunks: Uint8Array[] = [];
  const add = ({ bytes: changed }: Edit): void => {
    if (changed) chunks.push(changed);
  };
  let inserted = 0;
  for (const element of elements) {
    while (inserted < insertions.length && insertions[inserted].tag < element.tag)
      add(insertions[inserted++]);
    const edit = replacements.get(element.tag);
    if (edit === undefined) chunks.push(bytes.subarray(element.start, element.end));
    else add(edit);
  }
  insertions.slice(inserted).forEach(add);
  return chunks;
}

/** The replacements of sequences that the edits inside them come to. */
function nestedEdits(
  bytes: Uint8Array,
  elements: readonly Element[],
  edits: readonly Edit[],
  coding: Coding,
): Edit[] {
  const bySequence = new Map<number, Edit[]>();
  const replaced = new Set<number>();
  for (const edit of edits) {
    const step = edit.path?.[0];
    if (step) addTo(bySequence, step.sequence, edit);
    else replaced.add(edit.tag);
  }
  const replacements: Edit[] = [];
  for (const [tag, nested] of bySequence) {
    const element = elementIn(elements, tag);
    if (element && !replaced.has(tag)) {
      replacements.push({ tag, bytes: spliceSequence(bytes, element, nested, coding) });
    }
  }
  return replacements;
}

/** Adds a value to those that a key has. */
function addTo<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** A sequence with changes inside its items. */
function spliceSequence(
  bytes: Uint8Array,
  element: Element,
  edits: readonly Edit[],
  coding: Coding,
): Uint8Array {
  const sequence = readSequence(bytes, element, coding);
  if (sequence === undefined) return bytes.subarray(element.start, element.end);
  const byItem = new Map<number, Edit[]>();
  for (const { path: [step, ...path] = [], ...edit } of edits) {
    if (step) addTo(byItem, step.item, { ...edit, path });
  }
  const items = sequence.items.map((item, number) => {
    const inside = byItem.get(number);
    return inside === undefined
      ? bytes.subarray(item.start, item.end)
      : spliceItem(bytes, item, inside, sequence.coding);
  });
  const header = bytes.subarray(element.start, element.valueStart);
  const delimiter = bytes.subarray(element.valueEnd, element.end);
  return withLength(header, concatBytes(items), delimiter, element.undefinedLength, coding);
}

function spliceItem(bytes: Uint8Array, item: Item, edits: readonly Edit[], coding: Coding): Uint8Array {
  const content = concatBytes(spliceElements(bytes, item.elements, edits, coding));
  const header = bytes.subarray(item.start, item.contentStart);
  const delimiter = bytes.subarray(item.contentEnd, item.end);
  return withLength(header, content, delimiter, item.undefinedLength, coding);
}

/** Header, content and delimiter; the length, the last 32 bits of the header, is given where it was. */
export function withLength(
  header: Uint8Array,
  content: Uint8Array,
  delimiter: Uint8Array,
  undefinedLength: boolean,
  coding: Coding,
): Uint8Array<ArrayBuffer> {
  const whole = concatBytes([header, content, delimiter]);
  if (!undefinedLength) {
    new DataView(whole.buffer).setUint32(header.length - 4, content.length, !coding.bigEndian);
  }
  return whole;
}

/** The corrections that `edits` make necessary. */
function groupLengthEdits(
  bytes: Uint8Array,
  elements: readonly Element[],
  edits: readonly Edit[],
  coding: Coding,
): Edit[] {
  const byGroup = new Map<number, Edit[]>();
  for (const edit of edits) addTo(byGroup, groupOf(edit.tag), edit);
  const corrections: Edit[] = [];
  for (const [group, changes] of byGroup) {
    const tag = tagOf(group, 0);
    const element = elementIn(elements, tag);
    if (element === undefined || changes.some((edit) => edit.tag === tag)) continue;
    const before = groupSize(elements, group);
    if (readGroupLength(bytes, element, coding) !== before) continue;
    const after = changes.reduce((size, edit) => size + growth(elements, edit), before);
    const words = coding.bigEndian ? [after >>> 16, after] : [after, after >>> 16];
    corrections.push({
      tag,
      bytes: encodeElement(tag, 'UL', encodeShorts(words, coding), coding),
    });
  }
  return corrections;
}

/** By how many bytes an edit makes its group longer. */
function growth(elements: readonly Element[], edit: Edit): number {
  const element = elementIn(elements, edit.tag);
  return (edit.bytes?.length ?? 0) - (element ? element.end - element.start : 0);
}

function readGroupLength(bytes: Uint8Array, element: Element, coding: Coding): number | undefined {
  if (element.valueEnd - element.valueStart !== 4) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset + element.valueStart, 4).getUint32(0, !coding.bigEndian);
}

/**
 * The group lengths of `groups` that are wrong as they stand. They are restored as they were, where
 * right ones are computed.
 */
export function wrongGroupLengths(file: DicomFile, groups: ReadonlySet<number>): Element[] {
  return [...file.meta, ...file.elements].filter((element) => {
    const group = groupOf(element.tag);
    if (!isGroupLength(element.tag) || !groups.has(group)) return false;
    const [section, coding] =
      group === 2 ? [file.meta, EXPLICIT_LITTLE_ENDIAN] : [file.elements, file.transferSyntax.coding];
    return readGroupLength(file.bytes, element, coding) !== groupSize(section, group);
  });
}

/**
 * Checks that elements can be taken out and put back at their places, at the outermost level.
 * Throws `not-dicom`.
 */
export function checkOrder(file: DicomFile): void {
  const element = firstOutOfOrder(file.meta) ?? firstOutOfOrder(file.elements);
  if (element === undefined) return;
  throw new KeyAreaError(
    'not-dicom',
    `Element ${formatTag(element.tag)} is repeated or out of order, which DICOM forbids. Save the file again with a tool that corrects this.`,
  );
}
