import type { PanelContext } from './context';
import { downloadSeries, storeSeries } from './exportSeries';
import { messageOf } from './failures';
import type { ProtectedOutcome, RestoredOutcome } from './state';

/** Sends a series that is in memory on: to the viewer's destination, or as files. */
export class ExportController {
  readonly #context: PanelContext;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  confirmStore(confirming: boolean): void {
    this.#context.state.update({ confirmingStore: confirming, message: undefined });
  }

  async store(outcome: ProtectedOutcome): Promise<void> {
    const { state, port } = this.#context;
    const destination = port.destination();
    if (destination === undefined || this.#context.busy) return;
    state.update({ confirmingStore: false });
    await this.#context.run('store', outcome.fileIds.length, async (signal, onProgress) => {
      await storeSeries(port, outcome.seriesId, outcome.fileIds, signal, onProgress);
      const stored = { ...outcome, storedIn: destination.name };
      state.update({
        protectedSeries: new Map(state.get().protectedSeries).set(outcome.seriesId, stored),
      });
    });
  }

  async download({ seriesId, fileIds }: ProtectedOutcome | RestoredOutcome, name: string): Promise<void> {
    await downloadSeries(this.#context.port, seriesId, fileIds, name).catch((error) =>
      this.#context.complain(messageOf(error)),
    );
  }
}
