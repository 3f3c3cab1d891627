import { unzip } from '../../../src/panel/files/unzip';
import type { ZipEntry } from '../../../src/panel/files/zip';

/** All files of a ZIP archive. */
export async function unzipped(archive: Uint8Array<ArrayBuffer>): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  for await (const entry of unzip(archive, Number.POSITIVE_INFINITY)) entries.push(entry);
  return entries;
}
