import { handOver } from '../../viewer/handOver';
import type { NewFile, ViewerPort, ViewerSeries } from '../../viewer/port';
import type { Handle, JobRequest, KeyAreaService, ProtectedBytes, Treatment } from '../../viewer/service';
import type { OnProgress } from '../context';
import { ImageFailure, isCancellation } from '../failures';
import { distinctSizes } from '../sizes';
import type { OpensFor, ProtectedOutcome } from '../state';
import { imagesIn, imagesProtected, type PlannedFile } from './plan';

export interface ProtectRequest {
  readonly series: ViewerSeries;
  readonly files: readonly PlannedFile[];
  readonly job: JobRequest;
  readonly opensFor: OpensFor;
  readonly treatment: Omit<Treatment, 'areas'>;
}

/**
 * Files that are worked on together have at most so many bytes, unless one alone has more: a worker takes
 * several times a file's size.
 */
const BYTES_AT_ONCE = 96 * 1024 * 1024;

/**
 * Protects files, as many at a time as there are workers, and lists them as a new series. All or nothing:
 * where one file is refused or the user cancels, no series appears.
 */
export async function protectSeries(
  request: ProtectRequest,
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<ProtectedOutcome> {
  const { series, files } = request;
  const total = imagesIn(files);
  const job = await service.openJob(request.job, { signal });
  let results: ProtectedContent[];
  try {
    onProgress(0, total);
    results = await protectAll(job, request, port, service, signal, onProgress);
  } finally {
    void service.closeJob(job).catch(() => {});
  }
  signal.throwIfAborted();
  const news = results.map(
    ({ content, description }, index): NewFile => ({
      sourceFileId: files[index].file.id,
      content,
      ...description,
    }),
  );
  const { notice } = request.job;
  const added = port.addSeries({ kind: 'protected', sourceId: series.id, files: news, notice });
  return {
    seriesId: added.id,
    sourceId: series.id,
    fileIds: added.fileIds,
    sourceFileIds: files.map(({ file }) => file.id),
    images: total,
    hidden: imagesProtected(files),
    otherImages: series.images - total,
    samplesChangedOutside: results.reduce((sum, result) => sum + result.samplesChangedOutside, 0),
    psnrOutside: Math.min(...results.map(({ psnrOutside }) => psnrOutside)),
    scrambled: request.treatment.scramble ?? false,
    opensFor: request.opensFor,
    coveredAreas: distinctSizes(results.flatMap(({ coveredAreas }) => coveredAreas)),
    toleratedMark: Math.min(...results.map(({ toleratedMark }) => toleratedMark)),
    firstPosition: files[0].position,
    warnings: [...new Set(results.flatMap(({ warnings }) => warnings.map(({ message }) => message)))],
  };
}

type ProtectedContent = Omit<ProtectedBytes, 'file'> & { readonly content: Blob };

/** The results in the order of the files. The first failure stops all. */
async function protectAll(
  job: Handle,
  { series, files, treatment }: ProtectRequest,
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<ProtectedContent[]> {
  const total = imagesIn(files);
  const done = files.map(() => 0);
  const results: ProtectedContent[] = new Array(files.length);
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let bytesAtWork = 0;

  async function protectOne(index: number): Promise<void> {
    const { file, areas, position } = files[index];
    const report = (frames: number) => {
      done[index] = frames;
      onProgress(
        done.reduce((sum, count) => sum + count, 0),
        total,
      );
    };
    let size = 0;
    try {
      const bytes = await port.readFile(series.id, file.id, stopped);
      size = bytes.byteLength;
      bytesAtWork += size;
      const { file: made, ...result } = await service.protect(
        job,
        bytes,
        { ...treatment, areas, index, count: files.length },
        {
          signal: stopped,
          // The last frame is done when the whole file was proven.
          onProgress: (part, parts) => report(Math.floor((part / parts) * (file.frames - 1))),
        },
      );
      // One by one, as they are made: all at once would hold the page up.
      results[index] = { ...result, content: handOver(made) };
      report(file.frames);
    } catch (error) {
      throw files.length === 1 || isCancellation(error) ? error : new ImageFailure(position, error);
    } finally {
      bytesAtWork -= size;
    }
  }

  async function work(first: boolean): Promise<void> {
    // One worker always goes on; the others only while there is memory.
    while (next < files.length && (first || bytesAtWork < BYTES_AT_ONCE)) {
      stopped.throwIfAborted();
      await protectOne(next++);
    }
  }

  // One more than there are workers, so that a file travels while the others are worked on.
  const lanes = Math.min(service.workers + 1, files.length);
  const workers = Array.from({ length: lanes }, (_, k) => work(k === 0));
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(workers);
    throw error;
  }
  return results;
}
