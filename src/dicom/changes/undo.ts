import { equalBytes } from '../../engine/bytes';
import { sha256 } from '../../engine/keys/platform';
import { ElementReader } from '../dataset/elements';
import { encodeText } from '../dataset/encode';
import { followPath, type Path } from '../dataset/nested';
import { PRIVATE_GROUP, protectionTagRemovals } from '../dataset/privateBlock';
import { type DicomFile, textIn, textOf, unsignedShortsOf } from '../dataset/reader';
import { recodeElement } from '../dataset/recode';
import type { Edit } from '../dataset/splice';
import { groupOf, isGroupLength, TAG } from '../dataset/tags';
import { EXPLICIT_LITTLE_ENDIAN } from '../dataset/transferSyntaxes';
import { deriveUid, toHex, type UidBits, uidOf } from '../dataset/uids';
import type { OpenedFrames } from '../frames';
import { isSubsampled, narrowChroma } from '../image/chroma';
import { returnOverlayBits } from '../image/overlays';
import { type PixelLayout, storedValueRange } from '../image/pixels';
import { keepsWindow, WINDOW_TAGS } from '../image/window';
import { codingOfOriginal, type FileRecord, isMetaElement, type Original, tagOfOriginal } from './attachment';
import { bytesAt, pathOfRepeat } from './changes';
import { CONCATENATION_TAGS } from './derivation';

/** What makes the original's elements of a protected file's. */
export interface Undoing {
  readonly edits: readonly Edit[];
  /** Tags that keep what protecting made of them, as the pixels do that they tell of. */
  readonly kept: readonly number[];
}

/**
 * The edits that make the original's elements of a protected file's: what protecting inserted goes, what
 * it replaced or took out comes back.
 *
 * What protecting left alone is not touched: so the window and the extremes of the pixel values, which
 * it changes in some images only, keep what others made of them where it did not.
 */
export function undoEdits(
  file: DicomFile,
  record: FileRecord,
  layout: PixelLayout,
  { pixels, lostFrames }: OpenedFrames,
): Undoing {
  const privateTags = record.inserted.filter((tag) => groupOf(tag) === PRIVATE_GROUP);
  const inserted = record.inserted.filter((tag) => groupOf(tag) !== PRIVATE_GROUP);
  const originals = record.originals.flatMap((original) => originalEdits(file, record, original));
  // Without some of the original frames nobody can tell what protecting them did.
  const untouched =
    lostFrames.length > 0 ? new Set<number>() : untouchedTags(file, layout, originals, pixels);
  const photometric = textOfOriginal(file, originals, TAG.PhotometricInterpretation);
  const narrowed = isSubsampled(photometric) ? narrowChroma({ ...file, bytes: pixels }, layout) : [];
  // Altered pixels may share their chroma no longer: they stay as they are, and so does what says so.
  const kept = narrowed === undefined ? [TAG.PhotometricInterpretation] : [];
  for (const tag of kept) untouched.add(tag);
  const edits = [
    ...inserted.map((tag) => ({ tag, bytes: undefined })),
    ...protectionTagRemovals(file, privateTags),
    ...originals.filter(({ tag, path }) => path?.length !== 0 || !untouched.has(tag)),
    ...(narrowed ?? []),
    ...returnOverlayBits(file, record.overlays),
  ];
  return { edits, kept };
}

/** An original element at each of its places, coded as what lies around it there. */
function originalEdits(file: DicomFile, record: FileRecord, original: Original): Edit[] {
  const { path, repeat, bytes } = original;
  const from = codingOfOriginal(record, original);
  const tag = tagOfOriginal(record, original);
  const isMeta = isMetaElement(original);
  const [representation] = unsignedShortsOf(file, TAG.PixelRepresentation);
  return Array.from({ length: repeat }, (_, index): Path => pathOfRepeat(path, index)).flatMap((place) => {
    const to = isMeta ? from : followPath(file, place)?.coding;
    // A wrong group length is worth keeping only in the very file that had it.
    if (to === undefined || (isGroupLength(tag) && from.explicit !== to.explicit)) return [];
    return [{ tag, bytes: recodeElement(bytes, from, to, representation === 1), path: place }];
  });
}

