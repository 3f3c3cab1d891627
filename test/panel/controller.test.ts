import { createHash } from 'node:crypto';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { findElement, readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { TAG } from '../../src/dicom/dataset/tags';
import { protectFile } from '../../src/dicom/index';
import { createProtectionJob } from '../../src/engine/index';
import { PanelController } from '../../src/panel/controller';
import { mayLeaveOut } from '../../src/panel/restore/restoring';
import { holdsUnsaved, isStored, losesWork, type PanelState, viewOf } from '../../src/panel/state';
import { NotReadBack, ReadError, StoreError } from '../../src/viewer/port';
import { buildImage, EXPLICIT, encode, text } from '../dicom/builder';
import { expectSameBytes } from '../dicom/support';
import { connect } from '../worker/connect';
import { brainFile, FakeViewer, imageOf, keyArea, seriesOf } from './fakeViewer';
import { unzipped } from './files/unzipped';
import { panelSettings } from './settings';

/** The panel with a viewer of ours and the real worker, engine and files behind it. */

const passphrase = 'orchid lantern cobalt';
const files = [7, 8, 9].map((number) => ({ id: `file ${number}`, frames: 1 }));
const drawn = {
  status: 'ready',
  series: seriesOf(files),
  image: imageOf(8, 2),
  keyAreas: [keyArea(imageOf(8, 2))],
} as const;

let viewer: FakeViewer;
let controller: PanelController;
beforeEach(() => {
  viewer = new FakeViewer(drawn);
  for (const number of [7, 8, 9]) viewer.files.set(`file ${number}`, brainFile(number));
  controller = new PanelController(viewer, connect(), panelSettings);
});
afterEach(() => controller.dispose());

const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());
const state = (): PanelState => controller.state.get();
const view = () => viewOf(state()).name;

async function protect(scope: 'image' | 'series' = 'image') {
  controller.protect.edit({ report: 'Findings: none.', passphrase, repeated: passphrase, scope });
  await controller.protect.protect();
  const [outcome] = state().protectedSeries.values();
  return outcome!;
}

describe('protecting', () => {
  test('lists and shows a new series, and tells what was counted', async () => {
    const outcome = await protect();
    expect(outcome).toMatchObject({ images: 1, otherImages: 2, samplesChangedOutside: 0, firstPosition: 2 });
    expect(viewer.series.get(outcome.seriesId)).toMatchObject({
      kind: 'protected',
      sourceId: 'original',
      notice: 'Ask us.',
    });
    expect(viewer.shown).toEqual([{ ids: [outcome.seriesId], position: 1 }]);
    expect(view()).toBe('protected');
    expect(state().focus?.place).toBe('result');
  });

  test('a whole series keeps its order and shows the image that was displayed', async () => {
    const outcome = await protect('series');
    const { files: made } = viewer.series.get(outcome.seriesId)!;
    expect(made.map(({ sourceFileId }) => sourceFileId)).toEqual(['file 7', 'file 8', 'file 9']);
    expect(new Set(made.map(({ seriesInstanceUID }) => seriesInstanceUID)).size).toBe(1);
    expect(viewer.shown[0]!.position).toBe(2);
  });

  test('leaves the files of the viewer as they are', async () => {
    await protect();
    expectSameBytes(new Uint8Array(await viewer.readFile('', 'file 8')), new Uint8Array(brainFile(8)));
  });

  test('forgets what was typed, now that it is sealed', async () => {
    await protect();
    viewer.display(drawn);
    expect(view()).toBe('protect');
    expect(state().draft).toMatchObject({ report: '', passphrase: '', repeated: '' });
    expect(state().revealed).toBe(false);
  });

  test('can be undone', async () => {
    const outcome = await protect();
    await controller.protect.removeProtected(outcome);
    expect(viewer.removed).toEqual([{ id: outcome.seriesId, instead: { id: 'original', position: 2 } }]);
    expect(state().protectedSeries.size).toBe(0);
    expect(state().focus?.place).toBe('area');
  });

  test('what cannot be undone is told', async () => {
    const outcome = await protect();
    viewer.removeSeries = () => Promise.reject(new Error('The viewer is busy.'));
    await controller.protect.removeProtected(outcome);
    expect(state().message).toMatchObject({ place: 'action' });
    expect(state().message!.text).toContain('The viewer is busy.');
    expect(view()).toBe('protected');
  });

  test('moves the focus to its progress when it begins', async () => {
    controller.protect.edit({ passphrase, repeated: passphrase });
    const protecting = controller.protect.protect();
    expect(view()).toBe('working');
    expect(state().focus?.place).toBe('result');
    controller.cancel();
    await protecting;
    expect(state().focus?.place).toBe('action');
  });

  test('that is cancelled leaves nothing behind', async () => {
    controller.protect.edit({ passphrase, repeated: passphrase, scope: 'series' });
    const protecting = controller.protect.protect();
    expect(view()).toBe('working');
    controller.cancel();
    expect(state().task?.cancelling).toBe(true);
    await protecting;
    expect(viewer.series.size).toBe(0);
    expect(view()).toBe('protect');
    expect(state().message).toBeUndefined();
  });

  test('in the middle of a series, too', async () => {
    controller.protect.edit({ passphrase, repeated: passphrase, scope: 'series' });
    const stop = controller.state.subscribe(() => {
      const { task } = state();
      if (task?.done === 1 && !task.cancelling) controller.cancel();
    });
    await controller.protect.protect();
    stop();
    expect(viewer.series.size).toBe(0);
    expect(state().task).toBeUndefined();
  });

  test('all or nothing: one refused image refuses the series, by its place', async () => {
    viewer.files.set('file 9', new ArrayBuffer(200));
    await protect('series');
    expect(viewer.series.size).toBe(0);
    expect(state().message).toMatchObject({ place: 'action', title: 'Not a DICOM image' });
    expect(state().message!.text).toMatch(/^Image 3: /);
    expect(state().draft.report).toBe('Findings: none.');
  });
});

