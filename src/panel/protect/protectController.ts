import type { Rectangle } from '../../engine/pixels/frame';
import type { ViewerImage } from '../../viewer/port';
import { positionOf } from '../../viewer/positions';
import type { JobRequest, Suggestion } from '../../viewer/service';
import type { PanelContext } from '../context';
import { isCancellation, messageOf } from '../failures';
import { readReportFile } from '../files/reportFile';
import { nextTask } from '../nextTask';
import type { RestoreController } from '../restore/restoreController';
import type { PanelSettings } from '../settings';
import { liesIn } from '../sizes';
import { isUnsaved, type Message, type OpensFor, type ProtectedOutcome } from '../state';
import { inputErrors } from '../texts/errorTexts';
import { texts } from '../texts/texts';
import { outlineCovered } from './coveredOutline';
import type { Draft, Scope } from './draft';
import { inputProblem, plannedFiles, settingsProblem, textsOf, treatmentOf } from './input';
import { generatePassphrase } from './passphrase';
import { imagesIn, rangeAround, usedAreas } from './plan';
import { Planner } from './planner';
import { protectSeries } from './protectSeries';
import { readersOf } from './recipients';

/** From a drawn key area to a protected series, and back where the user undoes it. */
export class ProtectController {
  readonly #context: PanelContext;
  readonly #restore: RestoreController;
  readonly #planner: Planner;
  readonly #stopOutlining: () => void;

  /** What was typed last as a key area's place or size, where it did not lie in the image. */
  #misplaced: Message | undefined;

  constructor(context: PanelContext, restore: RestoreController) {
    this.#context = context;
    this.#restore = restore;
    this.#planner = new Planner(context);
    this.#stopOutlining = outlineCovered(context);
  }

  dispose(): void {
    this.#stopOutlining();
    this.#planner.dispose();
  }

  edit(changes: Partial<Draft>): void {
    const { state } = this.#context;
    state.update({ draft: { ...state.get().draft, ...changes }, message: undefined });
  }

  /** Chooses which images are protected: of a range those that are given, or those around what is drawn. */
  chooseScope(scope: Scope, range: Partial<Pick<Draft, 'from' | 'to'>> = {}): void {
    const { viewer, draft } = this.#context.state.get();
    if (scope !== 'range' || viewer.status !== 'ready') {
      this.edit({ scope });
      return;
    }
    const { series, image, keyAreas } = viewer;
    const around = rangeAround(usedAreas(keyAreas, draft), image.position, series.images);
    this.edit({ scope, ...around, ...range });
  }