/** Tags that protecting may change and that, by the pixels before and after, it did not change here. */
function untouchedTags(
  file: DicomFile,
  layout: PixelLayout,
  originals: readonly Edit[],
  pixels: Uint8Array,
): Set<number> {
  const untouched = new Set<number>();
  const doubtful = originals.filter(
    (edit) => DOUBTFUL.has(edit.tag) && edit.path?.length === 0 && !isThere(file, edit),
  );
  if (doubtful.length === 0) return untouched;
  const before = storedValueRange(pixels, layout);
  const after = storedValueRange(file.bytes, layout);
  if (before.minimum === after.minimum) untouched.add(TAG.SmallestImagePixelValue);
  if (before.maximum === after.maximum) untouched.add(TAG.LargestImagePixelValue);
  const [center, width, voiLutFunction] = [TAG.WindowCenter, TAG.WindowWidth, TAG.VOILUTFunction].map((tag) =>
    textOfOriginal(file, originals, tag),
  );
  if (keepsWindow(file, { center, width, voiLutFunction }, before, after)) {
    for (const tag of WINDOW_TAGS) untouched.add(tag);
  }
  return untouched;
}

/** Undefined where no such element of the outermost level comes back, and where it is empty. */
function textOfOriginal(file: DicomFile, originals: readonly Edit[], tag: number): string | undefined {
  const bytes = originals.find((edit) => edit.tag === tag && edit.path?.length === 0)?.bytes;
  const { coding } = file.transferSyntax;
  return bytes && textIn(bytes, new ElementReader(bytes, 0, bytes.length, coding).next());
}

const DOUBTFUL: ReadonlySet<number> = new Set([
  TAG.SmallestImagePixelValue,
  TAG.LargestImagePixelValue,
  ...WINDOW_TAGS,
]);

function isThere(file: DicomFile, edit: Edit): boolean {
  const present = bytesAt(file, edit);
  return present !== undefined && edit.bytes !== undefined && equalBytes(present, edit.bytes);
}

/** True where the file has the UIDs still that protecting gave it. */
export const hasOwnUids = (file: DicomFile, record: FileRecord, object: UidBits | undefined): boolean =>
  object !== undefined &&
  textOf(file, TAG.SOPInstanceUID) === uidOf(object) &&
  textOf(file, TAG.SeriesInstanceUID) === uidOf(record.series);

/**
 * The UIDs of a restored file that cannot have the original's: of a copy that others gave new UIDs, or
 * of which other pixels were altered. It keeps neither those it has, which stand for the protected
 * pixels: they are derived from them, for the object from the restored bytes too, and so are the same
 * whenever the same file is restored. UIDs that are missing stay away.
 */
export async function derivedUidEdits(file: DicomFile, { pixels, first }: OpenedFrames): Promise<Edit[]> {
  const { jobId } = first.summary;
  const edits: Edit[] = [];
  const add = (tag: number, bits: UidBits, coding = file.transferSyntax.coding): void => {
    if (bytesAt(file, { tag })) edits.push({ tag, bytes: encodeText(tag, 'UI', uidOf(bits), coding) });
  };
  const content = `${textOf(file, TAG.SOPInstanceUID) ?? ''} ${toHex(await sha256(pixels))}`;
  const object = await deriveUid('SOP Instance UID', content, jobId);
  add(TAG.SOPInstanceUID, object);
  add(TAG.MediaStorageSOPInstanceUID, object, EXPLICIT_LITTLE_ENDIAN);
  const series = textOf(file, TAG.SeriesInstanceUID) ?? '';
  add(TAG.SeriesInstanceUID, await deriveUid('Series Instance UID', series, jobId));
  return edits;
}

/** What the original alone has of these: a restored copy has UIDs of its own, and is no part of its concatenation. */
export const IDENTITY_TAGS: ReadonlySet<number> = new Set([
  TAG.SOPInstanceUID,
  TAG.MediaStorageSOPInstanceUID,
  TAG.SeriesInstanceUID,
  ...CONCATENATION_TAGS,
]);
