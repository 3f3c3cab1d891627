import { KeyAreaError } from '../../engine/errors';
import { checkFileSize } from '../../viewer/fileSize';
import { handOver } from '../../viewer/handOver';
import type { NewFile, ViewerPort } from '../../viewer/port';
import type { FileDescription, KeyAreaService } from '../../viewer/service';
import type { OnProgress } from '../context';
import { MOST_BYTES } from './archives';
import { MANIFEST } from './manifest';
import { isZip, unzip } from './unzip';

interface OpenedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly description: FileDescription;
}

/** A listed series, and the ids of its files by their own SOP Instance UIDs. */
interface ListedFiles {
  readonly id: string;
  readonly fileIds: ReadonlyMap<string, string>;
}

/** What was listed of files that the user brought, by their own Series Instance UIDs. */
export type BroughtSeries = Map<string, readonly ListedFiles[]>;

/** A series that carries a key area, of files that the user brought. */
export interface OpenedSeries {
  readonly id: string;
  readonly description: string;
  readonly modality: string;
}

/** What came of files that the user brought. */
export interface OpenedFiles {
  /** Listed now, or before. */
  readonly series: readonly OpenedSeries[];
  /** Files that are not protected, or no DICOM images: left out. */
  readonly skipped: number;
  /** Files that end too early: left out. */
  readonly truncated: number;
}

/**
 * Lists protected DICOM files, or those of a ZIP archive, as series of the viewer, in memory only; those that are listed
 * as they are, from elsewhere or since they were brought before, are not listed again.
 * Where there is none among them, throws `truncated` for those that end too early, what is wrong with a single one, and
 * else `not-protected`; `invalid-argument` where a file is too large, and what {@link unzip} throws.
 *
 * @param largestFile bytes of the largest file that is worked on
 * @param brought what was brought before; what is listed now is added
 */
export async function openFiles(
  given: readonly File[],
  port: ViewerPort,
  service: KeyAreaService,
  { largestFile, brought }: { readonly largestFile: number; readonly brought: BroughtSeries },
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<OpenedFiles> {
  const contents = await contentsOf(given, largestFile, signal);
  const groups: OpenedFile[][] = [];
  const refused: KeyAreaError[] = [];
  let unprotected = 0;
  for (const [index, bytes] of contents.entries()) {
    onProgress(index, contents.length);
    try {
      const description = await service.describe(bytes.slice().buffer, { signal });
      group({ bytes, description }, groups);
    } catch (error) {
      if (!isRefusal(error, ['not-dicom', 'truncated', 'no-pixel-data'])) throw error;
      refused.push(error);
    }
  }
  const series = new Map<string, OpenedSeries>();
  const open = (id: string, { attributes }: FileDescription) =>
    series.set(id, {
      id,
      description: String(attributes.SeriesDescription ?? ''),
      modality: String(attributes.Modality ?? ''),
    });
  for (const files of groups) {
    const { seriesInstanceUID } = files[0].description;
    const notice = await noticeOf(files[0], service, signal);
    if (notice === undefined) {
      unprotected += files.length;
      continue;
    }
    const listed = listedUnder(seriesInstanceUID, port, brought);
    const there = await firstHolding(listed, files, port, service, signal);
    if (there !== undefined) {
      open(there.id, files[0].description);
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
    const besidesListed = listed.length > 0;
    const added = port.addSeries({
      kind: 'protected',
      sourceId: undefined,
      files: news,
      notice,
      besidesListed,
    });
    const fileIds = new Map(news.map(({ sopInstanceUID }, index) => [sopInstanceUID, added.fileIds[index]]));
    brought.set(seriesInstanceUID, [...(brought.get(seriesInstanceUID) ?? []), { id: added.id, fileIds }]);
    open(added.id, files[0].description);
  }
  const truncated = refused.filter(({ code }) => code === 'truncated');
  if (series.size === 0) throw truncated[0] ?? nothingOpened(contents.length, refused);
  return {
    series: [...series.values()],
    skipped: unprotected + refused.length - truncated.length,
    truncated: truncated.length,
  };
}

/** The error for files of which none is protected. */
function nothingOpened(files: number, [refused]: readonly KeyAreaError[]): KeyAreaError {
  if (files === 1 && refused !== undefined) return refused;
  return new KeyAreaError(
    'not-protected',
    files === 1
      ? 'This file carries no key area that this software can restore.'
      : 'None of these files carries a key area that this software can restore.',
  );
}

/** Puts a file to those of its series; another one of the same SOP Instance UID begins a series of its own. */
function group(file: OpenedFile, groups: OpenedFile[][]): void {
  const { seriesInstanceUID, sopInstanceUID } = file.description;
  const found = groups.find(
    (files) =>
      files[0].description.seriesInstanceUID === seriesInstanceUID &&
      files.every(({ description }) => description.sopInstanceUID !== sopInstanceUID),
  );
  if (found === undefined) groups.push([file]);
  else found.push(file);
}

/** The series that are listed with files of this Series Instance UID. */
function listedUnder(seriesInstanceUID: string, port: ViewerPort, brought: BroughtSeries): ListedFiles[] {
  const id = port.seriesByUID(seriesInstanceUID);
  const before = (brought.get(seriesInstanceUID) ?? []).filter(
    (series) => series.id !== id && port.hasSeries(series.id),
  );
  if (id === undefined) return before;
  return [{ id, fileIds: new Map(port.filesOf(id).map((file) => [file.id, file.id])) }, ...before];
}

async function firstHolding(
  listed: readonly ListedFiles[],
  files: readonly OpenedFile[],
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
): Promise<ListedFiles | undefined> {
  for (const series of listed) if (await holds(series, files, port, service, signal)) return series;
  return undefined;
}

/**
 * True where a listed series has all these files as they are. What a server keeps may be damaged, stored with loss or
 * not whole: that is why a user brings the files along.
 */
async function holds(
  { id, fileIds }: ListedFiles,
  files: readonly OpenedFile[],
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
): Promise<boolean> {
  if (!files.every(({ description }) => fileIds.has(description.sopInstanceUID))) return false;
  for (const { bytes, description } of files) {
    const fileId = fileIds.get(description.sopInstanceUID) ?? '';
    let there: ArrayBuffer;
    try {
      there = await port.readFile(id, fileId, signal);
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
    else if (file.size > MOST_BYTES) {
      throw new KeyAreaError(
        'invalid-argument',
        `Archives of up to ${MOST_BYTES / 2 ** 20} MB are opened here. Unpack it, and open the series one by one.`,
      );
    }
    const bytes = await bytesOf(file);
    if (!zip) {
      contents.push(bytes);
      continue;
    }
    for await (const entry of unzip(bytes, largestFile)) {
      signal.throwIfAborted();
      // What an archive says of itself is no image that is missing.
      if (entry.name !== MANIFEST) contents.push(entry.bytes);
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

const isRefusal = (error: unknown, codes: readonly string[]): error is KeyAreaError =>
  error instanceof KeyAreaError && codes.includes(error.code);

const instanceNumber = ({ description }: OpenedFile): number =>
  Number(description.attributes.InstanceNumber ?? 0);
