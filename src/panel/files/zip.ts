import { Zip, ZipPassThrough } from 'fflate';
import { nextTask } from '../nextTask';

/** One file of an archive. */
export interface ZipEntry {
  /** ASCII, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The time of export is nobody's business: the earliest that the format knows. */
const NO_DATE = new Date(1980, 0, 1);

/** Bytes that are summed up (CRC-32) before the page is free again: a matter of a few milliseconds. */
const AT_ONCE = 2 ** 20;

/** A ZIP archive of uncompressed files, as parts of a Blob: protected pixels do not compress. */
export async function zipParts(entries: readonly ZipEntry[]): Promise<BlobPart[]> {
  const parts: BlobPart[] = [];
  const archive = new Zip((error, chunk) => {
    if (error) throw error;
    parts.push(chunk);
  });
  for (const { name, bytes } of entries) {
    const file = new ZipPassThrough(name);
    file.mtime = NO_DATE;
    archive.add(file);
    for (let start = 0; start === 0 || start < bytes.length; start += AT_ONCE) {
      const end = start + AT_ONCE;
      file.push(bytes.subarray(start, end), end >= bytes.length);
      await nextTask();
    }
  }
  archive.end();
  return parts;
}
