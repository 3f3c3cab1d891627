import { framesOf } from '../hosts/attributes';
import type { ViewerFile, ViewerImage } from '../viewer/port';
import type { DataSource, DisplaySet, Instance, Services } from './host';

/** One image of a display set: its object, its frame there, and the id Cornerstone knows it by. */
export interface DisplayedImage extends ViewerImage {
  readonly instance: Instance;
}

/** The objects of a display set in the order displayed; none where it has no images. */
export const filesOf = (displaySet: DisplaySet): ViewerFile[] =>
  (displaySet.images ?? []).map((instance) => ({ id: instance.SOPInstanceUID, frames: framesOf(instance) }));

/**
 * The images of a display set in the order displayed. A series that this extension added lists its own
 * image ids in Cornerstone's cache service; all others are asked of the data source, as OHIF does.
 */
export function imagesOf(displaySet: DisplaySet, services: Services, source: DataSource): DisplayedImage[] {
  const known = services.cornerstoneCacheService.stackImageIds.get(displaySet.displaySetInstanceUID);
  const ids = known ?? source.getImageIdsForDisplaySet(displaySet);
  const images: DisplayedImage[] = [];
  for (const instance of displaySet.images ?? []) {
    for (let frame = 1; frame <= framesOf(instance); frame++) {
      images.push({
        id: ids[images.length],
        fileId: instance.SOPInstanceUID,
        frame,
        position: images.length + 1,
        width: Number(instance.Columns),
        height: Number(instance.Rows),
        instance,
      });
    }
  }
  return images;
}
