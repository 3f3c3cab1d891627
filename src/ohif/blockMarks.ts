import { outlineBlocks } from '../hosts/blockOutlines';
import type { MarkedBlocks } from '../viewer/port';
import type { CornerstoneViewport, Services } from './host';

const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';

/** Outlines blocks over the images of a series, wherever and however they are displayed. */
export class BlockMarks {
  readonly #services: Services;
  #marked: MarkedBlocks | undefined;

  constructor(services: Services) {
    this.#services = services;
    document.addEventListener(RENDERED, this.#draw, true);
  }

  show(marked: MarkedBlocks | undefined): void {
    this.#marked = marked;
    for (const { viewport, id } of this.#places()) this.#update(viewport, id);
  }

  /** The viewports may be gone already, so they are not asked for anything. */
  release(): void {
    this.#marked = undefined;
    document.removeEventListener(RENDERED, this.#draw, true);
    for (const { viewport, id } of this.#places()) this.#update(viewport, id);
  }

  readonly #draw = (event: Event): void => {
    if (this.#marked === undefined) return;
    const place = this.#places().find(({ viewport }) => viewport.element === event.target);
    if (place !== undefined) this.#update(place.viewport, place.id);
  };

  #places(): { readonly viewport: CornerstoneViewport; readonly id: string | undefined }[] {
    const { viewportGridService, cornerstoneViewportService } = this.#services;
    return [...viewportGridService.getState().viewports.values()].flatMap(
      ({ viewportId, displaySetInstanceUIDs: [id] }) => {
        const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
        return viewport ? [{ viewport, id }] : [];
      },
    );
  }

  #update(viewport: CornerstoneViewport, id: string | undefined): void {
    const marked = this.#marked?.seriesId === id ? this.#marked : undefined;
    const image = marked?.images.find(({ position }) => position === viewport.getCurrentImageIdIndex() + 1);
    const data = image && viewport.getImageData()?.imageData;
    outlineBlocks(viewport.element, data ? image.blocks : [], (x, y) =>
      viewport.worldToCanvas(data!.indexToWorld([x, y, 0])),
    );
  }
}
