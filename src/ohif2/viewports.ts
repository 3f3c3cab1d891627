import type { MarkedViewport } from '../hosts/blockMarks';
import type { ScrolledViewport } from '../hosts/linkedScroll';
import type { AppState, EnabledElement } from './host';
import type { Libraries } from './libraries';

/** cornerstone-core dispatches these on a viewport's element, without bubbling. */
export const NEW_IMAGE = 'cornerstonenewimage';
export const RENDERED = 'cornerstoneimagerendered';

/** The viewport plugin that displays images; others compute views or show documents. */
export const IMAGES = 'cornerstone';

/** The viewer's viewports, and what they show. */
export class Viewports {
  readonly #libraries: Libraries;

  constructor(libraries: Libraries) {
    this.#libraries = libraries;
  }

  get activeIndex(): number {
    return this.#grid.activeViewportIndex;
  }

  /** Of the viewports, in reading order. */
  indices(): number[] {
    return this.#grid.layout.viewports.map((_, index) => index);
  }

  /** The series in a viewport, and whether it shows its images. */
  shownIn(
    index: number,
  ): { readonly id: string; readonly plugin: string; readonly asImages: boolean } | undefined {
    const { viewportSpecificData, layout } = this.#grid;
    const { displaySetInstanceUID: id, plugin: ofSeries } = viewportSpecificData[index] ?? {};
    if (id === undefined) return undefined;
    const plugin = layout.viewports[index]?.plugin ?? ofSeries ?? IMAGES;
    return { id, plugin, asImages: plugin === IMAGES };
  }

  /** The element that cornerstone-core draws a viewport's image in. */
  elementOf(index: number): EnabledElement | undefined {
    return this.#libraries.cornerstone
      .getEnabledElements()
      .find(({ element }) => element.closest(`[data-cy="viewport-container-${index}"]`) !== null);
  }

  /** The image ids that a viewport scrolls through. */
  imageIdsIn({ element }: EnabledElement): readonly string[] {
    return this.#libraries.cornerstoneTools.getToolState(element, 'stack')?.data[0]?.imageIds ?? [];
  }

  /** The SOP Instance UID of the image on screen, which is the one before while another is on its way. */
  fileIn({ image }: EnabledElement): string | undefined {
    if (image === undefined) return undefined;
    const { metaData } = this.#libraries.cornerstone;
    return metaData.get('SOPInstanceUID', image.imageId) as string | undefined;
  }

  /** Where a viewport shows a point of its image, in pixels of it; undefined while it shows none. */
  onCanvas({ element, image }: EnabledElement) {
    if (image === undefined) return undefined;
    return (x: number, y: number): readonly [number, number] => {
      const point = this.#libraries.cornerstone.pixelToCanvas(element, { x: x + 0.5, y: y + 0.5 });
      return [point.x, point.y];
    };
  }

  places(): (MarkedViewport & ScrolledViewport)[] {
    return this.indices().flatMap((index) => {
      const enabled = this.elementOf(index);
      if (enabled === undefined) return [];
      const { element, image } = enabled;
      const imageIds = this.imageIdsIn(enabled);
      const shown = imageIds.indexOf(image?.imageId ?? '');
      return [
        {
          id: this.shownIn(index)?.id,
          element,
          position: () => shown + 1,
          onCanvas: () => this.onCanvas(enabled),
          index: shown,
          images: imageIds.length,
          goTo: async (to: number) => this.scrollTo(enabled, to),
        },
      ];
    });
  }

  /** Scrolls a viewport to an image, counted from 0. The viewer would make it the active one. */
  scrollTo({ element }: EnabledElement, index: number): void {
    const { activeIndex } = this;
    this.#libraries.cornerstoneTools.import('util/scrollToIndex')(element, index);
    if (this.activeIndex !== activeIndex) this.activate(activeIndex);
  }

  activate(viewportIndex: number): void {
    this.#libraries.store.dispatch({ type: 'VIEWPORT::SET_ACTIVE', viewportIndex });
  }

  get #grid(): AppState['viewports'] {
    return this.#libraries.store.getState().viewports;
  }
}