describe('another study', () => {
  const other = {
    ...drawn,
    series: seriesOf(files, { id: 'other', studyId: 'other study', patient: 'Roe, Richard' }),
  };

  test('gets a report and a key of its own; what was typed waits for its study', () => {
    controller.protect.edit({ report: 'Of Jane Doe.', passphrase, repeated: passphrase });
    viewer.display(other);
    expect(state().draft).toMatchObject({ report: '', passphrase: '', repeated: '' });
    expect(losesWork(state())).toBe(true);
    controller.protect.edit({ report: 'Of Richard Roe.' });
    viewer.display(drawn);
    expect(state().draft).toMatchObject({ report: 'Of Jane Doe.', passphrase, repeated: passphrase });
    viewer.display({ ...drawn, series: seriesOf(files, { id: 'second series' }) });
    expect(state().draft.report).toBe('Of Jane Doe.');
    viewer.display(other);
    expect(state().draft.report).toBe('Of Richard Roe.');
  });

  test('is not left for what was protected meanwhile', async () => {
    controller.protect.edit({ report: 'Of Jane Doe.', passphrase, repeated: passphrase });
    const protecting = controller.protect.protect();
    viewer.display(other);
    controller.protect.edit({ report: 'Of Richard Roe.' });
    await protecting;
    expect(state().protectedSeries.size).toBe(1);
    expect(viewer.shown).toEqual([]);
    expect(viewer.told).toEqual(['1 image protected']);
    expect(state().draft.report).toBe('Of Richard Roe.');
    viewer.display(drawn);
    expect(state().draft).toMatchObject({ report: '', passphrase: '' });
  });
});

test('a report that was typed is not left without a question', () => {
  expect(losesWork(state())).toBe(false);
  controller.protect.edit({ report: 'Findings' });
  expect(losesWork(state())).toBe(true);
});

describe('a report alone', () => {
  beforeEach(() => viewer.display({ ...drawn, keyAreas: [] }));

  test('needs a report, and no key area', async () => {
    controller.protect.edit({ hideOnly: true, passphrase, repeated: passphrase });
    expect(view()).toBe('protect');
    await controller.protect.protect();
    expect(state().message).toMatchObject({ place: 'report', title: 'No report' });
    controller.protect.edit({ hideOnly: false });
    expect(view()).toBe('draw');
  });

  test('is hidden in the image on display', async () => {
    controller.protect.edit({ hideOnly: true, report: 'None.', passphrase, repeated: passphrase });
    await controller.protect.protect();
    const [outcome] = state().protectedSeries.values();
    expect(state().message).toBeUndefined();
    expect(outcome).toMatchObject({ images: 1, coveredAreas: [], firstPosition: 2 });
    expect(outcome!.samplesChangedOutside).toBeGreaterThan(0);
    expect(outcome!.psnrOutside).toBeGreaterThan(40);
    expect(outcome!.scrambled).toBe(false);
  });

  test('is packed where that was chosen; nothing is scrambled for it', async () => {
    const changes = { report: 'None.', passphrase, repeated: passphrase };
    controller.protect.edit({ ...changes, hideOnly: true, compress: true });
    await controller.protect.protect();
    const [packed] = state().protectedSeries.values();
    const bytes = new Uint8Array(await viewer.readFile('', packed!.fileIds[0]!));
    expect(readFile(bytes).transferSyntax.uid).toBe('1.2.840.10008.1.2.4.80');
    viewer.display({ ...drawn, keyAreas: [] });
    controller.protect.edit({ ...changes, scramble: true });
    await controller.protect.protect();
    expect([...state().protectedSeries.values()].at(-1)!.scrambled).toBe(false);
  });
});

