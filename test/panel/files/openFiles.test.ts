import { protectFile } from '../../../src/dicom/index';
import { createProtectionJob } from '../../../src/engine/index';
import { type BroughtSeries, type OpenedFiles, openFiles } from '../../../src/panel/files/openFiles';
import { zipParts } from '../../../src/panel/files/zip';
import { connect } from '../../worker/connect';
import { brainFile, FakeViewer } from '../fakeViewer';
import { unzipped } from './unzipped';

/** Files that a user brings along, read by the real worker. */

const service = connect();
afterAll(() => service.dispose());

async function protectedFiles(): Promise<Uint8Array<ArrayBuffer>[]> {
  const job = await createProtectionJob({
    passphrase: 'orchid lantern',
    report: '',
    notice: 'Ask us.',
    workFactor: 4,
  });
  const files: Uint8Array<ArrayBuffer>[] = [];
  for (const [index, number] of [7, 8].entries()) {
    const source = new Uint8Array(brainFile(number));
    const areas = [{ rectangle: { x: 90, y: 100, width: 60, height: 60 } }];
    const { file } = await protectFile(source, job, { areas, carrier: 'vault', index, count: 2 });
    files.push(new Uint8Array(file));
  }
  job.dispose();
  return files;
}

const open = (files: File[], viewer: FakeViewer, largestFile = 2 ** 29, brought: BroughtSeries = new Map()) =>
  openFiles(files, viewer, service, { largestFile, brought }, new AbortController().signal, () => {});
const file = (bytes: BlobPart, name = 'a.dcm') => new File([bytes], name);
const idsOf = ({ series }: OpenedFiles) => series.map(({ id }) => id);
const emptyViewer = () => new FakeViewer({ status: 'empty' });

test('an archive is listed as a series in the order of its images, the rest of it left out', async () => {
  const [first, second] = await protectedFiles();
  const entries = [
    { name: 'b.dcm', bytes: second! },
    { name: 'original.dcm', bytes: new Uint8Array(brainFile(9)) },
    { name: 'a.dcm', bytes: first! },
    { name: 'manifest.json', bytes: new TextEncoder().encode('{}') },
  ];
  const viewer = emptyViewer();
  const opened = await open([file(new Blob(await zipParts(entries)))], viewer);
  expect(opened.skipped).toBe(1);
  const [series] = viewer.series.values();
  expect(series).toMatchObject({ kind: 'protected', sourceId: undefined, notice: 'Ask us.' });
  expect(series!.files.map(({ attributes }) => attributes.InstanceNumber)).toEqual([7, 8]);
  expect(series!.files[0]!.attributes).toMatchObject({
    Modality: 'MR',
    Rows: 256,
    Columns: 256,
    BitsAllocated: 16,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelSpacing: [expect.any(Number), expect.any(Number)],
  });
  expect(new Uint8Array(await series!.files[0]!.content.arrayBuffer())).toEqual(first);
});

describe('a series that the viewer lists already', () => {
  let files: Uint8Array<ArrayBuffer>[];
  let viewer: FakeViewer;
  /** Lists files as those of the series. */
  async function list(listed: readonly Uint8Array<ArrayBuffer>[]) {
    viewer = emptyViewer();
    for (const [index, bytes] of listed.entries()) {
      const { seriesInstanceUID, sopInstanceUID } = await service.describe(files[index]!.slice().buffer);
      viewer.listed.set(seriesInstanceUID, 'listed');
      viewer.originals.push({ id: sopInstanceUID, frames: 1 });
      viewer.files.set(sopInstanceUID, new Blob([bytes]));
    }
  }
  let brought: BroughtSeries;
  beforeEach(() => {
    brought = new Map();
  });
  const openAll = (given = files) =>
    open(
      given.map((bytes) => file(bytes)),
      viewer,
      undefined,
      brought,
    );
  beforeAll(async () => {
    files = await protectedFiles();
  });

  test('is shown, not listed again, where it has what was brought', async () => {
    await list(files);
    expect(idsOf(await openAll())).toEqual(['listed']);
    expect(viewer.series.size).toBe(0);
  });

  test.each([
    ['is damaged', () => files.map((bytes, index) => (index === 1 ? blackened(bytes) : bytes))],
    ['has not all images', () => files.slice(0, 1)],
  ])('that %s is listed beside it as it was brought', async (_, there) => {
    await list(there());
    const seriesIds = idsOf(await openAll());
    expect(seriesIds).toEqual([...viewer.series.keys()]);
    const [series] = viewer.series.values();
    expect(series).toMatchObject({ kind: 'protected', besidesListed: true });
    expect(series!.files).toHaveLength(2);
  });

  test('and another that was brought are not listed again where the same is brought again', async () => {
    await list(files.slice(0, 1));
    const seriesIds = idsOf(await openAll());
    expect(idsOf(await openAll())).toEqual(seriesIds);
    // A part of it, too.
    expect(idsOf(await openAll(files.slice(1)))).toEqual(seriesIds);
    expect(viewer.series.size).toBe(1);
  });

  test('and another that was brought stay as they are where something else is brought', async () => {
    await list(files.slice(0, 1));
    const seriesIds = idsOf(await openAll());
    const other = await openAll(files.map((bytes, index) => (index === 0 ? blackened(bytes) : bytes)));
    expect(idsOf(other)).not.toEqual(seriesIds);
    expect(idsOf(await openAll())).toEqual(seriesIds);
    expect(viewer.series.size).toBe(2);
  });

  test('and another that was brought and removed are listed again', async () => {
    await list(files.slice(0, 1));
    const [first] = idsOf(await openAll());
    await viewer.removeSeries(first!, undefined);
    await openAll();
    expect(viewer.series.size).toBe(1);
  });

  test('that cannot be read is listed beside it, too', async () => {
    await list(files);
    viewer.readFile = () => Promise.reject(new Error('The server does not answer.'));
    expect(idsOf(await openAll())).toEqual([...viewer.series.keys()]);
  });
});

