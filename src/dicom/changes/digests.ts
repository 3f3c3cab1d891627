import { type ByteReader, ByteWriter, concatBytes } from '../../engine/bytes';
import { sha256 } from '../../engine/keys/platform';
import type { Element } from '../dataset/elements';
import { MAX_DEPTH, readSequence } from '../dataset/nested';
import type { DicomFile } from '../dataset/reader';
import { swapBytes } from '../dataset/swapBytes';
import { formatTag, groupOf, isGroupLength, isPixelData, tagOf } from '../dataset/tags';
import type { Coding } from '../dataset/transferSyntaxes';

/**
 * A short hash of what an element holds, whatever its coding: it tells whether the element was changed,
 * not merely written in another way. Of a private group there is one for all its elements, under the tag
 * of its group length.
 */
export interface Digest {
  readonly tag: number;
  /** 16 bits. A change goes unnoticed once in 65,536 times. */
  readonly hash: number;
}

/**
 * The digests of a data set, its pixel data and group lengths left out, in tag order. Nobody who does
 * not know `secret` can choose a change of what an element says that goes unnoticed.
 */
export async function digestsOf(file: DicomFile, secret: Uint8Array): Promise<Digest[]> {
  const contents = new Map<number, Uint8Array[]>();
  for (const element of file.elements) {
    if (isGroupLength(element.tag) || isPixelData(element.tag)) continue;
    const tag = groupOf(element.tag) % 2 ? tagOf(groupOf(element.tag), 0) : element.tag;
    const content = contents.get(tag) ?? [];
    writeElement(content, file.bytes, element, file.transferSyntax.coding);
    contents.set(tag, content);
  }
  return Promise.all(
    [...contents].map(async ([tag, content]) => {
      const [high, low] = await sha256(concatBytes([secret, ...content]));
      return { tag, hash: high * 0x100 + low };
    }),
  );
}

/**
 * An element without what depends on its coding: tag and length of the value, 32 bits each, and the
 * value in little-endian order without padding at its end; of a sequence the number of its items, and of
 * each the number of elements and the elements. What is nested deeper than any real object is a value.
 */
function writeElement(
  chunks: Uint8Array[],
  bytes: Uint8Array,
  element: Element,
  coding: Coding,
  depth = 0,
): void {
  const number = (value: number): void => void chunks.push(new ByteWriter(4).uint32(value).finish());
  number(element.tag);
  const sequence = depth < MAX_DEPTH ? readSequence(bytes, element, coding) : undefined;
  if (sequence === undefined) {
    const value = bytes.subarray(element.valueStart, element.valueEnd);
    const inOrder = coding.bigEndian ? swapBytes(value, element.vr ?? 'UN') : value;
    const content = withoutPadding(inOrder);
    number(content.length);
    chunks.push(content);
    return;
  }
  number(sequence.items.length);
  for (const { elements } of sequence.items) {
    const members = elements.filter(({ tag }) => !isGroupLength(tag));
    number(members.length);
    for (const member of members) writeElement(chunks, bytes, member, sequence.coding, depth + 1);
  }
}

const SPACE = 0x20;
/** Control characters that text may hold: TAB, LF, FF, CR and ESC (PS3.5, section 6.1.3). */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0c, 0x0d, 0x1b];

/** A UID with the NUL that makes its length even. */
const PADDED_UID = /^[0-9]+(\.[0-9]+)+\0$/;
const LONGEST_PADDED_UID = 64;

/**
 * Text without spaces at its end, and a UID without its NUL. What holds anything else than text, as nearly all
 * numbers do, has no padding: it counts to its last byte.
 */
function withoutPadding(value: Uint8Array): Uint8Array {
  if (value.length <= LONGEST_PADDED_UID && PADDED_UID.test(String.fromCharCode(...value)))
    return value.subarray(0, -1);
  if (!value.every((byte) => byte >= SPACE || TEXT_CONTROLS.includes(byte))) return value;
  let end = value.length;
  while (end > 0 && value[end - 1] === SPACE) end--;
  return value.subarray(0, end);
}

/** The tags, in order, of what differs between two lists of digests. */
export function differingTags(before: readonly Digest[], after: readonly Digest[]): number[] {
  const hashes = new Map(before.map(({ tag, hash }) => [tag, hash]));
  const differing = new Set(hashes.keys());
  for (const { tag, hash } of after) {
    if (hashes.get(tag) === hash) differing.delete(tag);
    else differing.add(tag);
  }
  return [...differing].sort((a, b) => a - b);
}

/** The tag of a digest in words: `(0010,0010)`; of a private group `(0019,xxxx)`. */
export const formatDigestTag = (tag: number): string =>
  isGroupLength(tag) ? formatTag(tag).replace(/....\)$/, 'xxxx)') : formatTag(tag);

/** A step to another group, or too far for one byte. */
const WHOLE_TAG = 0;
const LONGEST_STEP = 0xff;

/**
 * Writes digests: their number (2 bytes); of each the step from the tag before it where that is 1 to 255
 * in the same group (1 byte), else 0 and the tag (4 bytes); then all hashes (2 bytes each).
 */
export function encodeDigests(writer: ByteWriter, digests: readonly Digest[]): void {
  writer.uint16(digests.length);
  let previous = 0;
  for (const { tag } of digests) {
    const step = tag - previous;
    if (groupOf(tag) === groupOf(previous) && step > 0 && step <= LONGEST_STEP) writer.uint8(step);
    else writer.uint8(WHOLE_TAG).uint32(tag);
    previous = tag;
  }
  for (const { hash } of digests) writer.uint16(hash);
}

/** Reads what {@link encodeDigests} wrote. Throws `RangeError`. */
export function decodeDigests(reader: ByteReader): Digest[] {
  let previous = 0;
  const tags = Array.from({ length: reader.uint16() }, () => {
    const step = reader.uint8();
    previous = step === WHOLE_TAG ? reader.uint32() : previous + step;
    return previous;
  });
  return tags.map((tag) => ({ tag, hash: reader.uint16() }));
}
