import { PanelController } from '../../../src/panel/controller';
import type { PanelState } from '../../../src/panel/state';
import type { DrawnKeyArea, ViewerPort } from '../../../src/viewer/port';
import type { KeyAreaService } from '../../../src/viewer/service';
import { buildImage, IMPLICIT } from '../../dicom/builder';
import { connect } from '../../worker/connect';
import { brainFile, FakeViewer, imageOf, keyArea, seriesOf } from '../fakeViewer';
import { panelSettings } from '../settings';

/** The live preview and the proposals, with the real worker, engine and files behind them. */

const files = [7, 8, 9].map((number) => ({ id: `file ${number}`, frames: 1 }));
const image = imageOf(8, 2);
const undrawn = { status: 'ready', series: seriesOf(files), image, keyAreas: [] } as const;
/** Too small for the QR code of a sealed report. */
const small: DrawnKeyArea = { id: 'small', image, rectangle: { x: 90, y: 100, width: 40, height: 40 } };
const exactBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
const drawn = { ...undrawn, keyAreas: [keyArea(image)] };

let viewer: FakeViewer;
let service: KeyAreaService;
let controller: PanelController;
beforeEach(() => {
  viewer = new FakeViewer(undrawn);
  for (const number of [7, 8, 9]) viewer.files.set(`file ${number}`, brainFile(number));
  service = connect();
  controller = new PanelController(viewer, service, panelSettings);
});
afterEach(() => controller.dispose());

const state = (): PanelState => controller.state.get();

/** Waits for a state, without looking at the clock. */
function until(reached: (state: PanelState) => boolean): Promise<PanelState> {
  return new Promise((resolve) => {
    const check = () => {
      if (!reached(state())) return;
      stop();
      resolve(state());
    };
    const stop = controller.state.subscribe(check);
    check();
  });
}

/** Reading a file waits for `goOn`, and ends where it is cancelled. */
function holdReading(held: string) {
  let begin = () => {};
  let goOn = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const read = viewer.readFile.bind(viewer);
  const readHeld: ViewerPort['readFile'] = async (seriesId, fileId, signal) => {
    if (fileId === held) {
      begin();
      await waiting;
    }
    signal.throwIfAborted();
    return read(seriesId, fileId);
  };
  Object.assign(viewer, { readFile: readHeld });
  return { begun, goOn };
}

const planned = () => until(({ preview }) => preview?.pending === false);

