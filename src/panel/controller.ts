import { KeyAreaError } from '../engine/errors';
import type { ViewerPort } from '../viewer/port';
import type { KeyAreaService } from '../viewer/service';
import { downloadSeries, PartlyStored, storeSeries } from './exportSeries';
import { ImageFailure, isCancellation, messageOf } from './failures';
import { inputProblem, plannedFiles } from './input';
import { generatePassphrase } from './passphrase';
import { imagesIn, type PlannedFile } from './plan';
import { Pace } from './progress';
import { protectSeries } from './protectSeries';
import { restoreSeries } from './restoreSeries';
import {
  type Draft,
  INITIAL_STATE,
  type Message,
  type PanelState,
  type Place,
  type ProtectedOutcome,
  type RestoredOutcome,
  type Task,
} from './state';
import { createStore, type Store } from './store';
import { inputErrors, texts } from './texts';

/** What a site sets. */
export interface PanelSettings {
  readonly notice?: string;
  readonly workFactor?: number;
}

/**
 * What the panel does, for one open study: keeps its state, talks to viewer and worker, and shows every
 * failure beside the control that it is about. `dispose` forgets all that was typed and restored.
 */
export class PanelController {
  readonly state: Store<PanelState> = createStore(INITIAL_STATE);
  readonly #port: ViewerPort;
  readonly #service: KeyAreaService;
  readonly #settings: PanelSettings;
  readonly #stopWatching: () => void;
  #running: AbortController | undefined;
  #disposed = false;

  constructor(port: ViewerPort, service: KeyAreaService, settings: PanelSettings) {
    this.#port = port;
    this.#service = service;
    this.#settings = settings;
    this.#stopWatching = port.subscribe(() => this.#refresh());
    this.#refresh();
  }

  get port(): ViewerPort {
    return this.#port;
  }

  dispose(): void {
    this.#disposed = true;
    this.#stopWatching();
    this.#running?.abort();
    this.#service.dispose();
    this.state.set(INITIAL_STATE);
  }

  // What the user types and chooses

  edit(changes: Partial<Draft>): void {
    this.state.update({ draft: { ...this.state.get().draft, ...changes }, message: undefined });
  }

  editPassphrase(passphrase: string): void {
    this.state.update({ passphrase, message: undefined });
  }

  reveal(revealed: boolean): void {
    this.state.update({ revealed });
  }

  generate(): void {
    const passphrase = generatePassphrase();
    this.edit({ passphrase, repeated: passphrase });
    this.reveal(true);
  }

  draw(): void {
    this.state.update({ message: undefined });
    this.#port.drawKeyArea();
  }

  removeKeyArea(id: string): void {
    this.#port.removeKeyArea(id);
    this.state.update({ message: undefined });
  }

  /** Moves the keyboard focus to a part of the panel. */
  focus(place: Place | 'result'): void {
    this.state.update({ focus: { place, count: (this.state.get().focus?.count ?? 0) + 1 } });
  }

  cancel(): void {
    const { task } = this.state.get();
    if (task === undefined) return;
    this.state.update({ task: { ...task, cancelling: true } });
    this.#running?.abort();
  }

  // Protect

  async protect(): Promise<void> {
    const { viewer, draft } = this.state.get();
    if (this.#running) return;
    const problem = inputProblem(this.state.get());
    if (problem !== undefined || viewer.status !== 'ready') {
      if (problem !== undefined) this.#complain(problem);
      return;
    }
    const { series, image } = viewer;
    const files = plannedFiles(this.state.get());
    await this.#run('protect', imagesIn(files), async (signal, onProgress) => {
      const outcome = await protectSeries(
        { series, files, passphrase: draft.passphrase, report: draft.report, ...this.#settings },
        this.#port,
        this.#service,
        signal,
        onProgress,
      );
      this.#putProtected(outcome);
      // Sealed is sealed: the next key area gets a report and a passphrase of its own.
      const { draft: typed } = this.state.get();
      this.state.update({ revealed: false, draft: { ...typed, report: '', passphrase: '', repeated: '' } });
      await this.#port.showSeries(outcome.seriesId, positionAmong(files, image.position));
    });
  }

