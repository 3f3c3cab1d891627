import { concatBytes } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import type { Frame } from '../../engine/pixels/frame';
import { type Element, hasLongLength } from '../dataset/elements';
import { encodeElement, encodeShorts, encodeText } from '../dataset/encode';
import { type DicomFile, findElement, readFile, textOf, valueBytes } from '../dataset/reader';
import { type Edit, splice, withLength } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import { pixelShape } from './pixelShape';
import { frameCells, locateFrames, type PixelLayout, writeCells } from './pixels';

/**
 * Native YBR_FULL_422 (PS3.3, C.7.6.3.1.2): two neighbouring pixels share their chroma, and are stored as
 * Y1, Y2, Cb, Cr. They are protected as YBR_FULL, each with the chroma of both, and narrowed again when
 * they are restored.
 */
const SUBSAMPLED = 'YBR_FULL_422';
const WIDENED = 'YBR_FULL';
/** Samples of a pixel, on average. */
const STORED_SAMPLES = 2;

/** The elements that widening changes. */
export const WIDENED_TAGS: readonly number[] = [TAG.PhotometricInterpretation, TAG.PixelData];

/** True where a Photometric Interpretation is that of shared chroma. */
export const isSubsampled = (photometric: string | undefined): boolean => photometric === SUBSAMPLED;

const refuse = (message: string): KeyAreaError => new KeyAreaError('unsupported-pixels', message);

/**
 * Gives each pixel of a native file in YBR_FULL_422 samples of its own: the same picture in YBR_FULL, in
 * the same transfer syntax. Any other file is given back as it is.
 *
 * Throws `unsupported-pixels` and `truncated`.
 */
export function widenChroma(file: DicomFile): DicomFile {
  if (!isSubsampled(textOf(file, TAG.PhotometricInterpretation))) return file;
  const shape = pixelShape(file, WIDENED);
  // PS3.3, C.7.6.3.1.2, and what C.7.6.3 says of Columns.
  if (shape.planar) throw refuse(`${SUBSAMPLED} with Planar Configuration 1 is not known; 0 it should be.`);
  if (shape.width % 2 !== 0) {
    throw refuse(
      `Columns ${shape.width} is odd, which ${SUBSAMPLED} does not allow. Get the file again from its source.`,
    );
  }
  const stored = { ...shape, ...locateFrames(file, shape, STORED_SAMPLES) };
  const wide = { ...stored, start: 0, frameLength: (stored.frameLength / STORED_SAMPLES) * 3 };
  const element = findElement(file, TAG.PixelData) as Element;
  if (valueBytes(file, element).length >= wide.frameLength * wide.frames) {
    throw refuse(
      `The pixel data are as long as those of ${WIDENED} although the file says ${SUBSAMPLED}: which they are is not known. Correct its Photometric Interpretation (0028,0004) first.`,
    );
  }
  if (!hasRoomForLength(file, element)) {
    throw refuse('The pixel data have a value representation that pixel data cannot have; OB and OW are.');
  }
  const { PhotometricInterpretation } = TAG;
  const { coding } = file.transferSyntax;
  const bytes = encodeText(PhotometricInterpretation, 'CS', WIDENED, coding);
  return readFile(
    splice(file, [{ tag: PhotometricInterpretation, bytes }, mapFrames(file, stored, wide, widen)]),
  );
}

/**
 * Undoes {@link widenChroma}, Photometric Interpretation aside; undefined where two pixels that should
 * share their chroma do not, or where no widened file is like this one.
 */
export function narrowChroma(file: DicomFile, layout: PixelLayout): Edit[] | undefined {
  const element = findElement(file, TAG.PixelData) as Element;
  if (!layout.ybr || layout.width % 2 !== 0 || !hasRoomForLength(file, element)) return undefined;
  for (let number = 1; number <= layout.frames; number++) {
    if (!sharesChroma(frameCells(file.bytes, layout, number))) return undefined;
  }
  const frameLength = (layout.frameLength / 3) * STORED_SAMPLES;
  const edits = [mapFrames(file, layout, { ...layout, start: 0, planar: false, frameLength }, narrow)];
  if (!layout.planar) return edits;
  const { coding } = file.transferSyntax;
  const bytes = encodeElement(TAG.PlanarConfiguration, 'US', encodeShorts([0], coding), coding);
  return [...edits, { tag: TAG.PlanarConfiguration, bytes }];
}

/** True where the length of the pixel data has 32 bits, as it should. */
const hasRoomForLength = ({ transferSyntax: { coding } }: DicomFile, { vr = '' }: Element): boolean =>
  !coding.explicit || hasLongLength(vr);

/** The pixel data with the cells of every frame mapped; header and what lies after the frames are kept. */
function mapFrames(
  file: DicomFile,
  from: PixelLayout,
  to: PixelLayout,
  map: (cells: Frame['samples']) => Frame['samples'],
): Edit {
  const element = findElement(file, TAG.PixelData) as Element;
  const frames = new Uint8Array(to.frameLength * to.frames);
  for (let number = 1; number <= from.frames; number++) {
    writeCells(frames, to, number, map(frameCells(file.bytes, from, number)));
  }
  const rest = valueBytes(file, element).subarray(from.frameLength * from.frames);
  const header = file.bytes.subarray(element.start, element.valueStart);
  const value = concatBytes([frames, rest]);
  const { coding } = file.transferSyntax;
  return { tag: TAG.PixelData, bytes: withLength(header, value, new Uint8Array(), false, coding) };
}

/** Y1, Y2, Cb, Cr as Y1, Cb, Cr, Y2, Cb, Cr. */
function widen(cells: Frame['samples']): Frame['samples'] {
  const wide = emptyLike(cells, (cells.length / STORED_SAMPLES) * 3);
  for (let from = 0, to = 0; from < cells.length; from += 4, to += 6) {
    wide[to] = cells[from];
    wide[to + 3] = cells[from + 1];
    wide[to + 1] = wide[to + 4] = cells[from + 2];
    wide[to + 2] = wide[to + 5] = cells[from + 3];
  }
  return wide;
}

/** Undoes {@link widen}. */
function narrow(cells: Frame['samples']): Frame['samples'] {
  const narrowed = emptyLike(cells, (cells.length / 3) * STORED_SAMPLES);
  for (let from = 0, to = 0; from < cells.length; from += 6, to += 4) {
    narrowed[to] = cells[from];
    narrowed[to + 1] = cells[from + 3];
    narrowed[to + 2] = cells[from + 1];
    narrowed[to + 3] = cells[from + 2];
  }
  return narrowed;
}

function sharesChroma(cells: Frame['samples']): boolean {
  for (let at = 0; at < cells.length; at += 6) {
    if (cells[at + 1] !== cells[at + 4] || cells[at + 2] !== cells[at + 5]) return false;
  }
  return true;
}

const emptyLike = (cells: Frame['samples'], length: number): Frame['samples'] =>
  cells instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