describe('what is missing is told beside its control, before anything is done', () => {
  const complaint = async (changes: Parameters<PanelController['protect']['edit']>[0]) => {
    controller.protect.edit({ passphrase, repeated: passphrase, ...changes });
    await controller.protect.protect();
    expect(state().task).toBeUndefined();
    return state().message;
  };

  test.each([
    ['no passphrase', { passphrase: '' }, 'key', 'No passphrase'],
    ['a short one', { passphrase: 'short', repeated: 'short' }, 'key', 'The passphrase is too short'],
    ['not the same twice', { repeated: 'orchid lantern' }, 'key', 'The passphrases differ'],
    ['an empty range', { scope: 'range', from: 3, to: 2 }, 'scope', 'This range has no image'],
    [
      'a range without what is drawn',
      { scope: 'range', from: 1, to: 1 },
      'scope',
      'A key area lies outside this range',
    ],
  ] as const)('%s', async (_, changes, place, title) => {
    expect(await complaint(changes)).toMatchObject({ place, title });
    expect(state().focus?.place).toBe(place);
  });

  test('a passphrase that is shown need not be repeated', async () => {
    controller.reveal(true);
    expect(await complaint({ repeated: '' })).toBeUndefined();
  });

  test('no key area', async () => {
    viewer.display({ ...drawn, keyAreas: [] });
    expect(await complaint({})).toMatchObject({ place: 'area' });
  });

  test('a key area that cannot be used', async () => {
    viewer.display({ ...drawn, keyAreas: [{ id: 'x', image: imageOf(8, 2), problem: 'oblique' }] });
    expect((await complaint({}))!.text).toContain('rotated');
  });

  test('a key area on another image, beside one that can be used, that is not known without displaying it', async () => {
    const other = { id: 'x', image: imageOf(9, 2), problem: 'undisplayed' } as const;
    viewer.display({ ...drawn, keyAreas: [...drawn.keyAreas, other] });
    expect((await complaint({}))!.text).toContain('until image 2 is displayed');
    expect(state().protectedSeries.size).toBe(0);
  });

  test('is forgotten as soon as something is typed', async () => {
    await complaint({ passphrase: '' });
    controller.protect.edit({ passphrase: 'o' });
    expect(state().message).toBeUndefined();
  });
});