  generate(): Promise<void> {
    return this.#context.attempt('key', async () => {
      const passphrase = await generatePassphrase();
      this.edit({ passphrase, repeated: passphrase });
      this.#context.state.update({ revealed: true });
    });
  }

  /** Puts a text file's content into the report. */
  loadReport(file: Blob): Promise<void> {
    return this.#context.attempt('report', async () => {
      const read = await readReportFile(file);
      if ('fault' in read) {
        this.#context.complain({ place: 'report', ...inputErrors.reportFile[read.fault] });
        return;
      }
      this.edit({ report: read.report });
      this.#context.focus('report');
    });
  }

  draw(): void {
    this.#context.state.update({ message: undefined });
    this.#context.port.drawKeyArea();
  }

  /** Draws a key area near the middle of the image on display, whose numbers can then be typed. */
  place(): void {
    const { state, port } = this.#context;
    const { viewer } = state.get();
    if (viewer.status !== 'ready') return;
    const { width, height } = viewer.image;
    // Beside those that are there, so that each can be told from the next.
    const shift = (viewer.keyAreas.filter(({ image }) => image.id === viewer.image.id).length % 3) / 8;
    const adjusting = port.addKeyArea(viewer.image, {
      x: Math.round(0.375 * width) + Math.floor(shift * width),
      y: Math.round(0.375 * height) + Math.floor(shift * height),
      width: Math.ceil(width / 4),
      height: Math.ceil(height / 4),
    });
    state.update({ adjusting, message: undefined });
  }

  /** Shows the numbers of a key area, to be typed; undefined: of none. */
  adjust(id: string | undefined): void {
    this.#misplaced = undefined;
    this.#context.state.update({ adjusting: id });
  }

  /**
   * Gives a key area another place or size; where that does not lie in the image, it gets `otherwise` again, and the
   * user is told so: nothing is protected before it is seen.
   */
  changeKeyArea(id: string, changes: Partial<Rectangle>, otherwise: Rectangle): void {
    const { state, port } = this.#context;
    // As it is now: what the panel shows follows a moment later.
    const viewer = port.state();
    const area = viewer.status === 'ready' ? viewer.keyAreas.find((drawn) => drawn.id === id) : undefined;
    if (area?.rectangle === undefined) return;
    const rectangle = { ...area.rectangle, ...changes };
    const lies = liesIn(rectangle, area.image);
    port.changeKeyArea(id, lies ? rectangle : otherwise);
    this.#misplaced = lies ? undefined : { place: 'area', ...inputErrors.outsideImage(area.image) };
    // The focus stays in the field: more may be typed.
    state.update({ message: this.#misplaced });
  }

  /** Makes a rectangle that the user measured with a key area. False where there is none of that id. */
  adoptRectangle(id: string): boolean {
    this.#context.state.update({ message: undefined });
    return this.#context.port.adoptRectangle(id);
  }

  removeKeyArea(id: string): void {
    this.#remove([id]);
  }

  clearKeyAreas(): void {
    const { viewer } = this.#context.state.get();
    if (viewer.status !== 'ready') return;
    this.#remove(viewer.keyAreas.map(({ id }) => id));
  }

  #remove(ids: readonly string[]): void {
    this.#context.port.removeKeyAreas(ids);
    this.#misplaced = undefined;
    this.#context.state.update({ message: undefined });
    this.#context.refresh();
    this.#context.focus('area');
  }

  /** Looks for key areas on the image on display. */
  async suggest(): Promise<void> {
    const { state } = this.#context;
    const { viewer, suggestions } = state.get();
    if (viewer.status !== 'ready' || (suggestions && suggestions.found === undefined)) return;
    const { series, image } = viewer;
    state.update({ suggestions: { imageId: image.id, found: undefined }, message: undefined });
    try {
      const found = await this.#suggestionsFor(series.id, image);
      if (found.length === 0) this.#context.complain({ place: 'area', ...inputErrors.nothingSuggested });
      state.update({ suggestions: found.length === 0 ? undefined : { imageId: image.id, found } });
    } catch (error) {
      state.update({ suggestions: undefined });
      if (!isCancellation(error)) this.#context.complain({ ...messageOf(error), place: 'area' });
    }
  }

  /** Draws a proposal on its image, where it can be adjusted as if it were drawn by hand. */
  take(suggestion: Suggestion): void {
    const { state, port } = this.#context;
    const { viewer, suggestions } = state.get();
    if (viewer.status !== 'ready' || suggestions?.imageId !== viewer.image.id) return;
    port.addKeyArea(viewer.image, suggestion.rectangle);
    const left = suggestions.found?.filter((other) => other !== suggestion) ?? [];
    state.update({
      suggestions: left.length === 0 ? undefined : { ...suggestions, found: left },
      message: undefined,
    });
  }

  dismissSuggestions(): void {
    this.#context.state.update({ suggestions: undefined });
    this.#context.focus('area');
  }

  async protect(): Promise<void> {
    const { state, port, service, settings } = this.#context;
    const { viewer, draft } = state.get();
    if (this.#context.busy) return;
    const problem = settingsProblem(settings) ?? this.#misplaced ?? inputProblem(state.get());
    this.#misplaced = undefined;
    if (problem !== undefined || viewer.status !== 'ready') {
      if (problem !== undefined) this.#context.complain(problem);
      return;
    }
    const { series, image } = viewer;
    const files = plannedFiles(state.get());
    await this.#context.run(
      'protect',
      imagesIn(files),
      async (signal, onProgress) => {
        const outcome = await protectSeries(
          {
            series,
            files,
            job: jobOf(draft, settings),
            opensFor: opensFor(draft, settings),
            treatment: treatmentOf(draft),
          },
          port,
          service,
          signal,
          onProgress,
        );
        // Sealed is sealed: the next key area gets a report and a passphrase of its own.
        this.#context.editDraft(series.studyId, { report: '', passphrase: '', repeated: '' });
        state.update({
          protectedSeries: new Map(state.get().protectedSeries).set(outcome.seriesId, outcome),
          revealed: false,
          suggestions: undefined,
        });
        // Listing it and showing it are each work for the viewer.
        await nextTask();
        const shown = positionOf(
          files.map(({ file }) => file),
          image,
        );
        if (!this.#context.disposed && this.#context.isOnDisplay(series.id))
          await port.showSeries(outcome.seriesId, shown ?? 1);
        return texts.protectedTitle(outcome);
      },
      texts.seriesName(series.description, series.modality),
    );
  }

  /** Removes a protected series from the viewer; of one that is saved nowhere the user is asked first. */
  async askToRemove(outcome: ProtectedOutcome): Promise<void> {
    const { state } = this.#context;
    if (!isUnsaved(state.get(), outcome)) return this.removeProtected(outcome);
    state.update({ confirmingRemoval: outcome.seriesId, message: undefined });
    this.#context.focus('remove');
  }

  /** The user would rather keep the series. */
  keepProtected(): void {
    this.#context.state.update({ confirmingRemoval: undefined });
    this.#context.focus('remove');
  }

  removeProtected(outcome: ProtectedOutcome): Promise<void> {
    return this.#context.attempt('action', async () => {
      const { state, port } = this.#context;
      const restored = state.get().restoredSeries.get(outcome.seriesId);
      if (restored !== undefined) await this.#restore.removeRestored(restored);
      await port.removeSeries(outcome.seriesId, { id: outcome.sourceId, position: outcome.firstPosition });
      const left = new Map(state.get().protectedSeries);
      left.delete(outcome.seriesId);
      state.update({
        protectedSeries: left,
        message: undefined,
        confirmingStore: undefined,
        confirmingRemoval: undefined,
      });
      this.#context.refresh();
      this.#context.focus('area');
    });
  }

  async #suggestionsFor(seriesId: string, { fileId, frame }: ViewerImage): Promise<Suggestion[]> {
    const { port, service, closed: signal } = this.#context;
    const file = await service.openFile(await port.readFile(seriesId, fileId, signal), { signal });
    try {
      return await service.suggest(file, frame, { signal });
    } finally {
      void service.closeFile(file).catch(() => {});
    }
  }
}

const jobOf = (draft: Draft, settings: PanelSettings): JobRequest => ({
  ...textsOf(draft, settings),
  ...(draft.keyKind === 'passphrase' && { passphrase: draft.passphrase, workFactor: settings.workFactor }),
});

const opensFor = (draft: Draft, settings: PanelSettings): OpensFor => ({
  recipients: draft.keyKind === 'recipients' ? readersOf(draft, settings) : undefined,
  recovery: settings.recoveryRecipients.map(({ name }) => name),
});
