import type { MarkedViewport } from '../hosts/blockMarks';
import { LinkedScroll, type ScrolledViewport } from '../hosts/linkedScroll';
import type { AppState, EnabledElement } from './host';
import type { Libraries } from './libraries';
import type { Studies } from './studies';

/** cornerstone-core dispatches these on a viewport's element, without bubbling. */
export const NEW_IMAGE = 'cornerstonenewimage';
export const RENDERED = 'cornerstoneimagerendered';

/** The viewport plugin that displays images; others compute views or show documents. */
const IMAGES = 'cornerstone';

/** The viewer's grid of viewports: what they show, and putting series into them. */
export class Viewports {
  readonly #libraries: Libraries;
  readonly #studies: Studies;
  readonly #scroll: LinkedScroll;

  constructor(libraries: Libraries, studies: Studies) {
    this.#libraries = libraries;
    this.#studies = studies;
    this.#scroll = new LinkedScroll(NEW_IMAGE, () => this.places());
  }

  release(): void {
    this.#scroll.release();
  }

  get activeIndex(): number {
    return this.#grid.activeViewportIndex;
  }

  /** Of the viewports, in reading order. */
  indices(): number[] {
    return this.#grid.layout.viewports.map((_, index) => index);
  }

  /** The series in a viewport, and whether it shows its images. */
  shownIn(index: number): { readonly id: string; readonly asImages: boolean } | undefined {
    const { viewportSpecificData, layout } = this.#grid;
    const { displaySetInstanceUID: id, plugin } = viewportSpecificData[index] ?? {};
    if (id === undefined) return undefined;
    return { id, asImages: (layout.viewports[index]?.plugin ?? plugin ?? IMAGES) === IMAGES };
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
          goTo: async (to: number) => this.#scrollTo(element, to),
        },
      ];
    });
  }

  /** The viewports that show a series. */
  showing(id: string): number[] {
    return this.indices().filter((index) => this.shownIn(index)?.id === id);
  }

  /** Shows a series in these viewports, at an image counted from 1. */
  async put(indices: readonly number[], id: string, position: number): Promise<void> {
    for (const viewportIndex of indices) {
      const enabled = this.elementOf(viewportIndex);
      if (this.shownIn(viewportIndex)?.id === id && enabled !== undefined) {
        this.#scrollTo(enabled.element, position - 1);
        continue;
      }
      await rendered(() =>
        this.#libraries.store.dispatch({
          type: 'VIEWPORT::SET_SPECIFIC_DATA',
          viewportIndex,
          viewportSpecificData: this.#dataOf(id, position),
        }),
      );
    }
  }

  /** Shows two series in one row, scrolling together. */
  async showSideBySide(leftId: string, rightId: string, position: number): Promise<void> {
    const { numRows, numColumns } = this.#grid;
    if (numRows === 1 && numColumns === 2) {
      await this.put([0], leftId, position);
      await this.put([1], rightId, position);
    } else {
      await rendered(() =>
        this.#libraries.store.dispatch({
          type: 'VIEWPORT::SET_VIEWPORT_LAYOUT_AND_DATA',
          numRows: 1,
          numColumns: 2,
          viewports: [{ plugin: IMAGES }, { plugin: IMAGES }],
          viewportSpecificData: { 0: this.#dataOf(leftId, position), 1: this.#dataOf(rightId, position) },
        }),
      );
    }
    this.#scroll.link(leftId, rightId);
    this.#libraries.store.dispatch({ type: 'VIEWPORT::SET_ACTIVE', viewportIndex: 1 });
  }

  get #grid(): AppState['viewports'] {
    return this.#libraries.store.getState().viewports;
  }

  /** The viewer remembers which image of a series was on display last, and would go there. */
  #dataOf(id: string, position: number) {
    const displaySet = this.#studies.listed(id);
    return { ...displaySet, plugin: IMAGES, SOPInstanceUID: undefined, frameIndex: position - 1 };
  }

  #scrollTo(element: HTMLElement, index: number): void {
    this.#libraries.cornerstoneTools.import('util/scrollToIndex')(element, index);
  }
}

/** Waits until a viewport was drawn after `action`, but not for ever: its image may not load. */
function rendered(action: () => void): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      document.removeEventListener(RENDERED, done, { capture: true });
      resolve();
    };
    const timer = setTimeout(done, 2000);
    document.addEventListener(RENDERED, done, { capture: true });
    action();
  });
}
