import { StoreError, type ViewerPort } from '../viewer/port';
import { type ZipEntry, zipParts } from './zip';

/** Saves the files of a series that is in memory: one as .dcm, several as .zip. No patient data in names. */
export async function downloadSeries(
  port: ViewerPort,
  seriesId: string,
  fileIds: readonly string[],
  name: string,
): Promise<void> {
  const { signal } = new AbortController();
  const entries: ZipEntry[] = [];
  const digits = String(fileIds.length).length;
  for (const [index, fileId] of fileIds.entries()) {
    const bytes = new Uint8Array(await port.readFile(seriesId, fileId, signal));
    entries.push({ name: `${name}-${String(index + 1).padStart(digits, '0')}.dcm`, bytes });
  }
  if (entries.length === 1) port.download(`${name}.dcm`, [entries[0].bytes], 'application/dicom');
  else port.download(`${name}.zip`, zipParts(entries), 'application/zip');
}

/** Storing stopped at a file; those before it are stored. */
export class PartlyStored extends StoreError {
  constructor(
    readonly done: number,
    readonly total: number,
    reason: string,
  ) {
    super(reason);
  }
}

const CANCELLED = 'Cancelled; the file under way may have been stored too.';

/** Stores the files one after the other, each read back and compared. Throws {@link PartlyStored}. */
export async function storeSeries(
  port: ViewerPort,
  seriesId: string,
  fileIds: readonly string[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  for (const [done, fileId] of fileIds.entries()) {
    onProgress(done, fileIds.length);
    try {
      signal.throwIfAborted();
      await port.storeFile(seriesId, fileId, signal);
    } catch (error) {
      if (signal.aborted) throw new PartlyStored(done, fileIds.length, CANCELLED);
      throw new PartlyStored(done, fileIds.length, error instanceof Error ? error.message : String(error));
    }
  }
}