describe('restoring', () => {
  test('gives back the original files and the report, beside the protected series', async () => {
    const made = await protect('series');
    // As after a reload: nothing is known but the series itself.
    await controller.protect.removeProtected(made);
    const { files: protectedFiles } = {
      files: [...viewer.files.keys()].filter((id) => id.startsWith('2.25.')),
    };
    const series = seriesOf(
      protectedFiles.map((id) => ({ id, frames: 1 })),
      { id: 'reloaded', kind: 'protected', notice: 'Ask us.' },
    );
    viewer.display({ status: 'ready', series, image: imageOf(8, 2), keyAreas: [] });
    expect(view()).toBe('restore');

    controller.restore.edit({ passphrase: 'not this one' });
    await controller.restore.restore();
    expect(state().message).toMatchObject({ place: 'key', title: 'Wrong key' });
    expect(viewer.series.size).toBe(0);

    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    const [outcome] = state().restoredSeries.values();
    expect(outcome).toMatchObject({
      images: 3,
      files: 3,
      identicalFiles: 3,
      filesProtected: 3,
      report: 'Findings: none.',
    });
    expect(state().restoring.passphrase).toBe('');
    expect(viewer.shown.at(-1)).toEqual({ ids: ['reloaded', outcome!.seriesId], position: 2 });
    expect(view()).toBe('restored');
    for (const [index, { content }] of viewer.series.get(outcome!.seriesId)!.files.entries())
      expectSameBytes(await bytesOf(content), new Uint8Array(brainFile(7 + index)));

    // The original is listed with images that were not protected.
    viewer.listed.set(outcome!.seriesInstanceUID, 'original');
    const [first, second, third] = outcome!.originals;
    viewer.originals.push({ id: 'cine', frames: 4 }, first!, { id: 'other', frames: 1 }, second!, third!);
    viewer.display({ status: 'ready', series, image: imageOf(8, 2), keyAreas: [] });
    await controller.restore.showOriginal(outcome!);
    expect(viewer.shown.at(-1)).toEqual({ ids: ['original'], position: 7 });

    const show = jest.spyOn(viewer, 'showSideBySide').mockRejectedValue(new Error('no such layout'));
    await controller.restore.showSideBySide(outcome!);
    expect(state().message).toMatchObject({ place: 'action' });
    show.mockRestore();
    await controller.restore.discard(outcome!);
    expect(state().focus?.place).toBe('key');
    expect(viewer.removed.at(-1)).toMatchObject({ id: outcome!.seriesId, instead: { id: 'reloaded' } });
  });

  /** A protected series as another viewer has it, after `change` was done to its files. */
  async function reopen(change: (files: Uint8Array[]) => Uint8Array[], keys = {}) {
    const made = await protect('series');
    const copies = made.fileIds.map(async (id) => new Uint8Array(await viewer.readFile('', id)));
    const bytes = change(await Promise.all(copies));
    await controller.protect.removeProtected(made);
    for (const [index, content] of bytes.entries()) viewer.files.set(`copy ${index}`, content.slice().buffer);
    const series = seriesOf(
      bytes.map((_, index) => ({ id: `copy ${index}`, frames: 1 })),
      { id: 'reopened', kind: 'protected', notice: 'Ask us.', ...keys },
    );
    const image = { ...imageOf(1), fileId: 'copy 0' };
    viewer.display({ status: 'ready', series, image, keyAreas: [] });
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    return [...state().restoredSeries.values()][0];
  }

  test('damage of a QR code is repaired, and told', async () => {
    const outcome = await reopen(([first, second, third]) => {
      const pixels = second!.length - 2 * 256 * 256;
      const { x, y, width, height } = drawn.keyAreas[0].rectangle!;
      second![pixels + 2 * (256 * (y + height / 2) + x + width / 2)]! ^= 0x55;
      return [first!, second!, third!];
    });
    expect(outcome!.isExact).toBe(true);
    expect(outcome!.repaired).toEqual([2]);
  });

  test('what was altered on the way is named by its place, and never called restored', async () => {
    // Every task takes so long that its end is also told outside the panel.
    let milliseconds = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (milliseconds += 10_000));
    const outcome = await reopen(([first, second, third]) => {
      // Far from the key area, in the last rows.
      second![second!.length - 100]! ^= 1;
      return [first!, second!, third!];
    });
    clock.mockRestore();
    expect(viewer.told).toEqual(['3 images protected', 'Key area restored; the rest was altered']);
    expect(outcome).toMatchObject({ alteredElsewhere: 0, report: 'Findings: none.' });
    expect(outcome!.altered).toMatchObject([{ position: 2, blocks: [{ y: 224 }] }]);
    expect(outcome!.isExact).toBe(false);
    expect(viewer.series.get(outcome!.seriesId)!.kind).toBe('altered');
    expect(viewer.shown.at(-1)!.position).toBe(2);
    await controller.export.store(outcome!);
    expect(viewer.stored).toEqual([]);
    await controller.restore.showAltered(outcome!, 2);
    expect(viewer.marked.at(-1)).toMatchObject({
      kind: 'altered',
      blocks: { seriesId: outcome!.seriesId },
    });
  });

  test('a changed attribute that says what pixels mean is named, and the series never called restored', async () => {
    const outcome = await reopen(([first, second, third]) => {
      const spacing = encode(text(0x00280030, 'DS', '9\\9'), EXPLICIT);
      return [first!, splice(readFile(second!), [{ tag: 0x00280030, bytes: spacing }]), third!];
    });
    expect(outcome).toMatchObject({
      altered: [],
      meaningChanged: ['Pixel Spacing (0028,0030)'],
      meaningChangedOn: [2],
    });
    expect(outcome!.isExact).toBe(false);
    expect(viewer.series.get(outcome!.seriesId)!.kind).toBe('altered');
    await controller.export.store(outcome!);
    expect(viewer.stored).toEqual([]);
  });

  test('an image lost from a file of several is named, and the series never called restored', async () => {
    const original = buildImage({ width: 128, height: 128, bitsStored: 12, frames: 3 });
    const keyAreas = [{ rectangle: { x: 20, y: 20, width: 60, height: 60 } }];
    const job = await createProtectionJob({ passphrase, report: 'Findings: none.', workFactor: 10 });
    const { file } = await protectFile(original, job, { areas: keyAreas });
    job.dispose();
    const frameLength = 2 * 128 * 128;
    file.fill(0, file.length - 2 * frameLength, file.length - frameLength);
    viewer.files.set('copy', new Uint8Array(file).buffer);
    const series = seriesOf([{ id: 'copy', frames: 3 }], { id: 'reopened', kind: 'protected' });
    viewer.display({ status: 'ready', series, image: { ...imageOf(3), fileId: 'copy' }, keyAreas: [] });
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    const [outcome] = state().restoredSeries.values();
    expect(outcome).toMatchObject({ images: 3, lostImages: [2], lost: [], report: 'Findings: none.' });
    expect(outcome!.isExact).toBe(false);
    expect(viewer.series.get(outcome!.seriesId)!.kind).toBe('altered');
    await controller.export.store(outcome!);
    expect(viewer.stored).toEqual([]);
  });

  test('of a file of several images, all of them have such an attribute', async () => {
    const job = await createProtectionJob({ passphrase, report: '', workFactor: 4 });
    const areas = [{ rectangle: { x: 20, y: 20, width: 60, height: 60 } }];
    const frames = [1, 3, 1];
    for (const [index, count] of frames.entries()) {
      const original = buildImage({ frames: count, bitsStored: 12, seed: index });
      const { file } = await protectFile(original, job, { areas, index, count: frames.length });
      const spacing = encode(text(0x00280030, 'DS', '9\\9'), EXPLICIT);
      const sent = index === 0 ? file : splice(readFile(file), [{ tag: 0x00280030, bytes: spacing }]);
      viewer.files.set(`cine ${index}`, sent.slice().buffer);
    }
    job.dispose();
    const series = seriesOf(
      frames.map((count, index) => ({ id: `cine ${index}`, frames: count })),
      { id: 'cine', kind: 'protected' },
    );
    const image = { ...imageOf(1), fileId: 'cine 0' };
    viewer.display({ status: 'ready', series, image, keyAreas: [] });
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    const [outcome] = state().restoredSeries.values();
    expect(outcome).toMatchObject({ images: 5, meaningChangedOn: [2, 3, 4, 5] });
  });

  test('missing, doubled and exchanged images are told by their places', async () => {
    const outcome = await reopen(([first, second]) => [second!, first!, second!]);
    expect(outcome!.findings).toEqual({ missing: 1, duplicate: [3], foreign: [], outOfPlace: [2] });
    expect(outcome!.isExact).toBe(true);
  });

  test('an image of another job speaks for no series, even where it is the first', async () => {
    const job = await createProtectionJob({ passphrase, report: 'Of another patient.', workFactor: 4 });
    const areas = [{ rectangle: drawn.keyAreas[0].rectangle! }];
    const stranger = await protectFile(new Uint8Array(brainFile(12)), job, { areas, index: 1, count: 9 });
    job.dispose();
    const outcome = await reopen(([first, second, third]) => [
      stranger.file,
      first!,
      second!,
      second!,
      third!,
    ]);
    expect(outcome).toMatchObject({ report: 'Findings: none.', filesProtected: 3 });
    expect(outcome!.findings).toEqual({ missing: 0, duplicate: [4], foreign: [1], outOfPlace: [] });
  });

  test('a series that is sorted the other way round was not mixed up', async () => {
    const outcome = await reopen((all) => all.reverse());
    expect(outcome!.findings).toEqual({ missing: 0, duplicate: [], foreign: [], outOfPlace: [] });
  });

  test('a lossy copy is told to be hopeless, and offers what is in the QR', async () => {
    await reopen((all) =>
      all.map((bytes) => bytes.map((byte, index) => (index < bytes.length - 2 * 65536 ? byte : byte & 0xf0))),
    );
    expect(state().restoring.told.get('reopened')).toMatchObject({
      problem: { title: expect.stringMatching(/stored with loss|cannot come back/) },
    });
    expect(viewer.series.size).toBe(0);
    // The viewer without a screen gives no picture.
    await controller.restore.readReport();
    expect(state().message).toMatchObject({ title: 'No QR code found' });
  });

  test("an image that cannot come back may be left out, by the user's choice alone", async () => {
    await reopen(([first, second, third]) => [first!, second!.fill(0, second!.length - 2 * 65536), third!]);
    expect(state().message!.text).toMatch(/^Image 2: /);
    expect(viewer.series.size).toBe(0);
    expect(mayLeaveOut(state(), 'reopened')).toBe(true);

    controller.restore.edit({ passphrase: 'not this one' });
    await controller.restore.restore({ leaveOut: true });
    expect(state().message).toMatchObject({ place: 'key', title: 'Wrong key' });

    controller.restore.edit({ passphrase });
    await controller.restore.restore({ leaveOut: true });
    const [outcome] = state().restoredSeries.values();
    expect(outcome).toMatchObject({
      images: 2,
      files: 2,
      lost: [{ position: 2, frames: 1 }],
      findings: { missing: 1 },
    });
    expect(outcome!.isExact).toBe(true);
    const restored = viewer.series.get(outcome!.seriesId)!.files;
    expect(restored.map(({ sourceFileId }) => sourceFileId)).toEqual(['copy 0', 'copy 2']);
    for (const [index, number] of [7, 9].entries())
      expectSameBytes(await bytesOf(restored[index]!.content), new Uint8Array(brainFile(number)));
    // The two would not scroll image by image.
    expect(viewer.shown.at(-1)!.ids).toEqual([outcome!.seriesId]);
  });

  test('a server that does not hand an image out is no defect of this software', async () => {
    const made = await protect('series');
    const reported = jest.fn();
    globalThis.reportError = reported;
    viewer.readFile = () =>
      Promise.reject(new ReadError('The server does not hand the object out (HTTP 403).'));
    await controller.restore.ask();
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    expect(state().message).toMatchObject({
      title: 'The image cannot be read',
      text: 'Image 1: The server does not hand the object out (HTTP 403).',
    });
    expect(reported).not.toHaveBeenCalled();
    expect(made.images).toBe(3);
  });

  /** The second image of what is reopened cannot be read. */
  function failToRead(error: Error): void {
    const read = viewer.readFile.bind(viewer);
    viewer.readFile = (seriesId, fileId) =>
      fileId === 'copy 1' ? Promise.reject(error) : read(seriesId, fileId);
  }

  test.each([
    ['the worker ends', new Error('The background worker stopped working.')],
    ['the server is busy', new ReadError('The file cannot be read (HTTP 503).')],
  ])('where %s, no image passes for lost', async (_, error) => {
    globalThis.reportError = () => {};
    failToRead(error);
    await reopen((all) => all);
    expect(state().message!.text).toMatch(/^Image 2: /);
    expect(mayLeaveOut(state(), 'reopened')).toBe(false);
    await controller.restore.restore({ leaveOut: true });
    expect(state().message!.text).toMatch(/^Image 2: /);
    expect(state().restoredSeries.size).toBe(0);
  });

  test('an image that the server has no more may be left out', async () => {
    failToRead(new ReadError('The file cannot be read (HTTP 404).', { missing: true }));
    await reopen((all) => all);
    expect(mayLeaveOut(state(), 'reopened')).toBe(true);
    await controller.restore.restore({ leaveOut: true });
    const [outcome] = state().restoredSeries.values();
    expect(outcome).toMatchObject({ images: 2, lost: [{ position: 2, frames: 1 }] });
  });

  test('where no image comes back, none is restored', async () => {
    await reopen((all) => all.map((bytes) => bytes.fill(0, bytes.length - 2 * 65536)));
    await controller.restore.restore({ leaveOut: true });
    expect(state().restoredSeries.size).toBe(0);
    expect(viewer.series.size).toBe(0);
    expect(state().restoring.told.get('reopened')).toHaveProperty('problem');
  });

  test('an identity file opens what was protected for recipients', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const settings = { ...panelSettings, recoveryRecipients: [{ name: 'Archive', key: recipient }] };
    controller.dispose();
    controller = new PanelController(viewer, connect(), settings);
    const made = await protect();
    await controller.restore.ask();
    await controller.restore.chooseIdentity(new File(['not an identity'], 'notes.txt'));
    expect(state().message).toMatchObject({ place: 'key' });
    await controller.restore.chooseIdentity(new File([`# created\n${identity}\n`], 'key.txt'));
    controller.restore.edit({ preferIdentity: true });
    await controller.restore.restore();
    expect(state().restoredSeries.get(made.seriesId)).toMatchObject({ report: 'Findings: none.' });
    expect(state().restoring.identity).toBeUndefined();
  });

  test('an image whose tags say nothing is examined', async () => {
    const made = await protect();
    const [fileId] = made.fileIds;
    const series = seriesOf([{ id: fileId!, frames: 1 }], { id: 'stripped' });
    viewer.display({ status: 'ready', series, image: { ...imageOf(1), fileId: fileId! }, keyAreas: [] });
    expect(view()).toBe('draw');
    await controller.restore.ask();
    expect(view()).toBe('restore');
    expect(state().askedToRestore?.notice).toBe('Ask us.');
  });

  test('an image without a key area is told so', async () => {
    await controller.restore.ask();
    expect(state().message).toMatchObject({ place: 'action', title: 'Not protected' });
    expect(view()).toBe('protect');
  });

  test('a series that was made here can be restored here', async () => {
    await protect();
    await controller.restore.ask();
    expect(view()).toBe('restore');
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    expect(view()).toBe('restored');
    expect(state().askedToRestore).toBeUndefined();
  });

  test('beside a series that was made here, the protected one is still what is sent on', async () => {
    const made = await protect();
    await controller.restore.ask();
    controller.restore.edit({ passphrase });
    await controller.restore.restore();
    const restored = state().restoredSeries.get(made.seriesId)!;
    viewer.displayAdded(made.seriesId);
    expect(viewOf(state())).toEqual({ name: 'protected', outcome: made });

    // Asked again, it is there already.
    await controller.restore.ask();
    expect(viewer.shown.at(-1)!.ids).toEqual([made.seriesId, restored.seriesId]);
    expect(viewOf(state())).toEqual({ name: 'restored', outcome: restored });
  });

  test('of a series that was made here can be turned back from, which forgets what was typed', async () => {
    await protect();
    await controller.restore.ask();
    controller.restore.edit({ passphrase });
    controller.restore.turnBack();
    expect(view()).toBe('protected');
    expect(state().restoring.passphrase).toBe('');
    expect(state().focus?.place).toBe('result');
  });

  test('is no longer asked for once another series was on display', async () => {
    const made = await protect();
    await controller.restore.ask();
    viewer.display({ status: 'empty' });
    viewer.displayAdded(made.seriesId);
    expect(view()).toBe('restore');
    viewer.display(drawn);
    viewer.displayAdded(made.seriesId);
    expect(view()).toBe('protected');
  });

  test('looks for a key area in view, and can be cancelled', async () => {
    viewer.hold();
    const asking = controller.restore.ask();
    expect(state().task?.kind).toBe('examine');
    expect(view()).toBe('working');
    controller.cancel();
    viewer.goOn();
    await asking;
    expect(state().message).toBeUndefined();
    expect(view()).toBe('protect');
  });
});

