import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackTarball } from '../../scripts/lib/tarball.mjs';
import { checkIntegrity } from '../../scripts/lib/viewer.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tarball-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Entry {
  readonly path: string;
  readonly content: string;
  readonly type?: string;
  readonly prefix?: string;
}

/** A ustar archive, as POSIX lays it out. */
function tarball(...entries: Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, content, type = '0', prefix = '' }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write('0000644\0', 100);
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    header.write(prefix, 345);
    const padded = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    padded.write(content);
    return [header, padded];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

test('unpacks files into the folders they name', async () => {
  const content = 'é'.repeat(700);
  await unpackTarball(
    tarball({ path: 'package/a.txt', content }, { path: 'b.txt', content: '', prefix: 'package/dist' }),
    folder,
  );
  expect(await readFile(join(folder, 'package', 'a.txt'), 'utf8')).toBe(content);
  expect(await readFile(join(folder, 'package', 'dist', 'b.txt'), 'utf8')).toBe('');
});

test('takes long names from a pax header', async () => {
  const path = `package/${'long/'.repeat(40)}name.txt`;
  const record = ` path=${path}\n`;
  const header = `${record.length + 3}${record}`;
  await unpackTarball(
    tarball({ path: 'pax', content: header, type: 'x' }, { path: 'short', content: 'x' }),
    folder,
  );
  expect(await readFile(join(folder, path), 'utf8')).toBe('x');
});

test('leaves out links and devices', async () => {
  await unpackTarball(
    tarball({ path: 'link', content: '', type: '2' }, { path: 'file', content: 'x' }),
    folder,
  );
  expect(await readdir(folder)).toEqual(['file']);
});

test.each(['../outside.txt', 'package/../../outside.txt', '..'])('refuses to write %s', async (path) => {
  await expect(unpackTarball(tarball({ path, content: 'x' }), join(folder, 'inside'))).rejects.toThrow(
    'outside',
  );
});

test('an archive other than the pinned one is refused', () => {
  const pinned = `sha512-${'A'.repeat(86)}==`;
  expect(() => checkIntegrity(Buffer.from('other'), pinned, 'viewer@1.0.0')).toThrow(
    /viewer@1\.0\.0 is not the one pinned in \.ohifrc: expected sha512-A+==, found sha512-/,
  );
});
