import { isTooLarge, MOST_BYTES, MOST_FILES, shareOut } from '../../../src/panel/files/archives';
import { downloadSeries } from '../../../src/panel/files/exportSeries';
import { unzip } from '../../../src/panel/files/unzip';
import { FakeViewer } from '../fakeViewer';

/** What is downloaded can be opened again, however large the series is. */

const MEBIBYTE = 2 ** 20;
const megabytes = new Uint8Array(64 * MEBIBYTE);
const entry = (name: string, bytes = megabytes) => ({ name, bytes });
const many = (count: number, bytes: Uint8Array<ArrayBuffer>) =>
  Array.from({ length: count }, (_, index) => entry(`${index}.dcm`, bytes));

test('a series within the bounds is one archive', () => {
  const entries = many(15, megabytes);
  expect(shareOut(entries)).toEqual([entries]);
});

test('a larger one is several, in order, each with room for headers and manifest', () => {
  const entries = many(66, megabytes);
  const shares = shareOut(entries);
  expect(shares.map(({ length }) => length)).toEqual([15, 15, 15, 15, 6]);
  expect(shares.flat()).toEqual(entries);
});

test('a file that is larger than an archive may be is alone', () => {
  const large = entry('large.dcm', Object.create(megabytes, { length: { value: MOST_BYTES } }));
  const small = entry('small.dcm', new Uint8Array(9));
  const shares = shareOut([small, large, small]);
  expect(shares).toEqual([[small], [large], [small]]);
  expect(shares.map(isTooLarge)).toEqual([false, true, false]);
});

test('a series of more files than an archive may hold is several, which are opened here', async () => {
  const viewer = new FakeViewer({ status: 'empty' } as never);
  const fileIds = Array.from({ length: MOST_FILES }, (_, index) => `file ${index}`);
  for (const id of fileIds) viewer.files.set(id, new TextEncoder().encode(id).buffer);
  const request = { seriesId: 'protected', fileIds, content: 'protected' } as const;
  await downloadSeries(viewer, request, new AbortController().signal, () => {});
  expect(viewer.downloads.map(({ name }) => name)).toEqual([
    'key-area-protected (1 of 2).zip',
    'key-area-protected (2 of 2).zip',
  ]);
  const names: string[] = [];
  for (const { content } of viewer.downloads) {
    const archive = new Uint8Array(await content.arrayBuffer());
    for await (const { name } of unzip(archive, MOST_BYTES)) names.push(name);
  }
  expect(names.filter((name) => name.endsWith('.dcm'))).toHaveLength(fileIds.length);
  expect(names.filter((name) => name === 'manifest.json')).toHaveLength(2);
});
