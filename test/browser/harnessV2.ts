import type { Page } from 'playwright-core';
import { dragBetween, type Pixel } from './harness';

/** What drives OHIF v2, beside what the harness does in any viewer. */

/** What the tests use of the globals that OHIF v2 sets. */
interface ViewerWindow {
  readonly cornerstone?: {
    getEnabledElements(): { readonly element: HTMLElement; readonly image?: { readonly imageId: string } }[];
    pixelToCanvas(element: HTMLElement, point: Pixel): Pixel;
  };
}

/** Waits until a viewport shows an image whose id contains `part`. */
export async function waitForImage(page: Page, part: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const { cornerstone } = window as unknown as ViewerWindow;
      return cornerstone?.getEnabledElements().some(({ image }) => image?.imageId.includes(wanted));
    },
    part,
    { timeout: 60_000 },
  );
}

/** Opens the panel. */
export async function openPanel(page: Page): Promise<void> {
  await page.locator('.roundedButtonWrapper', { hasText: 'Key area protection' }).click();
}

/** Where the centre of a pixel lies on the page, in the first viewport, once that has an image. */
async function pixelOnPage(page: Page, pixel: Pixel): Promise<Pixel> {
  const place = await page.waitForFunction(({ x, y }) => {
    const { cornerstone } = window as unknown as ViewerWindow;
    const shown = cornerstone?.getEnabledElements().find(({ image }) => image !== undefined);
    if (!cornerstone || !shown) return undefined;
    const point = cornerstone.pixelToCanvas(shown.element, { x: x + 0.5, y: y + 0.5 });
    const { left, top } = shown.element.getBoundingClientRect();
    return { x: left + point.x, y: top + point.y };
  }, pixel);
  return (await place.jsonValue())!;
}

/** Draws a key area with the mouse from one pixel of the displayed image to another. */
export async function drawKeyArea(page: Page, from: Pixel, to: Pixel): Promise<void> {
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await dragBetween(page, from, to, pixelOnPage);
}
