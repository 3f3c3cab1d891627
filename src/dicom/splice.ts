import { concatBytes } from '../engine/bytes';
import { KeyAreaError } from '../engine/errors';
import type { Element } from './elements';
import { encodeElement, encodeShorts } from './encode';
import { type DicomFile, valueBytes } from './reader';
import { formatTag, groupOf, isGroupLength, tagOf } from './tags';
import { type Coding, EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';

/** A change to one element: its new bytes, header included, in its section's coding; or its removal. */
export interface Edit {
  readonly tag: number;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Writes a file with some of its elements replaced, inserted (in tag order) or removed, in the meta
 * information and at the outermost level of the data set. Every other byte is copied as it is:
 * preamble, private elements, lengths of either form, paddings, bytes after the data set.
 *
 * Group lengths that were right before and would be wrong now are corrected, (0002,0000) and the
 * retired ones alike (PS3.5, section 7.2); those that were wrong before are left alone.
 */
export function splice(file: DicomFile, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  const metaEdits = edits.filter(({ tag }) => groupOf(tag) === 2);
  const dataSetEdits = edits.filter(({ tag }) => groupOf(tag) !== 2);
  const { bytes, meta, elements, dataSetStart, transferSyntax } = file;
  const metaStart = meta[0].start;
  return concatBytes([
    bytes.subarray(0, metaStart),
    ...spliceSection(file, meta, metaEdits, EXPLICIT_LITTLE_ENDIAN),
    ...(transferSyntax.deflated
      ? [bytes.subarray(dataSetStart, file.dataSetEnd)]
      : spliceSection(file, elements, dataSetEdits, transferSyntax.coding)),
    bytes.subarray(file.dataSetEnd),
  ]);
}

function spliceSection(
  file: DicomFile,
  elements: readonly Element[],
  edits: readonly Edit[],
  coding: Coding,
): Uint8Array[] {
  const all = [...edits, ...groupLengthEdits(file, elements, edits, coding)];
  const waiting = all.sort((a, b) => a.tag - b.tag);
  const present = new Set(elements.map(({ tag }) => tag));
  const replacements = new Map(waiting.filter(({ tag }) => present.has(tag)).map((edit) => [edit.tag, edit]));
  const insertions = waiting.filter(({ tag, bytes }) => !present.has(tag) && bytes !== undefined);
  const chunks: Uint8Array[] = [];
  for (const element of elements) {
    while (insertions.length > 0 && insertions[0].tag < element.tag) {
      chunks.push(insertions.shift()?.bytes as Uint8Array);
    }
    const edit = replacements.get(element.tag);
    if (edit === undefined) chunks.push(file.bytes.subarray(element.start, element.end));
    else if (edit.bytes !== undefined) chunks.push(edit.bytes);
  }
  for (const { bytes } of insertions) chunks.push(bytes as Uint8Array);
  return chunks;
}

/** The corrections that `edits` make necessary. */
function groupLengthEdits(
  file: DicomFile,
  elements: readonly Element[],
  edits: readonly Edit[],
  coding: Coding,
): Edit[] {
  const corrections: Edit[] = [];
  for (const group of new Set(edits.map(({ tag }) => groupOf(tag)))) {
    const tag = tagOf(group, 0);
    const element = elements.find((candidate) => candidate.tag === tag);
    if (element === undefined || edits.some((edit) => edit.tag === tag)) continue;
    const before = groupSize(elements, group);
    if (readGroupLength(file, element, coding) !== before) continue;
    const changes = edits.filter((edit) => groupOf(edit.tag) === group);
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
  const element = elements.find(({ tag }) => tag === edit.tag);
  return (edit.bytes?.length ?? 0) - (element ? element.end - element.start : 0);
}

/** Bytes of a group after its group length. */
function groupSize(elements: readonly Element[], group: number): number {
  let size = 0;
  for (const { tag, start, end } of elements) {
    if (groupOf(tag) === group && !isGroupLength(tag)) size += end - start;
  }
  return size;
}

function readGroupLength(file: DicomFile, element: Element, coding: Coding): number | undefined {
  const value = valueBytes(file, element);
  if (value.length !== 4) return undefined;
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0, !coding.bigEndian);
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
    return readGroupLength(file, element, coding) !== groupSize(section, group);
  });
}

/**
 * Checks that elements can be taken out and put back at their places: each tag once, in ascending
 * order (PS3.5, section 7.1). Throws `not-dicom`.
 */
export function checkOrder(file: DicomFile): void {
  for (const section of [file.meta, file.elements]) {
    for (let index = 1; index < section.length; index++) {
      const { tag } = section[index];
      if (tag <= section[index - 1].tag) {
        throw new KeyAreaError(
          'not-dicom',
          `Element ${formatTag(tag)} is repeated or out of order, which DICOM forbids. Save the file again with a tool that corrects this.`,
        );
      }
    }
  }
}
