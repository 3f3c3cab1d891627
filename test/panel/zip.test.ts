import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, zipParts } from '../../src/panel/zip';
import { testWith } from '../readers';

const entries = [
  { name: 'first-1.dcm', bytes: Uint8Array.from({ length: 70_000 }, (_, index) => index * 7) },
  { name: 'first-2.dcm', bytes: new Uint8Array(0) },
  { name: 'first-3.dcm', bytes: Uint8Array.of(1, 2, 3) },
];

const archive = async () => Buffer.from(await new Blob(zipParts(entries)).arrayBuffer());

test('the checksum is CRC-32', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

test('the directory at the end leads to every file', async () => {
  const bytes = await archive();
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
  expect(bytes.readUInt16LE(end + 10)).toBe(entries.length);
  let position = bytes.readUInt32LE(end + 16);
  for (const { name, bytes: content } of entries) {
    expect(bytes.readUInt32LE(position)).toBe(0x02014b50);
    expect(bytes.readUInt32LE(position + 16)).toBe(crc32(content));
    expect(bytes.readUInt32LE(position + 24)).toBe(content.length);
    const nameLength = bytes.readUInt16LE(position + 28);
    expect(bytes.toString('latin1', position + 46, position + 46 + nameLength)).toBe(name);
    const local = bytes.readUInt32LE(position + 42);
    expect(bytes.readUInt32LE(local)).toBe(0x04034b50);
    const start = local + 30 + nameLength;
    expect(bytes.subarray(start, start + content.length)).toEqual(Buffer.from(content));
    position += 46 + nameLength;
  }
  expect(position).toBe(end);
});

testWith('python3')('an independent reader unpacks it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  try {
    const path = join(folder, 'archive.zip');
    writeFileSync(path, await archive());
    execFileSync('python3', ['-m', 'zipfile', '-e', path, folder]);
    for (const { name, bytes } of entries)
      expect(readFileSync(join(folder, name))).toEqual(Buffer.from(bytes));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
