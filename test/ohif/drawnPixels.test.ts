import { DrawnPixels } from '../../src/ohif/drawnPixels';
import type { Cornerstone } from '../../src/ohif/host';

/** Viewports by their ids, each with the image that it draws and the array that it draws from. */
function setUp(viewports: Record<string, { imageId: string; pixels: Uint16Array }>) {
  const page = new EventTarget();
  globalThis.document ??= page as unknown as Document;
  const viewportOf = (id: string) => {
    const found = viewports[id];
    if (found === undefined) return undefined;
    const scalars = { getData: () => found.pixels };
    return {
      getCornerstoneImage: () => ({ imageId: found.imageId }),
      getImageData: () => ({ imageData: { getPointData: () => ({ getScalars: () => scalars }) } }),
    };
  };
  const cornerstone = {
    getRenderingEngine: (id: string) => (id === 'engine' ? { getViewport: viewportOf } : undefined),
  } as unknown as Cornerstone;
  const drawn = new DrawnPixels(cornerstone, (imageId) => imageId.startsWith('blob:'));
  const render = (viewportId: string, renderingEngineId = 'engine') =>
    document.dispatchEvent(
      new CustomEvent('CORNERSTONE_IMAGE_RENDERED', { detail: { renderingEngineId, viewportId } }),
    );
  return { drawn, render };
}

test('what viewports drew of certain images is erased on release, and nothing else', () => {
  const viewports = {
    ours: { imageId: 'blob:1', pixels: Uint16Array.of(1, 2) },
    other: { imageId: 'wadors:1', pixels: Uint16Array.of(3, 4) },
    late: { imageId: 'blob:2', pixels: Uint16Array.of(5, 6) },
  };
  const { ours, other, late } = viewports;
  const { drawn, render } = setUp(viewports);
  render('ours');
  render('other');
  // Another array, since another size was displayed meanwhile.
  const before = ours.pixels;
  ours.pixels = Uint16Array.of(7, 8);
  render('ours');
  render('gone');
  render('ours', 'another engine');
  drawn.release();
  expect([before, ours.pixels]).toEqual([Uint16Array.of(0, 0), Uint16Array.of(0, 0)]);
  expect(other.pixels).toEqual(Uint16Array.of(3, 4));

  render('late');
  drawn.release();
  expect(late.pixels).toEqual(Uint16Array.of(5, 6));
});
