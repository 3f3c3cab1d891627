import { KeyAreaError } from '../../engine/errors';
import type { Rectangle } from '../../engine/pixels/frame';
import { ascii, encodeElement, encodeShorts, encodeText } from './encode';
import { type DicomFile, findElement, textOf, unsignedShortsOf, valueBytes } from './reader';
import type { Edit } from './splice';
import { elementOf, groupOf, TAG, tagOf } from './tags';
import { decodeForCharacterSet, encodeForCharacterSet } from './text';

/** Private Creator of the block that marks a protected object (PS3.5, section 7.8.1). */
export const PRIVATE_CREATOR = 'KEY AREA PROTECTION 1';
/** The group the block is in. */
export const PRIVATE_GROUP = 0x0099;

/** Elements of the block, added to its number times 0x100. */
const VERSION_ELEMENT = 0x01;
const AREAS_ELEMENT = 0x02;
const NOTICE_ELEMENT = 0x03;
const LOSSES_ELEMENT = 0x04;

const FIRST_BLOCK = 0x10;
const LAST_BLOCK = 0xff;
/** Version of the block's elements. */
const VERSION = '1';
/** So many areas of four 16-bit numbers fit an explicit VR length field. */
const MAX_AREAS = 8191;

/** What a protected object's private block says. Restoring never needs it: pixels and key are enough. */
export interface ProtectionTags {
  readonly version: string;
  readonly coveredAreas: Rectangle[];
  readonly notice: string;
  /** What the file told of losses when it was protected, as `lossesOf` counts them; undefined where it does not say. */
  readonly losses: number | undefined;
}

/** Reads the private block, without looking at pixels; undefined where there is none. */
export function readProtectionTags(file: DicomFile): ProtectionTags | undefined {
  const block = findBlock(file);
  if (block === undefined) return undefined;
  const tag = (element: number) => tagOf(PRIVATE_GROUP, block * 0x100 + element);
  const numbers = unsignedShortsOf(file, tag(AREAS_ELEMENT));
  const notice = findElement(file, tag(NOTICE_ELEMENT));
  return {
    version: textOf(file, tag(VERSION_ELEMENT)) ?? '',
    coveredAreas: Array.from({ length: numbers.length >> 2 }, (_, index) => {
      const [x, y, width, height] = numbers.slice(4 * index);
      return { x, y, width, height };
    }),
    notice: notice
      ? decodeForCharacterSet(valueBytes(file, notice), textOf(file, TAG.SpecificCharacterSet) ?? '')
      : '',
    losses: unsignedShortsOf(file, tag(LOSSES_ELEMENT))[0],
  };
}

/** The number of the block reserved by our creator. */
function findBlock(file: DicomFile): number | undefined {
  const creator = file.elements.find(({ tag }) => isCreator(tag) && textOf(file, tag) === PRIVATE_CREATOR);
  return creator && elementOf(creator.tag);
}

const isCreator = (tag: number): boolean =>
  groupOf(tag) === PRIVATE_GROUP && elementOf(tag) >= FIRST_BLOCK && elementOf(tag) <= LAST_BLOCK;

/** Tags of the elements that `protectionTagEdits` writes: the first block that nobody uses. */
export function freeBlockTags(file: DicomFile): number[] {
  const used = new Set<number>();
  for (const { tag } of file.elements) {
    if (groupOf(tag) === PRIVATE_GROUP)
      used.add(elementOf(tag) >= 0x1000 ? elementOf(tag) >> 8 : elementOf(tag));
  }
  for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block++) {
    if (used.has(block)) continue;
    const elements = [VERSION_ELEMENT, AREAS_ELEMENT, NOTICE_ELEMENT, LOSSES_ELEMENT].map(
      (element) => block * 0x100 + element,
    );
    return [block, ...elements].map((element) => tagOf(PRIVATE_GROUP, element));
  }
  throw new KeyAreaError(
    'not-dicom',
    'Every private block of group 0099 is taken. Remove private elements first.',
  );
}

/**
 * Writes the private block at `tags`, which `freeBlockTags` chose. The notice of a job, 512 bytes at most, fits an LT
 * of 10,240 characters (PS3.5, table 6.2-1) whole.
 */
export function protectionTagEdits(
  file: DicomFile,
  tags: readonly number[],
  coveredAreas: readonly Rectangle[],
  notice: string,
  losses: number,
): Edit[] {
  const { coding } = file.transferSyntax;
  const characterSets = textOf(file, TAG.SpecificCharacterSet) ?? '';
  const [creator, version, areas, text, lossesTag] = tags;
  const corners = coveredAreas
    .slice(0, MAX_AREAS)
    .flatMap(({ x, y, width, height }) => [x, y, width, height]);
  const noticeBytes = encodeForCharacterSet(notice, characterSets);
  return [
    { tag: creator, bytes: encodeText(creator, 'LO', PRIVATE_CREATOR, coding) },
    { tag: version, bytes: encodeElement(version, 'LO', ascii(VERSION), coding) },
    { tag: areas, bytes: encodeElement(areas, 'US', encodeShorts(corners, coding), coding) },
    { tag: text, bytes: encodeElement(text, 'LT', noticeBytes, coding) },
    { tag: lossesTag, bytes: encodeElement(lossesTag, 'US', encodeShorts([losses], coding), coding) },
  ];
}

/**
 * Removes our block, wherever it is by now: at `tags` while our creator still holds them, otherwise
 * where that has moved to.
 */
export function protectionTagRemovals(file: DicomFile, tags: readonly number[]): Edit[] {
  const block =
    tags.length > 0 && textOf(file, tags[0]) === PRIVATE_CREATOR ? elementOf(tags[0]) : findBlock(file);
  if (block === undefined) return [];
  return file.elements
    .filter(
      ({ tag }) =>
        groupOf(tag) === PRIVATE_GROUP && (elementOf(tag) === block || elementOf(tag) >> 8 === block),
    )
    .map(({ tag }) => ({ tag, bytes: undefined }));
}
