import type { CornerstoneViewport, Services } from './host';

/** The viewport that an image of a series is drawn in, the one of `viewportId` where that is given. */
export function drawing(
  id: string,
  viewportId: string | undefined,
  services: Services,
): CornerstoneViewport | undefined {
  const { viewportGridService, cornerstoneViewportService, cornerstoneCacheService } = services;
  const imageIds = cornerstoneCacheService.stackImageIds.get(id) ?? [];
  const viewportIds =
    viewportId === undefined ? viewportGridService.getState().viewports.keys() : [viewportId];
  return [...viewportIds]
    .map((shownIn) => cornerstoneViewportService.getCornerstoneViewport(shownIn) ?? undefined)
    .find((viewport) => {
      const image = viewport?.type === 'stack' ? viewport.getCornerstoneImage?.() : undefined;
      return image !== undefined && imageIds.includes(image.imageId);
    });
}

/** Turns, flips, moves, magnifies and inverts what a viewport shows as another one does. */
export function copyView(from: CornerstoneViewport, to: CornerstoneViewport): void {
  to.setViewPresentation(from.getViewPresentation());
  const { invert = false, voiRange, isComputedVOI } = from.getProperties();
  // Only a window that the user chose: of its own, each has the one that suits its pixels.
  to.setProperties({ invert, ...(!isComputedVOI && { voiRange }) });
  to.render();
}
