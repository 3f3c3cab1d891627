import { protectFile } from '../../src/dicom/index';
import { createProtectionJob } from '../../src/engine/index';
import { openFiles } from '../../src/panel/openFiles';
import { zipParts } from '../../src/panel/zip';
import { connect } from '../worker/connect';
import { brainFile, FakeViewer } from './fakeViewer';
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

const open = (files: File[], viewer: FakeViewer, largestFile = 2 ** 29) =>
  openFiles(files, viewer, service, largestFile, new AbortController().signal, () => {});
const file = (bytes: BlobPart, name = 'a.dcm') => new File([bytes], name);
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
  expect(opened.skipped).toBe(2);
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

test('a series that the viewer lists already is shown, not listed again', async () => {
  const [first] = await protectedFiles();
  const viewer = emptyViewer();
  viewer.listed.set((await service.describe(first!.slice().buffer)).seriesInstanceUID, 'listed');
  expect((await open([file(first!)], viewer)).seriesIds).toEqual(['listed']);
  expect(viewer.series.size).toBe(0);
});

test('files that are not protected are refused by name', async () => {
  await expect(open([file(brainFile(7))], emptyViewer())).rejects.toMatchObject({ code: 'not-protected' });
  await expect(open([file('not DICOM')], emptyViewer())).rejects.toMatchObject({ code: 'not-protected' });
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
  expect((await open([archive], emptyViewer(), allowed)).seriesIds).toHaveLength(1);
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
