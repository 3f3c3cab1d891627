import { KeyAreaError } from '../../engine/errors';
import type { Element } from '../dataset/elements';
import { isOrdered } from '../dataset/levels';
import { followPath, type Located, type Sequence, visitElements } from '../dataset/nested';
import { type DicomFile, textOf } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { elementOf, formatTag, groupOf, isPixelData, isRetiredPixelData, TAG, tagOf } from '../dataset/tags';
import type { OverlayBits } from '../image/overlays';

/**
 * Other pictures of the key area that a file may hold beside its pixels: they are taken out, and carried
 * with the key area. Overlays, which are cleared over the key area alone, are handled by themselves.
 */
export interface Leaks {
  /** What shows, or may well show, the key area, with the paths to it. */
  readonly pictures: readonly Located[];
  /** Some private element is large enough for a picture, and nothing tells what it holds. */
  readonly unknownPrivateData: boolean;
}

/**
 * Finds, at any level of the data set:
 * - icons (PS3.3, C.7.6.1.1.6), and every other sequence with pixel data in an item of its own, private
 *   ones included;
 * - pixel data in elements that are retired;
 * - private elements that begin like a picture file.
 */
export function findLeaks(file: DicomFile): Leaks {
  const pictures: Located[] = [];
  let unknownPrivateData = false;
  visitElements(file, (located, sequence) => {
    const { element, path } = located;
    if (path.length === 0 && isPixelData(element.tag)) return false;
    const isPicture =
      element.tag === TAG.IconImageSequence ||
      isRetiredPixelData(element.tag) ||
      (sequence !== undefined && holdsPixels(sequence)) ||
      (isPrivate(element) && beginsLikePicture(file.bytes, element));
    if (isPicture) pictures.push(located);
    else unknownPrivateData ||= isUnknownData(file, located, sequence);
    return !isPicture;
  });
  return { pictures, unknownPrivateData };
}

/**
 * The edits that take the pictures out, so that each can be put back at its place: where that is not
 * certain inside a sequence, because its elements are out of order or it is coded in another way than
 * the file, the whole sequence goes.
 */
export function removalsOf(file: DicomFile, pictures: readonly Located[]): Edit[] {
  const removals = new Map<string, Edit>();
  for (const { path, element } of pictures) {
    const depth = path.findIndex((_, level) => {
      const place = followPath(file, path.slice(0, level + 1));
      return place === undefined || place.coding !== file.transferSyntax.coding || !isOrdered(place.elements);
    });
    const lifted = depth < 0 ? path : path.slice(0, depth);
    const tag = depth < 0 ? element.tag : path[depth].sequence;
    removals.set(JSON.stringify([lifted, tag]), { tag, bytes: undefined, path: lifted });
  }
  return [...removals.values()];
}

/** What has to fit besides the key area: the element of the data set that it lies in, and its bytes. */
export interface HiddenPicture {
  readonly tag: number;
  readonly length: number;
}

/** The pictures of a file, and what its overlays show over the key area: one for each element, the longest first. */
export function hiddenPictures(
  pictures: readonly Located[],
  overlays: readonly OverlayBits[],
): HiddenPicture[] {
  const lengths = new Map<number, number>();
  const add = (tag: number, length: number) => lengths.set(tag, (lengths.get(tag) ?? 0) + length);
  for (const { path, element } of pictures)
    add(path[0]?.sequence ?? element.tag, element.end - element.start);
  for (const { tag, bits } of overlays) add(tag, bits.length);
  return [...lengths].map(([tag, length]) => ({ tag, length })).sort((a, b) => b.length - a.length);
}

/** So many tags are enough to know what they are. */
const NAMED_TAGS = 10;

/** The error, and of one that tells of too little room which pictures have to fit besides the key area. */
export function namingPictures(error: unknown, pictures: readonly HiddenPicture[]): unknown {
  if (!(error instanceof KeyAreaError && error.code === 'no-room') || pictures.length === 0) return error;
  const others = pictures.length > NAMED_TAGS ? ` and ${pictures.length - NAMED_TAGS} more` : '';
  const named = pictures
    .slice(0, NAMED_TAGS)
    .map(({ tag, length }) => `${length} bytes in ${formatTag(tag)}`)
    .join(', ');
  return new KeyAreaError(
    'no-room',
    `${error.message} Other pictures and overlays in the file have to be hidden too, ${named}${others}: where they are not needed, remove them first.`,
    { cause: error },
  );
}

const holdsPixels = ({ items }: Sequence): boolean =>
  items.some(({ elements }) => elements.some(({ tag }) => isPixelData(tag)));

const isPrivate = ({ tag }: Element): boolean => groupOf(tag) % 2 === 1;

/** How files of JPEG, PNG, GIF, TIFF, JPEG 2000 and its codestream begin. */
const SIGNATURES = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x47, 0x49, 0x46, 0x38],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50],
  [0xff, 0x4f, 0xff, 0x51],
];

function beginsLikePicture(bytes: Uint8Array, { valueStart, valueEnd }: Element): boolean {
  const value = bytes.subarray(valueStart, valueEnd);
  const begins = (signature: readonly number[]) => signature.every((byte, index) => value[index] === byte);
  return SIGNATURES.some(begins) || (begins(BITMAP) && isAsLongAsItSays(value));
}

/** How a BMP file begins: little enough for other data to begin so too. */
const BITMAP = [0x42, 0x4d];
/** The shortest file header and the shortest header of a bitmap. */
const BITMAP_HEADERS = 26;

/** True where the length that a BMP file has in its bytes 2 to 5 is that of the value, padded or not. */
function isAsLongAsItSays(value: Uint8Array): boolean {
  if (value.length < BITMAP_HEADERS) return false;
  const length = new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(2, true);
  return length === value.length || length + (length % 2) === value.length;
}

/** So many bytes are a picture of 64 x 64 pixels. */
const SMALLEST_PICTURE = 4096;
/** Private blocks of long elements that are known to describe an acquisition in words and numbers. */
const HARMLESS = /^SIEMENS (CSA|MEDCOM) HEADER/;

/** Whatever its representation: pictures lie in arrays of numbers, and as base64 in text, too. */
function isUnknownData(file: DicomFile, { element, path }: Located, sequence: Sequence | undefined): boolean {
  const { tag, valueStart, valueEnd } = element;
  if (!isPrivate(element) || sequence !== undefined) return false;
  if (valueEnd - valueStart < SMALLEST_PICTURE) return false;
  const creator = path.length === 0 ? textOf(file, tagOf(groupOf(tag), elementOf(tag) >> 8)) : undefined;
  return creator === undefined || !HARMLESS.test(creator);
}
