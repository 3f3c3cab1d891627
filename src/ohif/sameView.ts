import type { CornerstoneViewport, Services } from './host';
import { RENDERED } from './places';

/** Has a series, once it is drawn, seen the same way as another one. */
export class SameView {
  readonly #services: Services;
  /** By series: the one to look at, and the one that is yet to be drawn. */
  #pair: readonly [string, string] | undefined;

  constructor(services: Services) {
    this.#services = services;
    document.addEventListener(RENDERED, this.#drawn, { capture: true });
  }

  copy(fromId: string, toId: string): void {
    this.#pair = [fromId, toId];
  }

  release(): void {
    this.#pair = undefined;
    document.removeEventListener(RENDERED, this.#drawn, { capture: true });
  }

  readonly #drawn = (event: Event): void => {
    const [from, to] = this.#pair?.map((id) => this.#drawing(id)) ?? [];
    // What was set up with a series is in effect when its own viewport is drawn, not before.
    if (!from || !to || to.element !== event.target) return;
    this.#pair = undefined;
    copyView(from, to);
  };

  /** The viewport that an image of a series is drawn in. */
  #drawing(id: string): CornerstoneViewport | undefined {
    const { viewportGridService, cornerstoneViewportService, cornerstoneCacheService } = this.#services;
    const imageIds = cornerstoneCacheService.stackImageIds.get(id) ?? [];
    return [...viewportGridService.getState().viewports.keys()]
      .map((viewportId) => cornerstoneViewportService.getCornerstoneViewport(viewportId) ?? undefined)
      .find((viewport) => {
        const image = viewport?.type === 'stack' ? viewport.getCornerstoneImage?.() : undefined;
        return image !== undefined && imageIds.includes(image.imageId);
      });
  }
}

/** Turns, flips, moves, magnifies and inverts what a viewport shows as another one does. */
function copyView(from: CornerstoneViewport, to: CornerstoneViewport): void {
  to.setViewPresentation(from.getViewPresentation());
  const { invert = false, voiRange, isComputedVOI } = from.getProperties();
  // Only a window that the user chose: of its own, each has the one that suits its pixels.
  to.setProperties({ invert, ...(!isComputedVOI && { voiRange }) });
  to.render();
}
