import { KeyAreaError } from '../engine/errors';
import { checkFileSize } from '../viewer/fileSize';
import { handOver } from '../viewer/handOver';
import type { NewFile, ViewerPort } from '../viewer/port';
import type { FileDescription, KeyAreaService } from '../viewer/service';
import type { OnProgress } from './context';
import { isZip, unzip } from './unzip';

/** Bytes of an archive that is opened; of the files in it, each may be as large as any other. */
const LARGEST_ARCHIVE = 2 ** 30;

interface OpenedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly description: FileDescription;
}

/** What came of files that the user brought. */
export interface OpenedFiles {
  /** The series that are listed now, or were before, of which each carries a key area. */
  readonly seriesIds: readonly string[];
  /** Files that are not protected, or no DICOM images: left out. */
  readonly skipped: number;
}

/**
 * Lists protected DICOM files, or those of a ZIP archive, as series of the viewer, in memory only.
 * Throws `not-protected` where there is none among them, `invalid-argument` where a file is too large, and
 * what {@link unzip} throws.
 *
 * @param largestFile bytes of the largest file that is worked on
 */
export async function openFiles(
  given: readonly File[],
  port: ViewerPort,
  service: KeyAreaService,
  largestFile: number,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<OpenedFiles> {
  const contents = await contentsOf(given, largestFile, signal);
  const series = new Map<string, OpenedFile[]>();
  let skipped = 0;
  for (const [index, bytes] of contents.entries()) {
    onProgress(index, contents.length);
    try {
      const description = await service.describe(bytes.slice().buffer, { signal });
      const { seriesInstanceUID } = description;
      series.set(seriesInstanceUID, [...(series.get(seriesInstanceUID) ?? []), { bytes, description }]);
    } catch (error) {
      if (!isRefusal(error, ['not-dicom', 'truncated', 'no-pixel-data'])) throw error;
      skipped++;
    }
  }
  const seriesIds: string[] = [];
  for (const [seriesInstanceUID, files] of series) {
    const listed = port.seriesByUID(seriesInstanceUID);
    const notice = await noticeOf(files[0], service, signal);
    if (notice === undefined) {
      skipped += files.length;
      continue;
    }
    if (listed !== undefined && (await holds(listed, files, port, service, signal))) {
      seriesIds.push(listed);
      continue;
    }
    files.sort((a, b) => instanceNumber(a) - instanceNumber(b));
    const news = files.map(
      ({ bytes, description }): NewFile => ({
        ...description,
        sourceFileId: undefined,
        content: handOver(bytes.buffer),
      }),
    );
    const besidesListed = listed !== undefined;
    const added = port.addSeries({
      kind: 'protected',
      sourceId: undefined,
      files: news,
      notice,
      besidesListed,
    });
    seriesIds.push(added.id);
  }
  if (seriesIds.length === 0) {
    throw new KeyAreaError(
      'not-protected',
      contents.length === 1
        ? 'This file carries no key area that this software can restore.'
        : 'None of these files carries a key area that this software can restore.',
    );
  }
  return { seriesIds, skipped };
}

/**
 * True where a listed series has all these files as they are. What a server keeps may be damaged, stored with loss or
 * not whole: that is why a user brings the files along.
 */
async function holds(
  listed: string,
  files: readonly OpenedFile[],
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
): Promise<boolean> {
  const ids = new Set(port.filesOf(listed).map(({ id }) => id));
  if (!files.every(({ description }) => ids.has(description.sopInstanceUID))) return false;
  for (const { bytes, description } of files) {
    let there: ArrayBuffer;
    try {
      there = await port.readFile(listed, description.sopInstanceUID, signal);
    } catch {
      signal.throwIfAborted();
      return false;
    }
    if ((await service.compare(bytes.slice().buffer, there, { signal })) === 'other') return false;
  }
  return true;
}

async function contentsOf(
  given: readonly File[],
  largestFile: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const contents: Uint8Array<ArrayBuffer>[] = [];
  for (const file of given) {
    signal.throwIfAborted();
    const zip = isZip(await bytesOf(file.slice(0, 4)));
    if (!zip) checkFileSize(file.size, largestFile);
    else if (file.size > LARGEST_ARCHIVE) {
      throw new KeyAreaError(
        'invalid-argument',
        `Archives of up to ${LARGEST_ARCHIVE / 2 ** 20} MB are opened here. Unpack it, and open the series one by one.`,
      );
    }
    const bytes = await bytesOf(file);
    if (!zip) {
      contents.push(bytes);
      continue;
    }
    for await (const entry of unzip(bytes, largestFile)) {
      signal.throwIfAborted();
      contents.push(entry.bytes);
    }
  }
  return contents;
}

const bytesOf = async (file: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await file.arrayBuffer());

/** The notice of a protected file, empty where it has none; undefined where it is not protected. */
async function noticeOf(
  { bytes }: OpenedFile,
  service: KeyAreaService,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await service.inspect(bytes.slice().buffer, { signal })).notice;
  } catch (error) {
    // Its report may still be read from the QR code on display.
    if (isRefusal(error, ['damaged', 'stored-with-loss'])) return '';
    if (isRefusal(error, ['cancelled'])) throw error;
    return undefined;
  }
}

const isRefusal = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof KeyAreaError && codes.includes(error.code);

const instanceNumber = ({ description }: OpenedFile): number =>
  Number(description.attributes.InstanceNumber ?? 0);
