import { KeyAreaError } from '../../engine/errors';
import { firstOfLargestJob } from '../../engine/series';
import { handOver } from '../../viewer/handOver';
import type { NewFile, ViewerPort, ViewerSeries } from '../../viewer/port';
import type { KeyAreaService, RestoredBytes, Secret } from '../../viewer/service';
import type { OnProgress } from '../context';
import { ImageFailure, isCancellation, isOfTheImage, messageOf } from '../failures';
import type { LostImage, RestoredOutcome } from './restoring';
import { findingsOf } from './seriesFindings';

export interface RestoreRequest {
  readonly series: ViewerSeries;
  readonly secret: Secret;
  /** The user agreed to a costly key derivation. */
  readonly acceptCost: boolean;
  /** The user agreed to do without the images that cannot come back. */
  readonly leaveOut: boolean;
}

/**
 * Restores every file of a protected series and lists the originals as a series of their own. All or
 * nothing: where one file does not open, no series appears, unless the user agreed to leave such files out. Where
 * pixels outside the key areas were altered on the way, or what says what they mean, and where images of a file of
 * several are lost, the result says where; it is never called restored then. Its report is that of the job which
 * protected most of the files.
 */
export async function restoreSeries(
  { series, secret, acceptCost, leaveOut }: RestoreRequest,
  port: ViewerPort,
  service: KeyAreaService,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<RestoredOutcome> {
  const { files, images: total } = series;
  const read = (index: number) => port.readFile(series.id, files[index].id, signal);
  let reading = read(0);
  reading.catch(() => {});
  const keyring = await service.openKeyring(secret, { acceptCost }, { signal });
  const results: RestoredContent[] = [];
  const positions: number[] = [];
  const lost: LostImage[] = [];
  let images = 0;
  try {
    let done = 0;
    for (let index = 0; index < files.length; index++) {
      const { id, frames } = files[index];
      try {
        const current = reading;
        if (index + 1 < files.length) {
          reading = read(index + 1);
          reading.catch(() => {});
        }
        const call = {
          signal,
          onProgress: (part: number, parts: number) =>
            onProgress(done + Math.floor((part / parts) * (frames - 1)), total),
        };
        const options = { acceptAltered: true };
        const { file, ...result } = await service.restore(keyring, await current, options, call);
        results.push({ ...result, sourceFileId: id, content: handOver(file) });
        positions.push(images + 1);
        images += frames;
      } catch (error) {
        // A key that does not open the first image is the key's matter, not the image's.
        const isWhole = files.length === 1 || (results.length === 0 && isAboutKey(error));
        if (isWhole || isCancellation(error)) throw error;
        const failure = new ImageFailure(done + 1, error);
        if (!isOfTheImage(error)) throw failure;
        lost.push({ position: done + 1, frames, reason: messageOf(error).text });
        if (!leaveOut || lost.length === files.length) throw failure;
      }
      done += frames;
      onProgress(done, total);
    }
  } finally {
    void service.closeKeyring(keyring).catch(() => {});
  }
  signal.throwIfAborted();
  const imageAt = (file: number, frame: number): number => positions[file] + frame - 1;
  const endOf = (file: number): number => positions[file + 1] ?? images + 1;
  const altered = results.flatMap((result, file) =>
    result.altered.map(({ frame, ...blocks }) => ({ position: imageAt(file, frame), ...blocks })),
  );
  const lostImages = results.flatMap(({ lostFrames }, file) =>
    lostFrames.map((frame) => imageAt(file, frame)),
  );
  const alteredElsewhere = results.filter((result) => result.unprotectedFramesAltered).length;
  const news = results.map(
    ({ sourceFileId, content, description }): NewFile => ({ sourceFileId, content, ...description }),
  );
  const meaningChanged = distinct(
    results.flatMap((result) => result.meaningChanged.map(({ tag, name }) => `${name} ${tag}`)),
  );
  const main = firstOfLargestJob(results);
  const isExact = results.every(({ outcome }) => EXACT.includes(outcome));
  const added = port.addSeries({ kind: isExact ? 'restored' : 'altered', sourceId: series.id, files: news });
  return {
    seriesId: added.id,
    sourceId: series.id,
    fileIds: added.fileIds,
    images,
    isExact,
    report: main.report,
    files: results.length,
    identicalFiles: results.filter(({ fileVerified, decodedFrom }) => fileVerified && !decodedFrom).length,
    decodedFiles: results.filter(({ fileVerified, decodedFrom }) => fileVerified && decodedFrom).length,
    lost,
    lostImages,
    repaired: positions.filter((_, index) => results[index].repairedSegments > 0),
    changedSince: distinct(results.flatMap((result) => result.changedSince)),
    filesProtected: main.count,
    findings: findingsOf(results, positions),
    altered,
    alteredElsewhere,
    meaningChanged,
    meaningChangedOn: results.flatMap((result, index) =>
      result.meaningChanged.length > 0 ? upTo(positions[index], endOf(index)) : [],
    ),
    description: main.description.seriesDescription ?? '',
    seriesInstanceUID: main.description.seriesInstanceUID,
    originals: results.map(({ description }, index) => ({
      id: description.sopInstanceUID,
      frames: endOf(index) - positions[index],
    })),
  };
}

/** What a file comes to whose every image is the original. */
const EXACT: readonly RestoredBytes['outcome'][] = ['verified', 'repaired'];

type RestoredContent = Omit<RestoredBytes, 'file'> & {
  readonly sourceFileId: string;
  readonly content: Blob;
};

/** Whole numbers from `start` to before `end`. */
const upTo = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);

const distinct = (all: readonly string[]): string[] => [...new Set(all)].sort();

const isAboutKey = (error: unknown): boolean =>
  error instanceof KeyAreaError && (error.code === 'wrong-key' || error.code === 'costly-key');
