import type { Cornerstone, EnabledElement, Viewport } from '../../src/ohif2/host';
import { copyView } from '../../src/ohif2/view';

/** A turned protected image, seen in this window; its series has images with windows of their own. */
function setUp(voi: Viewport['voi']) {
  const calls: unknown[] = [];
  const paneOf = (name: string, canvasWidth: number) => ({
    element: { name, clientWidth: 400, clientHeight: 300 },
    canvas: { clientWidth: canvasWidth, clientHeight: 300 },
    viewport: {
      scale: 2,
      translation: { x: 3, y: 4 },
      rotation: 90,
      hflip: true,
      vflip: false,
      invert: true,
      voi,
    },
  });
  const cornerstone = {
    imageCache: {
      cachedImages: [
        { imageId: 'a', image: { windowWidth: 500, windowCenter: 250 } },
        { imageId: 'b', image: { windowWidth: 800, windowCenter: 400 } },
        { imageId: 'c' },
        { imageId: 'other', image: { windowWidth: 90, windowCenter: 45 } },
      ],
    },
    resize: ({ name }: { name: string }) => calls.push(`resize ${name}`),
    setViewport: ({ name }: { name: string }, viewport: object) => calls.push([name, viewport]),
  };
  copyView(
    paneOf('protected', 800) as unknown as EnabledElement,
    paneOf('restored', 400) as unknown as EnabledElement,
    ['a', 'b', 'c'],
    cornerstone as unknown as Cornerstone,
  );
  return calls;
}

const TURNED = {
  scale: 2,
  translation: { x: 3, y: 4 },
  rotation: 90,
  hflip: true,
  vflip: false,
  invert: true,
};

test('a view is copied once the picture is magnified for the size of its viewport; not the window of an image', () => {
  expect(setUp({ windowWidth: 800, windowCenter: 400 })).toEqual(['resize protected', ['restored', TURNED]]);
});

test('a window that the user chose is copied too', () => {
  const voi = { windowWidth: 90, windowCenter: 45 };
  expect(setUp(voi)).toEqual(['resize protected', ['restored', { ...TURNED, voi }]]);
});
