import type { PanelContext } from './context';
import { inputErrors } from './errorTexts';
import { downloadSeries, type ExportRequest, storeSeries } from './exportSeries';
import { messageOf } from './failures';
import { pngOf } from './png';
import { isExact, type RestoredOutcome } from './restoring';
import type { ProtectedOutcome } from './state';
import { texts } from './texts';

/** Sends a series that is in memory on: to the viewer's destination, or as files. */
export class ExportController {
  readonly #context: PanelContext;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  confirmStore(confirming: boolean): void {
    this.#context.state.update({ confirmingStore: confirming, message: undefined });
    this.#context.focus('export');
  }

  /** Stores the files that the destination does not have yet. */
  async store(outcome: ProtectedOutcome | RestoredOutcome): Promise<void> {
    const { state, port } = this.#context;
    const destination = port.destination();
    if (destination === undefined || this.#context.busy) return;
    // Under the original's identifiers there may be nothing but the original.
    if ('altered' in outcome && !isExact(outcome)) return;
    const { seriesId, fileIds } = outcome;
    const left = fileIds.filter((id) => !state.get().storedFiles.get(seriesId)?.has(id));
    state.update({ confirmingStore: false });
    await this.#context.run('store', left.length, async (signal, onProgress) => {
      await storeSeries(port, seriesId, left, signal, onProgress, (id) => this.#remember(seriesId, id));
      this.#replace({ ...outcome, storedIn: destination.name });
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

  downloadRestored(outcome: RestoredOutcome): Promise<void> {
    const { seriesId, fileIds } = outcome;
    return this.#download({ seriesId, fileIds, content: isExact(outcome) ? 'restored' : 'altered' });
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
    port.download('key-area-protected.png', [await pngOf(picture)], 'image/png');
  }

  async #download(request: ExportRequest): Promise<void> {
    this.#context.state.update({ message: undefined });
    await downloadSeries(this.#context.port, request).catch((error) =>
      this.#context.complain({ ...messageOf(error), place: 'export' }),
    );
  }

  #remember(seriesId: string, fileId: string): void {
    const { state } = this.#context;
    const { storedFiles } = state.get();
    const stored = new Set(storedFiles.get(seriesId)).add(fileId);
    state.update({ storedFiles: new Map(storedFiles).set(seriesId, stored) });
  }

  #replace(outcome: ProtectedOutcome | RestoredOutcome): void {
    const { state } = this.#context;
    if ('altered' in outcome) {
      state.update({ restoredSeries: new Map(state.get().restoredSeries).set(outcome.sourceId, outcome) });
    } else {
      state.update({ protectedSeries: new Map(state.get().protectedSeries).set(outcome.seriesId, outcome) });
    }
  }
}
