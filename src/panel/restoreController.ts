import type { PanelContext } from './context';
import { messageOf } from './failures';
import { restoreSeries } from './restoreSeries';
import type { RestoredOutcome } from './state';
import { inputErrors } from './texts';

/** From a protected series and a key to the originals, for as long as the study is open. */
export class RestoreController {
  readonly #context: PanelContext;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  editPassphrase(passphrase: string): void {
    this.#context.state.update({ passphrase, message: undefined });
  }

  /** Turns to restoring the series on display; where its tags do not say so, by looking at the pixels. */
  async ask(): Promise<void> {
    const { state, port, service } = this.#context;
    const { viewer, protectedSeries } = state.get();
    if (viewer.status !== 'ready' || this.#context.busy) return;
    const { series, image } = viewer;
    if (protectedSeries.has(series.id)) {
      state.update({ askedToRestore: { seriesId: series.id, notice: series.notice ?? '' } });
    } else if (series.kind === 'original') {
      try {
        const bytes = await port.readFile(series.id, image.fileId, new AbortController().signal);
        const { notice } = await service.inspect(bytes);
        state.update({ askedToRestore: { seriesId: series.id, notice }, message: undefined });
      } catch (error) {
        this.#context.complain(messageOf(error));
        return;
      }
    }
    this.#context.focus('key');
  }

  async restore(): Promise<void> {
    const { state, port, service } = this.#context;
    const { viewer, passphrase } = state.get();
    if (viewer.status !== 'ready' || this.#context.busy) return;
    const { series, image } = viewer;
    if (passphrase === '') {
      this.#context.complain({ place: 'key', ...inputErrors.noPassphrase });
      return;
    }
    await this.#context.run('restore', series.images, async (signal, onProgress) => {
      const outcome = await restoreSeries(series, passphrase, port, service, signal, onProgress);
      const { restoredSeries } = state.get();
      state.update({
        restoredSeries: new Map(restoredSeries).set(outcome.sourceId, outcome),
        askedToRestore: undefined,
        passphrase: '',
        revealed: false,
      });
      await port.showSideBySide(outcome.sourceId, outcome.seriesId, image.position);
    });
  }

  async showSideBySide(outcome: RestoredOutcome): Promise<void> {
    await this.#context.port.showSideBySide(outcome.sourceId, outcome.seriesId, this.#position());
  }

  async removeRestored(outcome: RestoredOutcome): Promise<void> {
    const { state, port } = this.#context;
    await port.removeSeries(outcome.seriesId, { id: outcome.sourceId, position: this.#position() });
    const left = new Map(state.get().restoredSeries);
    left.delete(outcome.sourceId);
    state.update({ restoredSeries: left });
  }

  /** Of the image on display, from 1. */
  #position(): number {
    const { viewer } = this.#context.state.get();
    return viewer.status === 'ready' ? viewer.image.position : 1;
  }
}
