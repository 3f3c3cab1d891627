import { deflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { zipParts } from '../../../src/panel/files/zip';
import { unzipped } from './unzipped';

const entries = [
  { name: 'first-1.dcm', bytes: Uint8Array.from({ length: 70_000 }, (_, index) => index * 7) },
  { name: 'first-2.dcm', bytes: new Uint8Array(0) },
];

const bytesOf = async (parts: BlobPart[]) => new Uint8Array(await new Blob(parts).arrayBuffer());

/** An archive of one file, of which the directory says what it is told to, `count` times. */
function archiveOf({
  content,
  method = 0,
  length = content.length,
  count = 1,
}: {
  content: Uint8Array;
  method?: number;
  length?: number;
  count?: number;
}): Uint8Array<ArrayBuffer> {
  const local = Buffer.alloc(31, 'a');
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(1, 26);
  local.writeUInt16LE(0, 28);
  const entry = Buffer.alloc(47);
  entry.write('a', 46);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(content.length, 20);
  entry.writeUInt32LE(length, 24);
  entry.writeUInt16LE(1, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(local.length + content.length, 16);
  return new Uint8Array(Buffer.concat([local, content, ...Array<Buffer>(count).fill(entry), end]));
}

const code = (expected: string) => expect.objectContaining({ code: expected });

test('stored and packed files come out as they were, folders are left out', async () => {
  expect(await unzipped(await bytesOf(await zipParts(entries)))).toEqual(entries);
  const packed = zipSync({ 'first-1.dcm': entries[0].bytes, 'folder/': new Uint8Array(0) });
  expect(await unzipped(new Uint8Array(packed))).toEqual([entries[0]]);
});

test('a file of which more comes out than the directory says ends the work', async () => {
  const bomb = deflateRawSync(new Uint8Array(8 * 2 ** 20));
  await expect(unzipped(archiveOf({ content: bomb, method: 8, length: 1000 }))).rejects.toThrow(
    code('truncated'),
  );
});

test('files whose lengths differ from what the directory says are refused', async () => {
  const content = Uint8Array.of(1, 2, 3);
  expect(await unzipped(archiveOf({ content }))).toEqual([{ name: 'a', bytes: content }]);
  for (const length of [0, 2, 4, 2 ** 20]) {
    await expect(unzipped(archiveOf({ content, length }))).rejects.toThrow(code('truncated'));
    await expect(
      unzipped(archiveOf({ content: deflateRawSync(content), method: 8, length })),
    ).rejects.toThrow(code('truncated'));
  }
});

test('what the directory announces is bounded before anything is unpacked', async () => {
  const content = Uint8Array.of(1, 2, 3);
  await expect(unzipped(archiveOf({ content, length: 2 ** 30 + 1 }))).rejects.toThrow(
    code('invalid-argument'),
  );
  await expect(unzipped(archiveOf({ content, count: 5001 }))).rejects.toThrow(code('invalid-argument'));
});

test('files that lie in one another are refused before one is unpacked', async () => {
  const content = new Uint8Array(200);
  await expect(unzipped(archiveOf({ content, count: 2 }))).rejects.toThrow(code('truncated'));
});

test('what is cut off anywhere, or packed in an unknown way, is refused', async () => {
  const archive = (await bytesOf(
    await zipParts([{ name: 'a', bytes: Uint8Array.of(1, 2, 3) }]),
  )) as Uint8Array<ArrayBuffer>;
  for (let length = 0; length < archive.length; length++)
    await expect(unzipped(archive.slice(0, length))).rejects.toThrow(code('truncated'));
  await expect(unzipped(archiveOf({ content: Uint8Array.of(1), method: 12 }))).rejects.toThrow(
    code('truncated'),
  );
});
