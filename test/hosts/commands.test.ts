import { createCommands } from '../../src/hosts/commands';
import { currentController } from '../../src/hosts/session';
import { PanelController } from '../../src/panel/controller';
import { viewOf } from '../../src/panel/state';
import { brainFile, FakeViewer, imageOf, keyArea, seriesOf } from '../panel/fakeViewer';
import { panelSettings } from '../panel/settings';
import { connect } from '../worker/connect';

/** What the toolbar, hotkeys and menus do, with a viewer of ours and the real worker behind them. */

const passphrase = 'orchid lantern cobalt';
const drawn = {
  status: 'ready',
  series: seriesOf([{ id: 'file 8', frames: 1 }]),
  image: imageOf(8, 1),
  keyAreas: [keyArea(imageOf(8, 1))],
} as const;

let viewer: FakeViewer;
let controller: PanelController;
let shown: (string | undefined)[];
let told: string[];
const commands = createCommands({
  showPanel: (place) => shown.push(place),
  tell: (message) => told.push(message),
  hasImages: () => true,
});
beforeEach(() => {
  [shown, told] = [[], []];
  viewer = new FakeViewer(drawn);
  viewer.files.set('file 8', brainFile(8));
  controller = new PanelController(viewer, connect(), panelSettings);
  currentController.set(controller);
});
afterEach(() => {
  currentController.set(undefined);
  controller.dispose();
});

const view = () => viewOf(controller.state.get()).name;

async function protect() {
  controller.protect.edit({ passphrase, repeated: passphrase });
  await controller.protect.protect();
  const [outcome] = controller.state.get().protectedSeries.values();
  return outcome!;
}

describe('Export', () => {
  test('goes back from restoring what was made here to sending it on', async () => {
    await protect();
    await commands.restoreKeyArea();
    expect(view()).toBe('restore');
    await commands.exportKeyArea();
    expect(view()).toBe('protected');
    expect(shown.at(-1)).toBe('export');
    expect(told).toEqual([]);
  });

  test('of a protected series gives the protected files, although it was restored', async () => {
    const made = await protect();
    await commands.restoreKeyArea();
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    expect(view()).toBe('restored');
    await commands.exportKeyArea({ displaySetInstanceUID: made.seriesId });
    expect(viewOf(controller.state.get())).toEqual({ name: 'protected', outcome: made });
    expect(told).toEqual([]);
  });

  test('goes for a series from elsewhere, too', async () => {
    const series = seriesOf([{ id: 'file 8', frames: 1 }], { id: 'received', kind: 'protected' });
    viewer.display({ status: 'ready', series, image: imageOf(8, 1), keyAreas: [] });
    await commands.exportKeyArea();
    expect(shown).toEqual(['export']);
    expect(told).toEqual([]);
  });

  test('says so where nothing is protected', async () => {
    await commands.exportKeyArea();
    expect(told).toEqual(['Open a protected series to send it on.']);
  });
});

describe('protectKeyArea with a range', () => {
  const range = () => {
    const { scope, from, to } = controller.state.get().draft;
    return [scope, from, to];
  };

  test('takes the images around what is drawn, or those it is given', async () => {
    const three = [7, 8, 9].map((number) => ({ id: `file ${number}`, frames: 1 }));
    viewer.display({ ...drawn, series: seriesOf(three) });
    await commands.protectKeyArea({ scope: 'range' });
    expect(range()).toEqual(['range', 1, 2]);
    await commands.protectKeyArea({ scope: 'range', from: 2, to: 2 });
    expect(range()).toEqual(['range', 2, 2]);
  });

  test('is for the series it was chosen in, whatever is looked at meanwhile', async () => {
    await commands.protectKeyArea({ scope: 'range' });
    for (const status of ['unsuitable', 'empty'] as const) {
      viewer.display({ status });
      viewer.display(drawn);
      expect(range()).toEqual(['range', 1, 1]);
    }
    const series = seriesOf([{ id: 'file 8', frames: 1 }], { id: 'another' });
    viewer.display({ status: 'ready', series, image: imageOf(8, 1), keyAreas: [] });
    expect(range()).toEqual(['image', 1, 1]);
    controller.protect.chooseScope('series');
    viewer.display(drawn);
    expect(range()).toEqual(['range', 1, 1]);
    controller.protect.chooseScope('image');
    viewer.display({ status: 'ready', series, image: imageOf(8, 1), keyAreas: [] });
    viewer.display(drawn);
    expect(range()).toEqual(['image', 1, 1]);
  });
});

test('a series that cannot be displayed is told, and nothing else is done', async () => {
  viewer.showSeries = () => Promise.reject(new Error('There is no free viewport.'));
  await commands.protectKeyArea({ displaySetInstanceUID: 'another' });
  expect(told).toEqual([expect.stringContaining('There is no free viewport.')]);
  expect(shown).toEqual([]);
});

describe('protectRectangle', () => {
  beforeEach(() => {
    viewer.rectangles = ['measured'];
  });

  test('makes the measured rectangle a key area', () => {
    commands.protectRectangle({ uid: 'measured' });
    expect(viewer.rectangles).toEqual([]);
    expect(shown).toEqual(['area']);
    expect(told).toEqual([]);
  });

  test('leaves what is measured on a series that is protected, or was restored', async () => {
    await protect();
    commands.protectRectangle({ uid: 'measured' });
    expect(view()).toBe('protected');
    await commands.restoreKeyArea();
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    commands.protectRectangle({ uid: 'measured' });
    expect(view()).toBe('restored');
    expect(viewer.rectangles).toEqual(['measured']);
    expect(told).toEqual(Array(2).fill(expect.stringContaining('This one is protected, or was restored.')));
  });

  test('leaves it also while a task, or a photo, covers the panel', () => {
    const series = seriesOf([{ id: 'file 8', frames: 1 }], { id: 'received', kind: 'protected' });
    viewer.display({ status: 'ready', series, image: imageOf(8, 1), keyAreas: [] });
    controller.files.showPhoto(true);
    controller.state.update({
      task: { kind: 'scan', done: 0, total: 1, secondsLeft: undefined, cancelling: false, subject: '' },
    });
    commands.protectRectangle();
    expect(viewer.rectangles).toEqual(['measured']);
    expect(told).toHaveLength(1);
  });
});

describe('while a QR code is read from a photo', () => {
  beforeEach(() => {
    viewer.rectangles = ['measured'];
    controller.files.showPhoto(true);
  });

  test.each([
    ['drawKeyArea', 'protect'],
    ['protectKeyArea', 'protect'],
    ['exportKeyArea', 'protect'],
    ['protectRectangle', 'protect'],
  ] as const)('%s turns to what it is about', async (name, wanted) => {
    expect(view()).toBe('photo');
    await commands[name]();
    expect(view()).toBe(wanted);
  });

  test('nothing is closed under work that is being done', async () => {
    controller.state.update({
      task: {
        kind: 'scan',
        done: 0,
        total: 1,
        secondsLeft: undefined,
        cancelling: false,
        subject: '“Axial”',
      },
    });
    await commands.protectKeyArea();
    expect(controller.state.get().photo).toBeDefined();
  });
});
