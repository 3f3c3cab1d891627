import type { DicomFile } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import type { OpenedFrames } from '../frames';
import { deriveFrameTypes } from '../image/frameTypes';
import { type PixelLayout, storedValueRange } from '../image/pixels';
import { type FileRecord, tagOfOriginal } from './attachment';
import { alteredEdits, openReportEdits, paddingRemovals, pixelRangeEdits } from './derivation';

/**
 * What tells a restored file of which some frames did not come back from the original. They are as they were found, so
 * what is said of them has to be true of that:
 * - Image Type and Frame Type: they are derived still (PS3.3, C.8.16.1);
 * - Smallest and Largest Image Pixel Value: those that are there;
 * - no padding value where they may be noise;
 * - Burned In Annotation and Patient Identity Removed as for a report in clear, where there is one in their QR codes.
 */
export function lostFramesEdits(
  file: DicomFile,
  layout: PixelLayout,
  record: FileRecord,
  { pixels, frames, lostFrames }: OpenedFrames,
): Edit[] {
  const { edits: frameTypes, imageType } = deriveFrameTypes(file, new Set(lostFrames));
  const all = frames.length + lostFrames.length;
  const why = `Key area restored exactly in ${frames.length} of ${all} frames; the others were damaged since it was hidden.`;
  return [
    ...alteredEdits(file, { imageType, suffix: 'restored, incomplete', why }),
    ...frameTypes,
    ...pixelRangeEdits(file, undefined, storedValueRange(pixels, layout)),
    ...(frames.some(({ scrambled }) => scrambled) ? paddingRemovals(file) : []),
    ...(wasSet(record, TAG.BurnedInAnnotation) ? openReportEdits(file) : []),
  ];
}

/** True where protecting set an attribute of the outermost level. */
const wasSet = (record: FileRecord, wanted: number): boolean =>
  record.inserted.includes(wanted) ||
  record.originals.some(
    (original) => original.path.length === 0 && tagOfOriginal(record, original) === wanted,
  );
