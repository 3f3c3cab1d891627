import { Zip, ZipPassThrough } from 'fflate';

/** One file of an archive. */
export interface ZipEntry {
  /** ASCII, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The time of export is nobody's business: the earliest that the format knows. */
const NO_DATE = new Date(1980, 0, 1);

/** A ZIP archive of uncompressed files, as parts of a Blob: protected pixels do not compress. */
export function zipParts(entries: readonly ZipEntry[]): BlobPart[] {
  const parts: BlobPart[] = [];
  const archive = new Zip((error, chunk) => {
    if (error) throw error;
    parts.push(chunk);
  });
  for (const { name, bytes } of entries) {
    const file = new ZipPassThrough(name);
    file.mtime = NO_DATE;
    archive.add(file);
    file.push(bytes, true);
  }
  archive.end();
  return parts;
}