  #putProtected(outcome: ProtectedOutcome): void {
    const { protectedSeries } = this.state.get();
    this.state.update({ protectedSeries: new Map(protectedSeries).set(outcome.seriesId, outcome) });
  }

  async removeProtected(outcome: ProtectedOutcome): Promise<void> {
    const restored = this.state.get().restoredSeries.get(outcome.seriesId);
    if (restored !== undefined) await this.removeRestored(restored);
    await this.#port.removeSeries(outcome.seriesId, {
      id: outcome.sourceId,
      position: outcome.firstPosition,
    });
    const left = new Map(this.state.get().protectedSeries);
    left.delete(outcome.seriesId);
    this.state.update({ protectedSeries: left, message: undefined, confirmingStore: false });
  }

  // Send it on

  confirmStore(confirming: boolean): void {
    this.state.update({ confirmingStore: confirming, message: undefined });
  }

  async store(outcome: ProtectedOutcome): Promise<void> {
    const destination = this.#port.destination();
    if (destination === undefined || this.#running) return;
    this.state.update({ confirmingStore: false });
    await this.#run('store', outcome.fileIds.length, async (signal, onProgress) => {
      await storeSeries(this.#port, outcome.seriesId, outcome.fileIds, signal, onProgress);
      this.#putProtected({ ...outcome, storedIn: destination.name });
    });
  }

  async download({ seriesId, fileIds }: ProtectedOutcome | RestoredOutcome, name: string): Promise<void> {
    await downloadSeries(this.#port, seriesId, fileIds, name).catch((error) =>
      this.#complain(messageOf(error)),
    );
  }

  // Restore

  /** Turns to restoring the series on display; where its tags do not say so, by looking at the pixels. */
  async askToRestore(): Promise<void> {
    const { viewer, protectedSeries } = this.state.get();
    if (viewer.status !== 'ready' || this.#running) return;
    const { series, image } = viewer;
    if (protectedSeries.has(series.id)) {
      this.state.update({ askedToRestore: { seriesId: series.id, notice: series.notice ?? '' } });
    } else if (series.kind === 'original') {
      try {
        const bytes = await this.#port.readFile(series.id, image.fileId, new AbortController().signal);
        const { notice } = await this.#service.inspect(bytes);
        this.state.update({ askedToRestore: { seriesId: series.id, notice }, message: undefined });
      } catch (error) {
        this.#complain(messageOf(error));
        return;
      }
    }
    this.focus('key');
  }

  async restore(): Promise<void> {
    const { viewer, passphrase } = this.state.get();
    if (viewer.status !== 'ready' || this.#running) return;
    const { series, image } = viewer;
    if (passphrase === '') {
      this.#complain({ place: 'key', ...inputErrors.noPassphrase });
      return;
    }
    await this.#run('restore', series.images, async (signal, onProgress) => {
      const outcome = await restoreSeries(series, passphrase, this.#port, this.#service, signal, onProgress);
      const { restoredSeries } = this.state.get();
      this.state.update({
        restoredSeries: new Map(restoredSeries).set(outcome.sourceId, outcome),
        askedToRestore: undefined,
        passphrase: '',
        revealed: false,
      });
      await this.#port.showSideBySide(outcome.sourceId, outcome.seriesId, image.position);
    });
  }

  async showSideBySide(outcome: RestoredOutcome): Promise<void> {
    const { viewer } = this.state.get();
    const position = viewer.status === 'ready' ? viewer.image.position : 1;
    await this.#port.showSideBySide(outcome.sourceId, outcome.seriesId, position);
  }

  async removeRestored(outcome: RestoredOutcome): Promise<void> {
    const { viewer } = this.state.get();
    const position = viewer.status === 'ready' ? viewer.image.position : 1;
    await this.#port.removeSeries(outcome.seriesId, { id: outcome.sourceId, position });
    const left = new Map(this.state.get().restoredSeries);
    left.delete(outcome.sourceId);
    this.state.update({ restoredSeries: left });
  }

  // Inside

  async #run(
    kind: Task['kind'],
    total: number,
    work: (signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<void>,
  ): Promise<void> {
    const running = new AbortController();
    const pace = new Pace();
    this.#running = running;
    const show = (done: number, secondsLeft: number | undefined) =>
      this.state.update({ task: { kind, done, total, secondsLeft, cancelling: running.signal.aborted } });
    this.state.update({ message: undefined });
    show(0, undefined);
    try {
      await work(running.signal, (done) => {
        if (!running.signal.aborted) show(done, pace.secondsLeft(done, total));
      });
      this.#finish(undefined);
      this.focus('result');
      pace.announce(() =>
        this.#port.notify({ title: texts.title, text: texts.finished[kind](total), failed: false }),
      );
    } catch (error) {
      if (this.#disposed) return;
      this.#finish(isCancellation(error) ? undefined : this.#describe(error));
      const { message } = this.state.get();
      this.focus(message?.place ?? 'action');
      if (message !== undefined) pace.announce(() => this.#port.notify({ ...message, failed: true }));
    } finally {
      this.#running = undefined;
    }
  }

  #describe(error: unknown): Message {
    if (error instanceof PartlyStored) {
      return { place: 'export', ...inputErrors.store(error.done, error.total, error.message) };
    }
    // A defect of ours goes where pages report defects, too.
    if (!(error instanceof KeyAreaError || error instanceof ImageFailure)) globalThis.reportError?.(error);
    return messageOf(error);
  }

  #finish(message: Message | undefined): void {
    this.state.update({ task: undefined, message });
    this.#refresh();
  }

  #complain(message: Message): void {
    this.state.update({ message });
    this.focus(message.place);
  }

  #refresh(): void {
    const before = this.state.get();
    const viewer = this.#port.state();
    const seriesId = viewer.status === 'ready' ? viewer.series.id : undefined;
    const changed = before.viewer.status !== 'ready' || before.viewer.series.id !== seriesId;
    if (!changed || viewer.status !== 'ready') {
      this.state.update({ viewer });
      return;
    }
    const { position } = viewer.image;
    this.state.update({
      viewer,
      draft: { ...before.draft, from: position, to: position },
      // What was said about another series would be misread here.
      ...(before.task === undefined && { message: undefined }),
      confirmingStore: false,
    });
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
