import type { Cornerstone, PixelArray } from './host';
import { RENDERED } from './places';

/**
 * The copies of pixels that viewports draw from, thumbnails' included. The viewer keeps some of its viewports
 * for as long as the page lasts, so what they drew of certain images is erased on release.
 */
export class DrawnPixels {
  readonly #cornerstone: Cornerstone;
  readonly #isOurs: (imageId: string) => boolean;
  readonly #known = new WeakSet<PixelArray>();
  readonly #drawn = new Set<WeakRef<PixelArray>>();

  /** @param isOurs whether an image is one of those to be erased, by its image id */
  constructor(cornerstone: Cornerstone, isOurs: (imageId: string) => boolean) {
    this.#cornerstone = cornerstone;
    this.#isOurs = isOurs;
    document.addEventListener(RENDERED, this.#remember, { capture: true });
  }

  release(): void {
    document.removeEventListener(RENDERED, this.#remember, { capture: true });
    for (const pixels of this.#drawn) pixels.deref()?.fill(0);
    this.#drawn.clear();
  }

  /** A viewport uses its array again for other images, and has a new one where their sizes differ. */
  readonly #remember = (event: Event): void => {
    const { detail } = event as CustomEvent<{ renderingEngineId: string; viewportId: string } | undefined>;
    if (detail === undefined) return;
    const { renderingEngineId, viewportId } = detail;
    const viewport = this.#cornerstone.getRenderingEngine(renderingEngineId)?.getViewport(viewportId);
    // Thumbnails are drawn of an image that is in no viewport's list.
    const imageId = viewport?.getCornerstoneImage?.()?.imageId;
    if (imageId === undefined || !this.#isOurs(imageId)) return;
    const pixels = viewport?.getImageData()?.imageData.getPointData?.().getScalars().getData();
    if (pixels === undefined || this.#known.has(pixels)) return;
    this.#known.add(pixels);
    this.#drawn.add(new WeakRef(pixels));
  };
}