describe('sending on', () => {
  test('a series from elsewhere is saved as it is', async () => {
    const made = await protect('series');
    await controller.protect.removeProtected(made);
    const received = seriesOf(
      made.fileIds.map((id) => ({ id, frames: 1 })),
      { id: 'received', kind: 'protected', notice: 'Ask them.' },
    );
    viewer.display({ status: 'ready', series: received, image: imageOf(1), keyAreas: [] });
    expect(view()).toBe('restore');
    expect(controller.export.turnTo()).toBe(true);
    await controller.export.downloadReceived();
    const { name, content } = viewer.downloads[0]!;
    expect(name).toBe('key-area-protected.zip');
    const entries = await unzipped(await bytesOf(content));
    expect(entries).toHaveLength(4);
    expect(JSON.parse(new TextDecoder().decode(entries[3]!.bytes)).notice).toBe('Ask them.');
  });

  test('a download is a task in view of what it is downloaded from: one at a time, and it can be cancelled', async () => {
    const outcome = await protect('series');
    viewer.hold();
    const downloading = controller.export.downloadProtected(outcome, false);
    expect(state().task).toMatchObject({ kind: 'download', done: undefined, total: 3 });
    expect(view()).toBe('protected');
    await controller.export.downloadProtected(outcome, false);
    // Before another series, too, it is in view: nothing else begins meanwhile.
    viewer.display(drawn);
    expect(view()).toBe('working');
    viewer.displayAdded(outcome.seriesId);
    controller.cancel();
    viewer.goOn();
    await downloading;
    expect(viewer.downloads).toEqual([]);
    expect(state().task).toBeUndefined();
    expect(state().message).toBeUndefined();
    expect(state().focus?.place).toBe('download');
  });

  test('what was protected is unsaved until it was stored or downloaded', async () => {
    expect(holdsUnsaved(state())).toBe(false);
    const outcome = await protect();
    expect(holdsUnsaved(state())).toBe(true);
    await controller.export.downloadProtected(outcome, false);
    expect(holdsUnsaved(state())).toBe(false);
  });

  test('what is saved nowhere goes only after a question', async () => {
    const outcome = await protect();
    await controller.protect.askToRemove(outcome);
    expect(state()).toMatchObject({ confirmingRemoval: outcome.seriesId, focus: { place: 'remove' } });
    expect(viewer.series.size).toBe(1);
    controller.protect.keepProtected();
    expect(state().confirmingRemoval).toBeUndefined();

    await controller.protect.askToRemove(outcome);
    await controller.protect.removeProtected(outcome);
    expect(viewer.series.size).toBe(0);
    expect(state().confirmingRemoval).toBeUndefined();
  });

  test('what was downloaded goes at once', async () => {
    const saved = await protect();
    await controller.export.downloadProtected(saved, false);
    await controller.protect.askToRemove(saved);
    expect(viewer.series.size).toBe(0);
  });

  test('a download that fails says so where it was asked for', async () => {
    const outcome = await protect();
    viewer.files.clear();
    await controller.export.downloadProtected(outcome, false);
    expect(holdsUnsaved(state())).toBe(true);
    expect(state().message).toMatchObject({ place: 'export' });
  });

  test('nothing is downloaded once the study is closed', async () => {
    const outcome = await protect('series');
    viewer.hold();
    const downloading = controller.export.downloadProtected(outcome, false);
    controller.dispose();
    viewer.goOn();
    await downloading;
    expect(viewer.downloads).toEqual([]);
  });

  test('a file is downloaded as it is, several as an archive, without patient data in names', async () => {
    await controller.export.downloadProtected(await protect(), false);
    expect(viewer.downloads).toMatchObject([{ name: 'key-area-protected.dcm', type: 'application/dicom' }]);
    viewer.display(drawn);
    controller.protect.edit({ scope: 'series', passphrase, repeated: passphrase });
    await controller.protect.protect();
    const several = [...state().protectedSeries.values()][1]!;
    await controller.export.downloadProtected(several, false);
    expect(viewer.downloads[1]).toMatchObject({ name: 'key-area-protected.zip', type: 'application/zip' });
  });

  test('every file is stored, and only then it says so', async () => {
    const outcome = await protect('series');
    await controller.export.store(outcome);
    expect(viewer.stored).toEqual(outcome.fileIds);
    expect(isStored(state(), outcome)).toBe(true);
    expect(holdsUnsaved(state())).toBe(false);
  });

  test('a refusal is told in the words of the destination, with the number of files that are there', async () => {
    const outcome = await protect('series');
    viewer.refuseToStore = (fileId) =>
      fileId === outcome.fileIds[1]
        ? new StoreError('It was refused: out of resources (0xA700).')
        : undefined;
    await controller.export.store(outcome);
    expect(state().message).toMatchObject({ place: 'export', title: '2 of 3 files saved' });
    expect(state().message!.details).toEqual(['File 2: It was refused: out of resources (0xA700).']);
    expect(isStored(state(), outcome)).toBe(false);

    // What is there is not sent again.
    viewer.refuseToStore = undefined;
    await controller.export.store(state().protectedSeries.get(outcome.seriesId)!);
    expect(viewer.stored).toEqual([outcome.fileIds[0], outcome.fileIds[2], outcome.fileIds[1]]);
    expect(isStored(state(), outcome)).toBe(true);
  });

  test("what comes back is compared: attributes may be the destination's own, pixels not", async () => {
    const outcome = await protect();
    /** With one bit changed at an offset in an element's value. */
    const changing = (tag: number) => (buffer: ArrayBuffer) => {
      const bytes = new Uint8Array(buffer);
      bytes[findElement(readFile(bytes), tag)!.valueStart] ^= 1;
      return buffer;
    };
    viewer.changeStored = changing(TAG.PixelData);
    await controller.export.store(outcome);
    expect(state().message).toMatchObject({ place: 'export', title: 'Not saved' });
    expect(state().message!.text).toContain('not what was sent');
    expect(isStored(state(), outcome)).toBe(false);

    viewer.changeStored = changing(TAG.SeriesDescription);
    await controller.export.store(outcome);
    expect(isStored(state(), outcome)).toBe(true);
  });

  describe('cancelled', () => {
    const { storeFile } = FakeViewer.prototype;
    /** What a viewer does that is told to stop at one of its files, when that is sent or when it is read back. */
    const stoppingAt = (fileId: string | undefined, stop: () => Error) => {
      viewer.storeFile = async (seriesId, id) => {
        if (id !== fileId) return storeFile.call(viewer, seriesId, id);
        controller.cancel();
        throw stop();
      };
    };
    const whenSent = () => new DOMException('', 'AbortError');
    const whenReadBack = () => new NotReadBack('It was accepted.');

    test('when a file is read back, it says that the file was accepted', async () => {
      const outcome = await protect();
      stoppingAt(outcome.fileIds[0], whenReadBack);
      await controller.export.store(outcome);
      expect(state().message).toMatchObject({ place: 'export', title: 'Accepted, but not read back' });
      expect(state().message!.text).toContain('See on the server what is there.');
      expect(isStored(state(), outcome)).toBe(false);
    });

    test('when a file is compared, too', async () => {
      const outcome = await protect();
      viewer.changeStored = (file) => {
        controller.cancel();
        return file;
      };
      await controller.export.store(outcome);
      expect(state().message).toMatchObject({ title: 'Accepted, but not read back' });
    });

    test('when a file is sent, it does not say that nothing was stored', async () => {
      const outcome = await protect();
      stoppingAt(outcome.fileIds[0], whenSent);
      await controller.export.store(outcome);
      expect(state().message).toMatchObject({ title: 'Cancelled' });
      expect(state().message!.text).toMatch(/it may have been accepted. See on the server what is there/);
    });

    test('in a series, it says which file that is', async () => {
      const outcome = await protect('series');
      stoppingAt(outcome.fileIds[1], whenReadBack);
      await controller.export.store(outcome);
      expect(state().message).toMatchObject({ title: '1 of 3 files saved' });
      expect(state().message!.text).toContain('Cancelled after file 2 was accepted');
    });

    test('between two files, nothing is said of one that was under way', async () => {
      const outcome = await protect('series');
      const stop = controller.state.subscribe(() => {
        if (state().task?.done === 1 && !state().task!.cancelling) controller.cancel();
      });
      await controller.export.store(outcome);
      stop();
      expect(state().message).toMatchObject({ title: '1 of 3 files saved' });
      expect(state().message!.text).toMatch(/^Cancelled\. You can try again/);
      expect(viewer.stored).toEqual([outcome.fileIds[0]]);
    });
  });

  test('what is accepted and not handed out is not called saved, nor refused', async () => {
    const outcome = await protect('series');
    viewer.refuseToStore = (fileId) =>
      fileId === outcome.fileIds[0] ? new StoreError('It was refused.') : new NotReadBack('It was accepted.');
    await controller.export.store(outcome);
    expect(state().message).toMatchObject({ title: '2 of 3 files accepted, but not read back' });
    expect(state().message!.details).toHaveLength(3);
  });

  test('a destination that refuses everything is not asked for every file', async () => {
    controller.protect.edit({ scope: 'series' });
    const outcome = await protect('series');
    let asked = 0;
    viewer.refuseToStore = () => {
      asked++;
      return new StoreError('It was refused (no answer).');
    };
    await controller.export.store({ ...outcome, fileIds: Array.from({ length: 9 }, (_, k) => `file ${k}`) });
    expect(asked).toBe(3);
    expect(state().message).toMatchObject({ title: 'Not saved' });
  });

  test('an archive says what is in it, and takes the other images along where asked for', async () => {
    const outcome = await protect();
    viewer.originals.push(...files);
    await controller.export.downloadProtected(outcome, true);
    const { name, content } = viewer.downloads[0]!;
    expect(name).toBe('key-area-protected.zip');
    const entries = await unzipped(new Uint8Array(await content.arrayBuffer()));
    expect(entries.map((entry) => entry.name)).toEqual([
      'key-area-protected-1.dcm',
      'unchanged-1.dcm',
      'unchanged-2.dcm',
      'manifest.json',
    ]);
    expect(entries[1]!.bytes).toEqual(new Uint8Array(brainFile(7)));
    const manifest = JSON.parse(new TextDecoder().decode(entries[3]!.bytes));
    expect(manifest).toMatchObject({ notice: 'Ask us.', coveredAreas: outcome.coveredAreas });
    expect(manifest.files[2]).toEqual({
      name: 'unchanged-2.dcm',
      sha256: createHash('sha256')
        .update(new Uint8Array(brainFile(9)))
        .digest('hex'),
      content: 'unchanged',
    });
  });
});

