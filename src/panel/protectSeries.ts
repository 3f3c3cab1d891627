import type { Rectangle } from '../engine/frame';
import type { NewFile, ViewerPort, ViewerSeries } from '../viewer/port';
import type { KeyAreaService } from '../viewer/service';
import type { OnProgress } from './context';
import { ImageFailure, isCancellation } from './failures';
import { imagesIn, type PlannedFile } from './plan';
import type { PanelSettings } from './settings';
import type { ProtectedOutcome } from './state';

export interface ProtectRequest {
  readonly series: ViewerSeries;
  readonly files: readonly PlannedFile[];
  readonly passphrase: string;
  readonly report: string;
  readonly settings: PanelSettings;
}

/**
 * Protects files one after the other and lists them as a new series. All or nothing: where one file is
 * refused or the user cancels, no series appears.
 */
export async function protectSeries(
  request: ProtectRequest,
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<ProtectedOutcome> {
  const { series, files, passphrase, report, settings } = request;
  const { notice, workFactor, recoveryRecipients } = settings;
  const total = imagesIn(files);
  const read = (index: number) => port.readFile(series.id, files[index].file.id, signal);
  let reading = read(0);
  // Where the job is refused, nobody waits for the file.
  reading.catch(() => {});
  const job = await service.openJob(
    { passphrase, report, notice, workFactor, recoveryRecipients: recoveryRecipients.map(({ key }) => key) },
    { signal },
  );
  const news: NewFile[] = [];
  let coveredAreas: readonly Rectangle[] = [];
  let samplesChangedOutside = 0;
  try {
    let done = 0;
    onProgress(done, total);
    for (let index = 0; index < files.length; index++) {
      const { file, areas, position } = files[index];
      const options = { areas, index, count: files.length };
      try {
        const bytes = await reading;
        // The next file travels while this one is worked on.
        if (index + 1 < files.length) {
          reading = read(index + 1);
          reading.catch(() => {});
        }
        const result = await service.protect(job, bytes, options, {
          signal,
          onProgress: (part, parts) =>
            onProgress(done + Math.floor((part / parts) * (file.frames - 1)), total),
        });
        news.push({ sourceFileId: file.id, bytes: result.file, ...result.description });
        samplesChangedOutside += result.samplesChangedOutside;
        if (index === 0) coveredAreas = result.coveredAreas;
      } catch (error) {
        throw files.length === 1 || isCancellation(error) ? error : new ImageFailure(position, error);
      }
      done += file.frames;
      onProgress(done, total);
    }
  } finally {
    void service.closeJob(job).catch(() => {});
  }
  signal.throwIfAborted();
  const added = port.addSeries({ kind: 'protected', sourceId: series.id, files: news, notice });
  return {
    seriesId: added.id,
    sourceId: series.id,
    fileIds: added.fileIds,
    images: total,
    otherImages: series.images - total,
    samplesChangedOutside,
    coveredAreas,
    firstPosition: files[0].position,
    storedIn: undefined,
  };
}
