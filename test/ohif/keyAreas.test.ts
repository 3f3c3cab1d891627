import type { Annotation, CornerstoneViewport, Point3 } from '../../src/ohif/host';
import { KeyAreas } from '../../src/ohif/keyAreas';
import { cornerstoneLibraries } from '../../src/ohif/libraries';
import { FakeHost, instance } from './fakeHost';

/** Two slices that lie askew, with pixels that are no squares. */
const spacing = { columnPixelSpacing: 0.3, rowPixelSpacing: 0.7 };
const right = [0.8, 0.6, 0];
const down = [0, 0, -1];
const origins = { 'image 1': [-110.5, -96.2, 59], 'image 2': [-107.5, -93.9, 59] };

const planeOf = (imageId: string) => ({
  ...spacing,
  rowCosines: right,
  columnCosines: down,
  imagePositionPatient: origins[imageId as keyof typeof origins],
});

/** What Cornerstone knows of an image while that is displayed. */
function imageDataOf(imageId: string) {
  const origin = origins[imageId as keyof typeof origins];
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return {
    indexToWorld: ([x, y]: readonly number[]) =>
      origin.map(
        (start, i) =>
          start + right[i]! * x! * spacing.columnPixelSpacing + down[i]! * y! * spacing.rowPixelSpacing,
      ) as unknown as Point3,
    worldToIndex: (point: Point3) => {
      const offset = point.map((value, i) => value - origin[i]!);
      return [
        dot(offset, right) / spacing.columnPixelSpacing,
        dot(offset, down) / spacing.rowPixelSpacing,
        0,
      ];
    },
  };
}

const image = (number: 1 | 2) => ({
  id: `image ${number}`,
  fileId: `1.2.3.${number}`,
  frame: 1,
  position: number,
  width: 100,
  height: 80,
  instance: instance(number),
});
const images = [image(1), image(2)];

/** A viewport with the two slices, the first on display, and an Undo that works as Cornerstone's. */
function setUp(plane: (imageId: string) => object = planeOf) {
  const host = new FakeHost();
  const { servicesManager, extensionManager } = host.parameters;
  const libraries = cornerstoneLibraries(extensionManager);
  const display: { current: string; drawn?: string } = { current: 'image 1' };
  host.providers.push((type, imageId) => (type === 'imagePlaneModule' ? plane(imageId) : undefined));
  host.cornerstoneViewports.set('one', {
    id: 'one',
    type: 'stack',
    element: {},
    getCurrentImageId: () => display.current,
    getImageIds: () => images.map(({ id }) => id),
    getCornerstoneImage: () => ({ imageId: display.drawn ?? display.current }),
    getImageData: () => ({ imageData: imageDataOf(display.drawn ?? display.current), dimensions: [] }),
    getCamera: () => ({ viewPlaneNormal: [0, 0, 1], viewUp: [0, 1, 0] }),
    getFrameOfReferenceUID: () => '1.2',
  } as unknown as CornerstoneViewport);
  const history: (() => void)[] = [];
  Object.assign(libraries.cornerstoneTools.AnnotationTool, {
    createAnnotationMemo: (_: unknown, annotation: Annotation, { deleting = false } = {}) => {
      const before = structuredClone(annotation.data);
      history.push(() => {
        Object.assign(annotation.data, before);
        if (deleting) host.annotations.push(annotation);
      });
    },
  });
  const keyAreas = new KeyAreas(servicesManager.services, libraries);
  const undo = () => history.pop()!();
  const told = () =>
    keyAreas
      .on(images)
      .map(({ image: { position }, rectangle, problem }) => [position, rectangle ?? problem]);
  return { keyAreas, display, undo, told };
}

const first = { x: 10, y: 12, width: 20, height: 5 };
const second = { x: 50, y: 40, width: 8, height: 9 };
const madeUp = () => ({ ...planeOf('image 1'), usingDefaultValues: true });

describe.each([
  ['where images say how they lie', planeOf],
  ['where they do not', madeUp],
])('key areas on two slices, %s,', (_, plane) => {
  test('are all there when their removal is taken back', () => {
    const { keyAreas, display, undo, told } = setUp(plane);
    const ids = [keyAreas.add(first, images[0]!)];
    expect(told()).toEqual([[1, first]]);
    display.current = 'image 2';
    ids.push(keyAreas.add(second, images[1]!));
    expect(told()).toEqual([
      [1, first],
      [2, second],
    ]);
    keyAreas.remove(ids);
    expect(told()).toEqual([]);
    undo();
    undo();
    expect(told()).toEqual([
      [2, second],
      [1, first],
    ]);
  });
});

test('a key area that Undo moves while another slice is displayed lies where it lay', () => {
  const { keyAreas, display, undo, told } = setUp();
  const id = keyAreas.add(first, images[0]!);
  keyAreas.change(id, second);
  expect(told()).toEqual([[1, second]]);
  display.current = 'image 2';
  undo();
  expect(told()).toEqual([[1, first]]);
  display.current = 'image 1';
  expect(told()).toEqual([[1, first]]);
});

test.each([
  ['says nothing', () => ({})],
  ['has its geometry from the viewer', madeUp],
  ['lies in no plane', (imageId: string) => ({ ...planeOf(imageId), columnCosines: right })],
  ['has pixels of no size', (imageId: string) => ({ ...planeOf(imageId), rowPixelSpacing: null })],
])(
  'of an image that %s, it is told that the image has to be displayed, and nothing is left out',
  (_, plane) => {
    const { keyAreas, display, undo, told } = setUp(plane);
    const id = keyAreas.add(first, images[0]!);
    keyAreas.change(id, second);
    expect(told()).toEqual([[1, second]]);
    display.current = 'image 2';
    undo();
    expect(told()).toEqual([[1, 'undisplayed']]);
    display.current = 'image 1';
    expect(told()).toEqual([[1, first]]);
  },
);

test('a key area is not measured by the image before, while its own is on its way', () => {
  const { keyAreas, display, undo, told } = setUp(madeUp);
  const id = keyAreas.add(first, images[0]!);
  keyAreas.change(id, second);
  display.drawn = 'image 2';
  undo();
  expect(told()).toEqual([[1, 'undisplayed']]);
  display.drawn = 'image 1';
  expect(told()).toEqual([[1, first]]);
});