test('a file that is dropped twice beside a listed series is listed once', async () => {
  const { seriesId, fileIds } = await protect();
  const [{ seriesInstanceUID }] = viewer.series.get(seriesId)!.files;
  viewer.listed.set(seriesInstanceUID, 'elsewhere');
  const dropped = new File([await viewer.readFile(seriesId, fileIds[0]!)], 'a.dcm');
  await controller.files.take([dropped]);
  const shown = viewer.shown.at(-1);
  await controller.files.take([dropped]);
  expect(state().message).toBeUndefined();
  expect([...viewer.series.values()].map(({ besidesListed }) => besidesListed)).toEqual([undefined, true]);
  expect(viewer.shown.slice(-2)).toEqual([shown, shown]);
});

describe('the study is closed', () => {
  test('nothing that was typed or restored is kept', async () => {
    await protect();
    controller.dispose();
    expect(state().draft).toMatchObject({ report: '', passphrase: '', repeated: '' });
    expect(state().protectedSeries.size).toBe(0);
  });

  test('in the middle of the work', async () => {
    controller.protect.edit({ passphrase, repeated: passphrase, scope: 'series' });
    const protecting = controller.protect.protect();
    controller.dispose();
    await protecting;
    expect(viewer.series.size).toBe(0);
    expect(state().task).toBeUndefined();
    expect(state().draft.passphrase).toBe('');
  });
});
