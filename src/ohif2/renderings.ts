import type { Cornerstone, EnabledElement } from './host';

/** cornerstone-core dispatches this on its events, with the element that it has begun to draw in. */
const ELEMENT_ENABLED = 'cornerstoneelementenabled';

/**
 * What cornerstone-core drew of images. The viewer's listeners keep every element that it ever drew in, and with it
 * the picture that was drawn last, a restored one maybe.
 */
export class Renderings {
  readonly #cornerstone: Cornerstone;
  readonly #elements: Set<EnabledElement>;

  constructor(cornerstone: Cornerstone) {
    this.#cornerstone = cornerstone;
    this.#elements = new Set(cornerstone.getEnabledElements());
    cornerstone.events.addEventListener(ELEMENT_ENABLED, this.#add);
  }

  readonly #add = (event: Event): void => {
    this.#elements.add((event as CustomEvent<EnabledElement>).detail);
  };

  /** Clears what was drawn in elements that are no longer on the page. */
  release(): void {
    this.#cornerstone.events.removeEventListener(ELEMENT_ENABLED, this.#add);
    // The viewer takes them off the page in the same go.
    setTimeout(() => {
      for (const enabled of this.#elements) {
        if (!enabled.element.isConnected) clear(enabled);
      }
      this.#elements.clear();
    });
  }
}

function clear(enabled: EnabledElement): void {
  const { canvas, renderingTools } = enabled;
  for (const drawn of [canvas, renderingTools.renderCanvas]) {
    // Its pixels go with its size.
    if (drawn) drawn.width = 0;
  }
  renderingTools.renderCanvasData?.data.fill(0);
  enabled.renderingTools = {};
}
