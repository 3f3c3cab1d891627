import type { Rectangle } from '../../engine/pixels/frame';
import { NotReadBack, type StoredFile, StoreError, type ViewerPort } from '../../viewer/port';
import type { KeyAreaService, Likeness } from '../../viewer/service';
import type { OnProgress } from '../context';
import { isTooLarge, shareOut } from './archives';
import { type Content, type ContentEntry, manifestEntry } from './manifest';
import { zipParts } from './zip';

/** A series in memory, as it is saved to files. */
export interface ExportRequest {
  readonly seriesId: string;
  readonly fileIds: readonly string[];
  readonly content: Content;
  readonly notice?: string | undefined;
  readonly coveredAreas?: readonly Rectangle[];
  /** Images of the original series that go along as they are. */
  readonly unchanged?: { readonly seriesId: string; readonly fileIds: readonly string[] };
}

/** Names of downloads: what is in them, nothing of the patient. */
const NAMES: Record<Content, string> = {
  protected: 'key-area-protected',
  unchanged: 'unchanged',
  restored: 'restored',
  altered: 'restored-but-altered',
};

/**
 * Saves a series: one file as .dcm, several as .zip with a manifest, or as several of these where one would be larger
 * than the panel itself opens; a file that is larger alone is saved as it is. `onProgress` is told the files that were
 * read; nothing is saved once `signal` is aborted, or before all of it is ready.
 */
export async function downloadSeries(
  port: ViewerPort,
  request: ExportRequest,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  const { seriesId, fileIds, content, unchanged, notice, coveredAreas } = request;
  const name = NAMES[content];
  const total = fileIds.length + (unchanged?.fileIds.length ?? 0);
  const entries: ContentEntry[] = [];
  const add = async (ofSeries: string, ids: readonly string[], as: Content) => {
    for await (const entry of entriesOf(port, ofSeries, ids, as, signal)) {
      entries.push(entry);
      onProgress(entries.length, total);
    }
  };
  await add(seriesId, fileIds, content);
  if (unchanged !== undefined) await add(unchanged.seriesId, unchanged.fileIds, 'unchanged');
  if (entries.length === 1) {
    signal.throwIfAborted();
    port.download(`${name}.dcm`, [entries[0].bytes], 'application/dicom');
    return;
  }
  const facts = {
    ...(notice === undefined ? {} : { notice }),
    ...(coveredAreas === undefined ? {} : { coveredAreas }),
  };
  const shares = shareOut(entries);
  const downloads: Download[] = [];
  for (const [index, share] of shares.entries()) {
    if (isTooLarge(share)) {
      downloads.push([share[0].name, [share[0].bytes], 'application/dicom']);
      continue;
    }
    const parts = await zipParts([...share, await manifestEntry(share, facts)]);
    const which = shares.length === 1 ? '' : ` (${index + 1} of ${shares.length})`;
    downloads.push([`${name}${which}.zip`, parts, 'application/zip']);
  }
  signal.throwIfAborted();
  for (const download of downloads) port.download(...download);
}

type Download = Parameters<ViewerPort['download']>;

async function* entriesOf(
  port: ViewerPort,
  seriesId: string,
  fileIds: readonly string[],
  content: Content,
  signal: AbortSignal,
): AsyncGenerator<ContentEntry> {
  const digits = String(fileIds.length).length;
  for (const [index, fileId] of fileIds.entries()) {
    signal.throwIfAborted();
    const bytes = new Uint8Array(await port.readFile(seriesId, fileId, signal));
    const number = String(index + 1).padStart(digits, '0');
    yield { name: `${NAMES[content]}-${number}.dcm`, bytes, content };
  }
}

/** A file that was not stored, by its place among the files, from 1. */
export interface StoreFailure {
  readonly file: number;
  readonly reason: string;
}

/** What came of files of which some, or all, were not stored. */
export interface StoreCounts {
  /** Files that are there, read back. */
  readonly done: number;
  readonly total: number;
  /** Files that were accepted, and not read back. */
  readonly notReadBack: number;
  /** A file was on its way when storing was cancelled: whether it was accepted is not known. */
  readonly unsure: boolean;
  readonly failures: readonly StoreFailure[];
}

/** Some files, or all, were not stored. */
export class PartlyStored extends StoreError {
  constructor(
    readonly counts: StoreCounts,
    reason: string,
  ) {
    super(reason);
  }
}

/** After this many refusals in a row the rest would be refused as well. */
const MOST_IN_A_ROW = 3;

/**
 * Stores the files one after the other, each read back and compared; `onStored` is told of each that is
 * there, be it with other attributes. A refused file does not stop the others. Throws {@link PartlyStored}.
 */
export async function storeSeries(
  port: ViewerPort,
  service: KeyAreaService,
  seriesId: string,
  fileIds: readonly string[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
  onStored: (fileId: string, likeness: Likeness) => void,
): Promise<void> {
  const failures: StoreFailure[] = [];
  let stored = 0;
  let notReadBack = 0;
  let inARow = 0;
  const total = fileIds.length;
  const partlyStored = (reason: string, unsure = false) =>
    new PartlyStored({ done: stored, total, notReadBack, unsure, failures }, reason);
  for (const [index, fileId] of fileIds.entries()) {
    onProgress(index, total);
    if (signal.aborted) throw partlyStored('Cancelled.');
    try {
      const file = await port.storeFile(seriesId, fileId, signal);
      const likeness = await compareStored(file, service, signal);
      if (likeness === 'other')
        throw new StoreError('It was accepted, but what comes back is not what was sent.');
      onStored(fileId, likeness);
      stored++;
      inARow = 0;
    } catch (error) {
      const accepted = error instanceof NotReadBack;
      if (accepted) notReadBack++;
      if (signal.aborted) throw partlyStored(cancelledAt(index, total, accepted), !accepted);
      failures.push({ file: index + 1, reason: error instanceof Error ? error.message : String(error) });
      if (++inARow === MOST_IN_A_ROW) break;
    }
  }
  if (failures.length > 0) throw partlyStored(failures[0].reason);
}

async function compareStored(
  { sent, stored }: StoredFile,
  service: KeyAreaService,
  signal: AbortSignal,
): Promise<Likeness> {
  try {
    return await service.compare(sent, stored, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new NotReadBack('It was accepted, and not compared any more.', { cause });
  }
}

function cancelledAt(index: number, total: number, accepted: boolean): string {
  const file = total === 1 ? 'the file' : `file ${index + 1}`;
  return accepted
    ? `Cancelled after ${file} was accepted, before it was read back.`
    : `Cancelled while ${file} was sent: it may have been accepted.`;
}
