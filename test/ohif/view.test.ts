import { SameView } from '../../src/hosts/sameView';
import type { CornerstoneViewport } from '../../src/ohif/host';
import { copyView, drawing } from '../../src/ohif/view';
import { FakeHost } from './fakeHost';

const WINDOW = { lower: 50, upper: 500 };
const VIEW = { rotation: 90, zoom: 2 };

/** A protected series that is displayed, in a window of the user or not, and a restored one that is yet to be. */
function setUp(windowOfUser: boolean) {
  globalThis.document ??= new EventTarget() as unknown as Document;
  const host = new FakeHost();
  const set: unknown[] = [];
  const show = (id: string) => {
    const element = new EventTarget();
    host.stackImageIds.set(id, [`blob:${id}`]);
    host.viewports.set(id, { viewportId: id, displaySetInstanceUIDs: [id], x: 0, y: 0 });
    host.cornerstoneViewports.set(id, {
      type: 'stack',
      element,
      getCornerstoneImage: () => ({ imageId: `blob:${id}` }),
      getViewPresentation: () => VIEW,
      getProperties: () => ({ invert: true, voiRange: WINDOW, isComputedVOI: !windowOfUser }),
      setViewPresentation: (view: unknown) => set.push([id, view]),
      setProperties: (properties: unknown) => set.push([id, properties]),
      render: () => render(id),
    } as unknown as CornerstoneViewport);
  };
  const render = (id: string) => {
    const event = new Event('CORNERSTONE_IMAGE_RENDERED');
    Object.defineProperty(event, 'target', { value: host.cornerstoneViewports.get(id)!.element });
    document.dispatchEvent(event);
  };
  show('protected');
  const { services } = host.parameters.servicesManager;
  const sameView = new SameView(
    'CORNERSTONE_IMAGE_RENDERED',
    (id, viewportId) => drawing(id, viewportId, services),
    copyView,
  );
  sameView.copy('protected', 'protected', 'restored');
  return { sameView, set, show, render };
}

test('a series is seen as another one once it is drawn itself, and left alone from then on', () => {
  const { sameView, set, show, render } = setUp(false);
  render('protected');
  show('restored');
  render('protected');
  expect(set).toEqual([]);
  render('restored');
  render('restored');
  expect(set).toEqual([
    ['restored', VIEW],
    ['restored', { invert: true }],
  ]);
  sameView.release();
});

test('in its window too, where the user chose that', () => {
  const { sameView, set, show, render } = setUp(true);
  show('restored');
  render('restored');
  expect(set).toContainEqual(['restored', { invert: true, voiRange: WINDOW }]);
  sameView.release();
});

test('and not after release', () => {
  const { sameView, set, show, render } = setUp(true);
  sameView.release();
  show('restored');
  render('restored');
  expect(set).toEqual([]);
});
