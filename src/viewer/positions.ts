import type { ViewerFile, ViewerImage } from './port';

/** Where images are in a series, counted from 1, by its files in their order. */

/** An image by its file. */
type ImageOfFile = Pick<ViewerImage, 'fileId' | 'frame'>;

/** The image at a position; undefined where the files have no more. */
export function imageAt(files: readonly ViewerFile[], position: number): ImageOfFile | undefined {
  let frame = position;
  for (const { id, frames } of files) {
    if (frame <= frames) return { fileId: id, frame };
    frame -= frames;
  }
  return undefined;
}

/** The position of an image; undefined where its file is not among these. */
export function positionOf(files: readonly ViewerFile[], { fileId, frame }: ImageOfFile): number | undefined {
  const index = files.findIndex(({ id }) => id === fileId);
  return index < 0 ? undefined : files.slice(0, index).reduce((sum, { frames }) => sum + frames, frame);
}