/** With pixels lost. */
function blackened(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy.fill(0, copy.length >> 1);
  return copy;
}

describe('at once', () => {
  const openTwice = async (again: (bytes: Uint8Array<ArrayBuffer>) => BlobPart) => {
    const [first, second] = await protectedFiles();
    const viewer = emptyViewer();
    const seriesIds = idsOf(await open([file(first!), file(second!), file(again(first!))], viewer));
    expect(seriesIds).toEqual([...viewer.series.keys()]);
    return [...viewer.series.values()].map(({ files, besidesListed }) => [files.length, besidesListed]);
  };

  test('the same object brought twice is listed once', async () => {
    expect(await openTwice((bytes) => bytes)).toEqual([[2, false]]);
  });

  test('two objects under one identifier are both listed, one beside the other', async () => {
    expect(await openTwice(blackened)).toEqual([
      [2, false],
      [1, true],
    ]);
  });
});

test('files that are not protected are refused by name', async () => {
  await expect(open([file(brainFile(7))], emptyViewer())).rejects.toMatchObject({ code: 'not-protected' });
  await expect(open([file('not DICOM')], emptyViewer())).rejects.toMatchObject({ code: 'not-dicom' });
  await expect(open([file('not DICOM'), file(brainFile(7))], emptyViewer())).rejects.toMatchObject({
    code: 'not-protected',
    message: expect.stringContaining('None of these files'),
  });
});

test('a file that ends too early is not called unprotected', async () => {
  const [first, second] = await protectedFiles();
  const cut = first!.slice(0, -500);
  await expect(open([file(cut)], emptyViewer())).rejects.toMatchObject({ code: 'truncated' });
  await expect(open([file(brainFile(9)), file(cut)], emptyViewer())).rejects.toMatchObject({
    code: 'truncated',
  });
  const opened = await open([file(cut), file(second!), file(brainFile(9))], emptyViewer());
  expect(opened).toMatchObject({ skipped: 1, truncated: 1 });
  expect(opened.series).toMatchObject([{ description: expect.stringContaining('FSE PD'), modality: 'MR' }]);
});

test('a file that is larger than the site allows is refused unread, in an archive, too', async () => {
  const [first] = await protectedFiles();
  const allowed = first!.length;
  const refused = { code: 'invalid-argument', message: expect.stringContaining('largestFile') };
  const alone = file(first!);
  const read = jest.spyOn(alone, 'arrayBuffer');
  await expect(open([alone], emptyViewer(), allowed - 1)).rejects.toMatchObject(refused);
  expect(read).not.toHaveBeenCalled();
  const entries = ['a.dcm', 'b.dcm'].map((name) => ({ name, bytes: first! }));
  const archive = file(new Blob(await zipParts(entries)), 'a.zip');
  await expect(open([archive], emptyViewer(), allowed - 1)).rejects.toMatchObject(refused);
  // The archive is larger than a file may be; the files in it are not.
  expect((await open([archive], emptyViewer(), allowed)).series).toHaveLength(1);
});

test('an archive that is cut or larger than it may be is refused', async () => {
  const bytes = new Uint8Array(
    await new Blob(await zipParts([{ name: 'a', bytes: new Uint8Array(100) }])).arrayBuffer(),
  );
  expect((await unzipped(bytes)).map(({ name }) => name)).toEqual(['a']);
  await expect(unzipped(bytes.subarray(0, 60))).rejects.toThrow('not whole');
  // The directory's claim of what the file unpacks to.
  const directory = bytes.length - 22 - 46 - 1;
  new DataView(bytes.buffer).setUint32(directory + 24, 2 ** 31, true);
  await expect(unzipped(bytes)).rejects.toThrow('more than');
});
