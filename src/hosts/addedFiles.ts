import type { NewFile, NewSeries } from '../viewer/port';
import { type AddedImage, changedAttributes, changesOf } from './addedImage';
import { type Attributes, framesOf } from './attributes';

/** A file that is in memory only. */
export interface AddedFile {
  readonly blob: Blob;
  readonly url: string;
  /** As they are in the file; the viewer may list it under others. */
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly displayedSeriesUID: string;
}

/** An image of the series that files were made from. */
export interface SourceImage {
  /** Cornerstone's image id. */
  readonly id: string;
  readonly fileId: string;
  /** In its file, from 1. */
  readonly frame: number;
  readonly instance: Attributes;
}

/** The files of a new series: each behind a blob URL that Cornerstone loads images from. */
export interface AddedFiles {
  readonly kind: NewSeries['kind'];
  readonly sourceId: string | undefined;
  /** By SOP Instance UID as displayed. */
  readonly files: Map<string, AddedFile>;
  /** By image id, in the order displayed. */
  readonly images: Map<string, AddedImage>;
  /** What the viewer is to list, one for each file, with the id of its first image. */
  readonly objects: readonly { readonly attributes: Attributes; readonly imageId: string }[];
}

/**
 * Keeps the files of a new series in memory. A protected series is listed under its own identifiers unless they are
 * taken, any other under new ones: the original may be in the same study.
 *
 * @param firstFrame how the viewer's image loader counts frames: from 0 or from 1
 */
export function keepFiles(
  series: NewSeries,
  sourceImages: readonly SourceImage[],
  firstFrame: 0 | 1,
): AddedFiles {
  const displayOnlySeriesUID = randomUID();
  const files = new Map<string, AddedFile>();
  const images = new Map<string, AddedImage>();
  const objects = series.files.map((file) => {
    const uids =
      series.kind === 'protected' && !series.besidesListed
        ? { series: file.seriesInstanceUID, instance: file.sopInstanceUID }
        : { series: displayOnlySeriesUID, instance: randomUID() };
    const changes = changesOf(file, series, uids);
    const added = keepFile(file, uids.series);
    files.set(uids.instance, added);
    const frames = sourceImages.filter((image) => image.fileId === file.sourceFileId);
    const count = frames.length || framesOf(file.attributes);
    const ids = Array.from({ length: count }, (_, index) => {
      const frame = (frames[index]?.frame ?? index + 1) - 1 + firstFrame;
      return `wadouri:${added.url}${count > 1 ? `?frame=${frame}` : ''}`;
    });
    ids.forEach((imageId, index) => {
      const sourceImageId = frames[index]?.id;
      images.set(imageId, { kind: series.kind, sourceImageId, attributes: file.attributes, changes });
    });
    const source = frames[0]?.instance ?? (file.attributes as unknown as Attributes);
    return { attributes: changedAttributes(source, changes), imageId: ids[0]! };
  });
  return { kind: series.kind, sourceId: series.sourceId, files, images, objects };
}

function keepFile(file: NewFile, displayedSeriesUID: string): AddedFile {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, content: blob } = file;
  const url = URL.createObjectURL(blob);
  return { blob, url, studyInstanceUID, seriesInstanceUID, sopInstanceUID, displayedSeriesUID };
}

/** 2.25 and a random 128-bit number (PS3.5, annex B.2). */
function randomUID(): string {
  const hexadecimal = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return `2.25.${BigInt(`0x${hexadecimal}`)}`;
}
