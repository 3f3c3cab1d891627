import type { Likeness } from '../viewer/service';
import type { PanelContext } from './context';
import { downloadSeries, type ExportRequest, storeSeries } from './files/exportSeries';
import { pngOf } from './files/png';
import { noticeOf, type RestoredOutcome } from './restore/restoring';
import { type ProtectedOutcome, viewOf } from './state';
import { inputErrors } from './texts/errorTexts';
import { texts } from './texts/texts';

/** A series in memory. */
export type StorableSeries = Pick<ProtectedOutcome, 'seriesId' | 'fileIds'> | RestoredOutcome;

/** Sends a series that is in memory on: to the viewer's destination, or as files. */
export class ExportController {
  readonly #context: PanelContext;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  /** Turns to where the series on display is sent on. False where there is nothing to send; what is under way stays in view. */
  turnTo(): boolean {
    const { state } = this.#context;
    const { askedToRestore, protectedSeries } = state.get();
    if (askedToRestore !== undefined && protectedSeries.has(askedToRestore.seriesId))
      state.update({ askedToRestore: undefined });
    if (this.#context.busy) return true;
    const { name } = viewOf(state.get());
    return name === 'protected' || name === 'restore' || name === 'restored';
  }

  /** Asks to confirm that a series is stored, or no longer asks, at one of the panel's ways to store. */
  confirmStore(seriesId: string | undefined, place: 'export' | 'clear'): void {
    this.#context.state.update({ confirmingStore: seriesId, message: undefined });
    this.#context.focus(place);
  }

  /** Stores the files that the destination does not have yet. */
  async store(outcome: StorableSeries): Promise<void> {
    const { state, port, service } = this.#context;
    if (port.destination() === undefined || this.#context.busy) return;
    // Under the original's identifiers there may be nothing but the original.
    if ('altered' in outcome && !outcome.isExact) return;
    const { seriesId, fileIds } = outcome;
    const left = fileIds.filter((id) => !state.get().storedFiles.get(seriesId)?.has(id));
    state.update({ confirmingStore: undefined });
    await this.#context.run('store', left.length, async (signal, onProgress) => {
      await storeSeries(port, service, seriesId, left, signal, onProgress, (id, likeness) =>
        this.#remember(seriesId, id, likeness),
      );
      return texts.finished.store(left.length);
    });
  }

  downloadProtected(outcome: ProtectedOutcome, withOthers: boolean): Promise<void> {
    const { port, settings } = this.#context;
    const { seriesId, sourceId, fileIds, sourceFileIds, coveredAreas } = outcome;
    const others = port.filesOf(sourceId).map(({ id }) => id);
    return this.#download({
      seriesId,
      fileIds,
      content: 'protected',
      notice: settings.notice,
      coveredAreas,
      ...(withOthers && {
        unchanged: { seriesId: sourceId, fileIds: others.filter((id) => !sourceFileIds.includes(id)) },
      }),
    });
  }

  /** Downloads the protected series on display, which came from elsewhere. */
  async downloadReceived(): Promise<void> {
    const state = this.#context.state.get();
    if (state.viewer.status !== 'ready') return;
    const { id, files } = state.viewer.series;
    const fileIds = files.map((file) => file.id);
    await this.#download({ seriesId: id, fileIds, content: 'protected', notice: noticeOf(state) });
  }

  downloadRestored(outcome: RestoredOutcome): Promise<void> {
    const { seriesId, fileIds } = outcome;
    return this.#download({ seriesId, fileIds, content: outcome.isExact ? 'restored' : 'altered' });
  }

  /** Saves the image on display as a picture, in its window, each pixel one pixel. */
  async downloadPicture(): Promise<void> {
    const { state, port } = this.#context;
    const { viewer } = state.get();
    if (viewer.status !== 'ready') return;
    const { image } = viewer;
    const { width, height } = image;
    const picture = port.picture(image, { x: 0, y: 0, width, height }, Number.POSITIVE_INFINITY);
    if (picture === undefined) {
      this.#context.complain({ place: 'export', ...inputErrors.noPicture });
      return;
    }
    await this.#context.attempt('export', async () => {
      const png = await pngOf(picture);
      if (!this.#context.disposed) port.download('key-area-protected.png', [png], 'image/png');
    });
  }

  async #download(request: ExportRequest): Promise<void> {
    if (this.#context.busy) return;
    const total = request.fileIds.length + (request.unchanged?.fileIds.length ?? 0);
    await this.#context.run('download', total, async (signal, onProgress) => {
      const { port, state } = this.#context;
      await downloadSeries(port, request, signal, onProgress);
      const { downloadedSeries } = state.get();
      state.update({ downloadedSeries: new Set(downloadedSeries).add(request.seriesId) });
      return texts.finished.download(total);
    });
  }

  #remember(seriesId: string, fileId: string, likeness: Likeness): void {
    const { state } = this.#context;
    const { storedFiles } = state.get();
    const stored = new Map(storedFiles.get(seriesId)).set(fileId, likeness);
    state.update({ storedFiles: new Map(storedFiles).set(seriesId, stored) });
  }
}
