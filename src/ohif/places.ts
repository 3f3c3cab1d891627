import type { MarkedViewport } from '../hosts/blockMarks';
import type { ScrolledViewport } from '../hosts/linkedScroll';
import type { CornerstoneViewport, Services } from './host';

/** Cornerstone dispatches this on a viewport's element after it was drawn. */
export const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';

/** The viewports of the grid, with what is done with each whichever series it shows. */
export function placesOf(services: Services): (MarkedViewport & ScrolledViewport)[] {
  const { viewportGridService, cornerstoneViewportService } = services;
  return [...viewportGridService.getState().viewports.values()].flatMap(
    ({ viewportId, displaySetInstanceUIDs: [id] }) => {
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      return viewport ? [placeOf(viewport, id)] : [];
    },
  );
}

const placeOf = (viewport: CornerstoneViewport, id: string | undefined) => ({
  id,
  element: viewport.element,
  // A reformation has no images of its own.
  position: () => (viewport.type === 'stack' ? viewport.getCurrentImageIdIndex() + 1 : 0),
  onCanvas: () => onCanvas(viewport),
  get index() {
    return viewport.getCurrentImageIdIndex();
  },
  get images() {
    return viewport.getImageIds().length;
  },
  goTo: async (index: number) => {
    await viewport.setImageIdIndex(index);
    viewport.render();
  },
});

/** Where a viewport shows a point of its image, in pixels of it; undefined while it shows none. */
export function onCanvas(viewport: CornerstoneViewport) {
  const imageData = viewport.getImageData()?.imageData;
  return imageData && ((x: number, y: number) => viewport.worldToCanvas(imageData.indexToWorld([x, y, 0])));
}
