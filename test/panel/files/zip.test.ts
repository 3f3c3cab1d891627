import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { zipParts } from '../../../src/panel/files/zip';
import { expectSameBytes } from '../../dicom/support';
import { testWith } from '../../readers';

const entries = [
  { name: 'first-1.dcm', bytes: Uint8Array.from({ length: 70_000 }, (_, index) => index * 7) },
  { name: 'first-2.dcm', bytes: new Uint8Array(0) },
  { name: 'first-3.dcm', bytes: Uint8Array.of(1, 2, 3) },
  { name: 'first-4.dcm', bytes: new Uint8Array(2 ** 20).fill(5) },
  { name: 'first-5.dcm', bytes: Uint8Array.from({ length: 2_100_000 }, (_, index) => index >> 3) },
];

const archive = async () => Buffer.from(await new Blob(await zipParts(entries)).arrayBuffer());

test('every file comes out again', async () => {
  const files = unzipSync(await archive());
  expect(Object.keys(files)).toEqual(entries.map(({ name }) => name));
  for (const { name, bytes } of entries) expectSameBytes(files[name]!, bytes);
});

testWith('python3')('an independent reader unpacks it, and it tells no time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  try {
    const path = join(folder, 'archive.zip');
    writeFileSync(path, await archive());
    execFileSync('python3', ['-m', 'zipfile', '-e', path, folder]);
    for (const { name, bytes } of entries) expectSameBytes(readFileSync(join(folder, name)), bytes);
    expect(execFileSync('python3', ['-m', 'zipfile', '-l', path], { encoding: 'utf8' })).toContain(
      '1980-01-01',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
