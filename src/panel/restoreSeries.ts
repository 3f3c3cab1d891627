import { KeyAreaError } from '../engine/errors';
import type { NewFile, ViewerPort, ViewerSeries } from '../viewer/port';
import type { KeyAreaService, RestoredBytes } from '../viewer/service';
import type { OnProgress } from './context';
import { ImageFailure, isCancellation } from './failures';
import type { RestoredOutcome } from './state';

/**
 * Restores every file of a protected series and lists the originals as a series of their own. All or
 * nothing: a series that is not wholly what was protected is not shown as restored.
 */
export async function restoreSeries(
  series: ViewerSeries,
  passphrase: string,
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<RestoredOutcome> {
  const { files, images: total } = series;
  const read = (index: number) => port.readFile(series.id, files[index].id, signal);
  let reading = read(0);
  reading.catch(() => {});
  const keyring = await service.openKeyring({ passphrase }, { signal });
  const results: RestoredBytes[] = [];
  const news: NewFile[] = [];
  try {
    let done = 0;
    for (let index = 0; index < files.length; index++) {
      const { frames } = files[index];
      try {
        const bytes = await reading;
        if (index + 1 < files.length) {
          reading = read(index + 1);
          reading.catch(() => {});
        }
        const result = await service.restore(keyring, bytes, {
          signal,
          onProgress: (part, parts) => onProgress(done + Math.floor((part / parts) * (frames - 1)), total),
        });
        results.push(result);
        news.push({ sourceFileId: files[index].id, bytes: result.file, ...result.description });
      } catch (error) {
        // A key that does not open the first image is the key's matter, not the image's.
        const wholeSeries = files.length === 1 || (index === 0 && isAboutKey(error));
        throw wholeSeries || isCancellation(error) ? error : new ImageFailure(done + 1, error);
      }
      done += frames;
      onProgress(done, total);
    }
  } finally {
    void service.closeKeyring(keyring).catch(() => {});
  }
  signal.throwIfAborted();
  const added = port.addSeries({ kind: 'restored', sourceId: series.id, files: news });
  return {
    seriesId: added.id,
    sourceId: series.id,
    fileIds: added.fileIds,
    images: total,
    report: results[0].report,
    files: files.length,
    identicalFiles: results.filter(({ fileVerified, decodedFrom }) => fileVerified && !decodedFrom).length,
    decodedFiles: results.filter(({ fileVerified, decodedFrom }) => fileVerified && decodedFrom).length,
    filesProtected: results[0].count,
  };
}

const isAboutKey = (error: unknown): boolean =>
  error instanceof KeyAreaError && (error.code === 'wrong-key' || error.code === 'costly-key');
