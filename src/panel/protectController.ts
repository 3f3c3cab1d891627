import type { PanelContext } from './context';
import { inputProblem, plannedFiles, settingsProblem } from './input';
import { generatePassphrase } from './passphrase';
import { imagesIn, type PlannedFile } from './plan';
import { protectSeries } from './protectSeries';
import type { RestoreController } from './restoreController';
import type { Draft, ProtectedOutcome } from './state';

/** From a drawn key area to a protected series, and back where the user undoes it. */
export class ProtectController {
  readonly #context: PanelContext;
  readonly #restore: RestoreController;

  constructor(context: PanelContext, restore: RestoreController) {
    this.#context = context;
    this.#restore = restore;
  }

  edit(changes: Partial<Draft>): void {
    const { state } = this.#context;
    state.update({ draft: { ...state.get().draft, ...changes }, message: undefined });
  }

  generate(): void {
    const passphrase = generatePassphrase();
    this.edit({ passphrase, repeated: passphrase });
    this.#context.state.update({ revealed: true });
  }

  draw(): void {
    this.#context.state.update({ message: undefined });
    this.#context.port.drawKeyArea();
  }

  /** Makes a rectangle that the user measured with a key area. False where there is none of that id. */
  adoptRectangle(id: string): boolean {
    this.#context.state.update({ message: undefined });
    return this.#context.port.adoptRectangle(id);
  }

  removeKeyArea(id: string): void {
    this.#context.port.removeKeyArea(id);
    this.#context.state.update({ message: undefined });
  }

  async protect(): Promise<void> {
    const { state, port, service, settings } = this.#context;
    const { viewer, draft } = state.get();
    if (this.#context.busy) return;
    const problem = settingsProblem(settings) ?? inputProblem(state.get());
    if (problem !== undefined || viewer.status !== 'ready') {
      if (problem !== undefined) this.#context.complain(problem);
      return;
    }
    const { series, image } = viewer;
    const files = plannedFiles(state.get());
    await this.#context.run('protect', imagesIn(files), async (signal, onProgress) => {
      const outcome = await protectSeries(
        { series, files, passphrase: draft.passphrase, report: draft.report, settings },
        port,
        service,
        signal,
        onProgress,
      );
      // Sealed is sealed: the next key area gets a report and a passphrase of its own.
      const { draft: typed, protectedSeries } = state.get();
      state.update({
        protectedSeries: new Map(protectedSeries).set(outcome.seriesId, outcome),
        revealed: false,
        draft: { ...typed, report: '', passphrase: '', repeated: '' },
      });
      await port.showSeries(outcome.seriesId, positionAmong(files, image.position));
    });
  }

  async removeProtected(outcome: ProtectedOutcome): Promise<void> {
    const { state, port } = this.#context;
    const restored = state.get().restoredSeries.get(outcome.seriesId);
    if (restored !== undefined) await this.#restore.removeRestored(restored);
    await port.removeSeries(outcome.seriesId, { id: outcome.sourceId, position: outcome.firstPosition });
    const left = new Map(state.get().protectedSeries);
    left.delete(outcome.seriesId);
    state.update({ protectedSeries: left, message: undefined, confirmingStore: false });
  }
}

/** Where an image of the original series is among the files taken from it, from 1. */
function positionAmong(files: readonly PlannedFile[], position: number): number {
  let before = 0;
  for (const planned of files) {
    const offset = position - planned.position;
    if (offset >= 0 && offset < planned.file.frames) return before + offset + 1;
    before += planned.file.frames;
  }
  return 1;
}