describe('the preview', () => {
  test('follows what is drawn, typed and chosen', async () => {
    viewer.display(drawn);
    expect((await planned()).preview!.plan).toMatchObject({ carrier: 'vault', samplesChangedOutside: 0 });
    controller.protect.edit({ report: 'Findings: none.' });
    expect(state().preview!.pending).toBe(true);
    expect((await planned()).preview!.plan!.qrContent).toBe('sealed');
    controller.protect.edit({ qr: 'open' });
    expect((await planned()).preview!.plan!.qrText).toContain('Findings: none.');
    controller.protect.edit({ scramble: true });
    expect((await planned()).preview!.plan!.samplesChangedOutside).toBeGreaterThan(10_000);
  });

  test('outlines on its image what the QR codes will cover, as long as that is planned', async () => {
    viewer.display(drawn);
    const { preview } = await planned();
    const images = [{ position: 2, blocks: preview!.plan!.coveredAreas }];
    expect(viewer.marked.at(-1)).toEqual({ kind: 'covered', blocks: { seriesId: 'original', images } });
    viewer.display(undrawn);
    expect(viewer.marked.at(-1)).toEqual({ kind: 'covered', blocks: undefined });
  });

  test('says why there is none, beside what it is about', async () => {
    viewer.display(drawn);
    controller.protect.edit({ report: 'x'.repeat(70_000) });
    expect((await planned()).preview).toMatchObject({
      plan: undefined,
      refusal: { place: 'report', title: 'The report is too long' },
    });
    expect(state().message).toBeUndefined();
  });

  test('tells where the key area goes, where that is left to it', async () => {
    viewer.display({ ...undrawn, keyAreas: [small] });
    const plan = jest.spyOn(service, 'plan');
    await planned();
    expect(plan.mock.lastCall![1]).not.toHaveProperty('carrier');
    controller.protect.edit({ carrier: 'surroundings' });
    expect((await planned()).preview!.plan).toMatchObject({ carrier: 'surroundings' });
    controller.protect.edit({ carrier: 'automatic' });
    expect((await planned()).preview!.plan).toMatchObject({ carrier: 'vault' });
  });

  test('says beside the options why the export cannot be compressed; noise is left as it is', async () => {
    viewer.files.set('file 8', exactBuffer(buildImage({ syntax: IMPLICIT, width: 256, height: 256 })));
    viewer.display(drawn);
    controller.protect.edit({ compress: true });
    const { refusal } = (await planned()).preview!;
    expect(refusal).toMatchObject({ place: 'options', title: 'This cannot be compressed' });
    expect(refusal!.text).toMatch(/Implicit VR/);
    controller.protect.edit({ scramble: true });
    expect((await planned()).preview!.refusal).toBeUndefined();
  });

  test('asks what gives way only where a sealed report needs more than the key area', async () => {
    viewer.display({ ...undrawn, keyAreas: [small] });
    const tight = async () => (await planned()).preview!.tight;
    expect(await tight()).toBe(false);
    controller.protect.edit({ report: Array.from({ length: 400 }, (_, n) => n * n * 7919).join(' ') });
    // Even twice the side would not do.
    expect(await tight()).toBe(false);
    controller.protect.edit({ report: 'Findings: none.' });
    expect(await tight()).toBe(true);
    const grown = state().preview!.plan!;
    expect(grown.qrContent).toBe('sealed');
    controller.protect.edit({ fit: 'area' });
    // The choice stays in reach while the plan is made.
    expect(state().preview).toMatchObject({ pending: true, tight: true });
    expect(await tight()).toBe(true);
    expect(state().preview!.plan!.qrContent).toBe('notice');
    expect(state().preview!.plan!.coveredAreas[0]!.width).toBeLessThan(grown.coveredAreas[0]!.width);
    controller.protect.edit({ qr: 'notice' });
    expect(await tight()).toBe(false);
  });

  test('is of an image that was drawn on where the one on display is not protected', async () => {
    viewer.display({ ...drawn, image: imageOf(9, 3) });
    expect((await planned()).preview!.image.position).toBe(2);
    controller.protect.edit({ scope: 'series' });
    expect((await planned()).preview!.image.position).toBe(3);
  });

  test('reads and sends a file once, and lets it go when nothing is drawn any more', async () => {
    const read = jest.spyOn(viewer, 'readFile');
    const close = jest.spyOn(service, 'closeFile');
    viewer.display(drawn);
    await planned();
    controller.protect.edit({ report: 'Findings: none.' });
    await planned();
    expect(read).toHaveBeenCalledTimes(1);
    expect(close).not.toHaveBeenCalled();
    viewer.display(undrawn);
    await until(({ preview }) => preview === undefined);
    await Promise.resolve();
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('is made although another image is looked through for proposals meanwhile', async () => {
    const reading = holdReading('file 8');
    viewer.display({ ...drawn, image: imageOf(9, 3) });
    await reading.begun;
    await controller.protect.suggest();
    expect(state().suggestions!.found!.length).toBeGreaterThan(0);
    reading.goOn();
    expect((await planned()).preview!.plan).toMatchObject({ carrier: 'vault' });
  });

  test('asks for no passphrase', async () => {
    const plan = jest.spyOn(service, 'plan');
    viewer.display(drawn);
    controller.protect.edit({ passphrase: 'orchid lantern cobalt' });
    await planned();
    expect(JSON.stringify(plan.mock.calls)).not.toContain('orchid');
  });
});

describe('proposals', () => {
  test('are drawn by one click each', async () => {
    await controller.protect.suggest();
    const found = state().suggestions!.found!;
    expect(found.length).toBeGreaterThan(0);
    controller.protect.take(found[0]!);
    expect(viewer.current).toMatchObject({ keyAreas: [{ image, rectangle: found[0]!.rectangle }] });
    expect(state().suggestions?.found ?? []).not.toContain(found[0]);
  });

  test('of another image are not drawn on this one', async () => {
    await controller.protect.suggest();
    const [proposal] = state().suggestions!.found!;
    viewer.display({ ...undrawn, image: imageOf(9, 3) });
    controller.protect.take(proposal!);
    expect(viewer.current).toMatchObject({ keyAreas: [] });
  });

  test('that cannot be made say why', async () => {
    viewer.files.set('file 8', new ArrayBuffer(300));
    await controller.protect.suggest();
    expect(state().message).toMatchObject({ place: 'area', title: 'Not a DICOM image' });
    expect(state().suggestions).toBeUndefined();
  });
});

test('a key area is placed and adjusted without a mouse', () => {
  controller.protect.place();
  expect(viewer.current).toMatchObject({
    keyAreas: [{ image, rectangle: { x: 96, y: 96, width: 64, height: 64 } }],
  });
  const id = state().adjusting!;
  const rectangle = { x: 10, y: 20, width: 90, height: 80 };
  for (const [side, value] of Object.entries(rectangle))
    controller.protect.changeKeyArea(id, { [side]: value }, rectangle);
  expect(viewer.current).toMatchObject({ keyAreas: [{ id, rectangle }] });
  const { focus } = state();
  for (const beside of [{ x: 200 }, { width: 0 }, { y: 1.5 }]) {
    controller.protect.changeKeyArea(id, { x: 20 }, rectangle);
    expect(state().message).toBeUndefined();
    controller.protect.changeKeyArea(id, beside, rectangle);
    expect(state().message).toMatchObject({ place: 'area', title: 'The key area leaves the image' });
    expect(state().message!.text).toMatch(/^The image is 256 × 256\./);
  }
  // Whoever types is not taken away from the field.
  expect(state().focus).toBe(focus);
  expect(viewer.current).toMatchObject({ keyAreas: [{ id, rectangle }] });
  controller.protect.adjust(undefined);
  expect(state().adjusting).toBeUndefined();
});

test('nothing is protected with a number that was refused, until that was seen', async () => {
  controller.protect.edit({ passphrase: 'orchid lantern cobalt', repeated: 'orchid lantern cobalt' });
  controller.protect.place();
  const id = state().adjusting!;
  const rectangle = { x: 96, y: 96, width: 64, height: 64 };
  for (const x of [3, 35, 355]) controller.protect.changeKeyArea(id, { x }, rectangle);
  expect(viewer.current).toMatchObject({ keyAreas: [{ id, rectangle }] });
  await controller.protect.protect();
  expect(state().message).toMatchObject({ place: 'area', title: 'The key area leaves the image' });
  expect(state().protectedSeries.size).toBe(0);
  await controller.protect.protect();
  expect(state().protectedSeries.size).toBe(1);
});

test('a number that was refused is forgotten with its key area', async () => {
  controller.protect.place();
  const id = state().adjusting!;
  controller.protect.changeKeyArea(id, { x: 355 }, { x: 96, y: 96, width: 64, height: 64 });
  controller.protect.removeKeyArea(id);
  await controller.protect.protect();
  expect(state().message).toMatchObject({ place: 'area', title: 'No key area' });
});

test('a second key area is placed beside the first', () => {
  controller.protect.place();
  const first = state().adjusting;
  controller.protect.place();
  expect(viewer.current).toMatchObject({
    keyAreas: [
      { id: first, rectangle: { x: 96, y: 96 } },
      { rectangle: { x: 128, y: 128, width: 64, height: 64 } },
    ],
  });
  expect(state().adjusting).not.toBe(first);
});

describe('a report from a file', () => {
  test('replaces what was typed', async () => {
    await controller.protect.loadReport(new Blob(['  Befund: kein Nachweis.\r\n']));
    expect(state().draft.report).toBe('Befund: kein Nachweis.');
  });

  test('that is too long is not read', async () => {
    controller.protect.edit({ report: 'Findings' });
    await controller.protect.loadReport(new Blob(['x'.repeat(70_000)]));
    expect(state().message).toMatchObject({ place: 'report', title: 'The file is too long' });
    expect(state().draft.report).toBe('Findings');
  });

  test.each([
    ['UTF-8', 'utf8', []],
    ['UTF-8 with a byte order mark', 'utf8', [0xef, 0xbb, 0xbf]],
    ['UTF-16, little endian, with a byte order mark', 'utf16le', [0xff, 0xfe]],
  ] as const)('is read as %s', async (_, encoding, mark) => {
    const content = Buffer.concat([Buffer.from(mark), Buffer.from('Größe 3 mm, 所見なし', encoding)]);
    await controller.protect.loadReport(new Blob([content]));
    expect(state().draft.report).toBe('Größe 3 mm, 所見なし');
  });

  test('is read as UTF-16, big endian, with a byte order mark', async () => {
    const content = Buffer.from('\uFEFFGröße 3 mm', 'utf16le').swap16();
    await controller.protect.loadReport(new Blob([content]));
    expect(state().draft.report).toBe('Größe 3 mm');
  });

  test.each([
    ['Windows-1252', Buffer.from('Gr\u00f6\u00dfe 3 mm', 'latin1')],
    ['UTF-16 without a byte order mark', Buffer.from('Findings: none.', 'utf16le')],
  ])('in %s is refused: no letter is guessed', async (_, content) => {
    controller.protect.edit({ report: 'Findings' });
    await controller.protect.loadReport(new Blob([content]));
    expect(state().message).toMatchObject({ place: 'report', title: 'This file is not UTF-8 text' });
    expect(state().draft.report).toBe('Findings');
  });

  test('that cannot be read is told beside the report', async () => {
    const gone = Object.assign(new Blob(['x']), {
      arrayBuffer: () => Promise.reject(new DOMException('It was moved.', 'NotReadableError')),
    });
    await controller.protect.loadReport(gone);
    expect(state().message).toMatchObject({ place: 'report', title: 'Something went wrong' });
    expect(state().message!.text).toContain('It was moved.');
  });
});

test('the preview comes back after the worker has ended', async () => {
  const failures: (() => void)[] = [];
  controller.dispose();
  controller = new PanelController(
    viewer,
    connect(1, (fail) => failures.push(fail)),
    panelSettings,
  );
  viewer.display(drawn);
  const planned = () => until(({ preview }) => preview?.pending === false);
  expect((await planned()).preview!.plan).toBeDefined();
  for (const report of ['Find', 'Findings']) {
    failures.at(-1)!();
    controller.protect.edit({ report });
    const { preview } = await planned();
    expect(preview!.refusal).toBeUndefined();
    expect(preview!.plan).toBeDefined();
  }
  expect(failures.length).toBe(3);
});
