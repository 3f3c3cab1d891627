import { Marks, outlineBlocks } from '../hosts/blockOutlines';
import type { MarkedBlocks, MarkKind } from '../viewer/port';
import type { CornerstoneViewport, Services } from './host';

const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';

/** Outlines blocks over the images of a series, wherever and however they are displayed. */
export class BlockMarks {
  readonly #services: Services;
  readonly #marks = new Marks();

  constructor(services: Services) {
    this.#services = services;
    document.addEventListener(RENDERED, this.#draw, true);
  }

  show(kind: MarkKind, marked: MarkedBlocks | undefined): void {
    this.#marks.set(kind, marked);
    for (const { viewport, id } of this.#places()) this.#update(viewport, id);
  }

  /** The viewports may be gone already, so they are not asked for anything. */
  release(): void {
    this.#marks.clear();
    document.removeEventListener(RENDERED, this.#draw, true);
    for (const { viewport } of this.#places()) outlineBlocks(viewport.element, [], () => [0, 0]);
  }

  readonly #draw = (event: Event): void => {
    if (this.#marks.isEmpty) return;
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
    // A reformation has no images of its own.
    const shown = viewport.type === 'stack' ? viewport.getCurrentImageIdIndex() + 1 : 0;
    const blocks = this.#marks.on(id, shown);
    const data = blocks.length === 0 ? undefined : viewport.getImageData()?.imageData;
    outlineBlocks(viewport.element, data ? blocks : [], (x, y) =>
      viewport.worldToCanvas(data!.indexToWorld([x, y, 0])),
    );
  }
}
