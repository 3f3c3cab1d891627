import type { Cornerstone, EnabledElement, Window } from './host';

/**
 * Turns, flips, moves, magnifies and inverts what a viewport shows as another one of its size does.
 *
 * @param imageIds that `from` scrolls through
 */
export function copyView(
  from: EnabledElement,
  to: EnabledElement,
  imageIds: readonly string[],
  cornerstone: Cornerstone,
): void {
  // Magnified for the sizes that they have now; the viewer itself is late with that.
  for (const enabled of [from, to]) fitIntoViewport(enabled, cornerstone);
  if (from.viewport === undefined) return;
  const { scale, translation, rotation, hflip, vflip, invert, voi } = from.viewport;
  cornerstone.setViewport(to.element, {
    scale,
    translation: { ...translation },
    rotation,
    hflip,
    vflip,
    invert,
    // Only a window that the user chose: of its own, each has the one that suits its pixels.
    ...(!isOwnWindow(voi, imageIds, cornerstone) && { voi: { ...voi } }),
  });
}

/** True for the window of an image: a viewport keeps that of the first one that it displayed. */
function isOwnWindow(voi: Window, imageIds: readonly string[], { imageCache }: Cornerstone): boolean {
  return imageCache.cachedImages.some(
    ({ imageId, image }) =>
      imageIds.includes(imageId) &&
      image?.windowWidth === voi.windowWidth &&
      image?.windowCenter === voi.windowCenter,
  );
}

/** Gives a canvas the size of its viewport, and the picture the scale for it. */
export function fitIntoViewport({ element, canvas }: EnabledElement, cornerstone: Cornerstone): void {
  const { clientWidth, clientHeight } = canvas ?? element;
  const fits = clientWidth === element.clientWidth && clientHeight === element.clientHeight;
  if (!fits) cornerstone.resize(element);
}
