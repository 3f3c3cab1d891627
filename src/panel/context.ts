import { KeyAreaError } from '../engine/errors';
import { ReadError, type ViewerPort } from '../viewer/port';
import type { KeyAreaService } from '../viewer/service';
import { ImageFailure, isCancellation, messageOf, TitledError } from './failures';
import { PartlyStored } from './files/exportSeries';
import { Pace } from './progress';
import { type Draft, emptyDraft } from './protect/draft';
import type { PanelSettings } from './settings';
import {
  type FocusPlace,
  initialState,
  type Message,
  type PanelState,
  type Task,
  type View,
  viewOf,
} from './state';
import { createStore, type Store } from './store';
import { inputErrors } from './texts/errorTexts';
import { texts } from './texts/texts';

/** Called with images done and images in all. */
export type OnProgress = (done: number, total: number) => void;

/** Views that show what came of a task. */
const OUTCOMES: readonly View['name'][] = ['protected', 'restored'];

/**
 * What every part of the panel's logic shares, for one open study: the state, viewer and worker, one
 * task at a time, and how failures are told. `dispose` forgets all that was typed and restored.
 */
export class PanelContext {
  readonly state: Store<PanelState>;
  readonly port: ViewerPort;
  readonly service: KeyAreaService;
  readonly settings: PanelSettings;
  readonly #stopWatching: () => void;
  #running: AbortController | undefined;
  /** The series that was on display last. */
  #seriesId: string | undefined;
  /** The study that it is of. */
  #studyId: string | undefined;
  /** The ranges that were chosen, each for the series that it is one of. */
  readonly #ranges = new Map<string, Pick<Draft, 'scope' | 'from' | 'to'>>();
  readonly #open = new AbortController();

  constructor(port: ViewerPort, service: KeyAreaService, settings: PanelSettings) {
    this.port = port;
    this.service = service;
    this.settings = settings;
    this.state = createStore(initialState(settings));
    this.#stopWatching = port.subscribe(() => this.refresh());
    this.refresh();
  }

  dispose(): void {
    this.#open.abort();
    this.#stopWatching();
    this.#running?.abort();
    this.service.dispose();
    this.state.set(initialState(this.settings));
  }

  /** True after `dispose`: there is nothing to show any more. */
  get disposed(): boolean {
    return this.#open.signal.aborted;
  }

  /** Aborted by `dispose`. */
  get closed(): AbortSignal {
    return this.#open.signal;
  }

  /** True while a task runs. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Changes what is typed and chosen for a study, whether it is on display or not. */
  editDraft(studyId: string, changes: Partial<Draft>): void {
    const { draft, otherDrafts } = this.state.get();
    const other = otherDrafts.get(studyId);
    if (other === undefined) this.state.update({ draft: { ...draft, ...changes } });
    else this.state.update({ otherDrafts: new Map(otherDrafts).set(studyId, { ...other, ...changes }) });
  }

  /** Moves the keyboard focus to a part of the panel. */
  focus(place: FocusPlace): void {
    this.state.update({ focus: { place, count: (this.state.get().focus?.count ?? 0) + 1 } });
  }

  /** Shows a message beside the control that it is about. */
  complain(message: Message): void {
    this.state.update({ message });
    this.focus(message.place);
  }

  /** Does what is over in a moment, so no task; what goes wrong becomes a message at `place`. */
  async attempt(place: Message['place'], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.disposed && !isCancellation(error)) this.complain({ ...describe(error), place });
    }
  }

  /**
   * Runs a task in view, with its progress; its failure becomes a message. One at a time: `busy`. What came
   * of the work, in a sentence, is also told where the user is likely to look elsewhere by then.
   *
   * @param subject the series that is worked on, as the viewer calls it
   */
  async run(
    kind: Task['kind'],
    total: number,
    work: (signal: AbortSignal, onProgress: OnProgress) => Promise<string>,
    subject = '',
  ): Promise<void> {
    const running = new AbortController();
    const pace = new Pace();
    this.#running = running;
    const show = (done: number | undefined, secondsLeft: number | undefined) =>
      this.state.update({
        task: { kind, done, total, secondsLeft, cancelling: running.signal.aborted, subject },
      });
    this.state.update({ message: undefined });
    show(undefined, undefined);
    // The control that began it is gone.
    this.focus('result');
    try {
      const text = await work(running.signal, (done) => {
        if (!running.signal.aborted) show(done, pace.secondsLeft(done, total));
      });
      if (this.disposed) return;
      this.#finish(undefined);
      // What was downloaded from is still there, and so is the focus.
      if (kind !== 'download') this.focus('result');
      const tell = () => this.port.notify({ title: texts.title, text, type: 'success' });
      // Whoever went on to another series does not see what came of it.
      if (subject !== '' && !OUTCOMES.includes(viewOf(this.state.get()).name)) tell();
      else pace.announce(tell);
    } catch (error) {
      if (this.disposed) return;
      this.#finish(isCancellation(error) ? undefined : describe(error, kind));
      const { message } = this.state.get();
      this.focus(message?.place ?? (kind === 'download' ? 'download' : 'action'));
      if (message !== undefined) pace.announce(() => this.port.notify({ ...message, type: 'error' }));
    } finally {
      this.#running = undefined;
    }
  }

  /** Cancels the task under way. */
  cancel(): void {
    const { task } = this.state.get();
    if (task === undefined) return;
    this.state.update({ task: { ...task, cancelling: true } });
    this.#running?.abort();
  }

  #finish(message: Message | undefined): void {
    this.state.update({ task: undefined, message });
    this.refresh();
  }

  /** True where a series is the one on display still: a user who went on to another is not called back. */
  isOnDisplay(seriesId: string): boolean {
    const viewer = this.port.state();
    return viewer.status === 'ready' && viewer.series.id === seriesId;
  }

  /** Takes over what the viewer displays; it tells a moment later by itself. */
  refresh(): void {
    const before = this.state.get();
    const viewer = this.port.state();
    // A look at another viewport, or at none, changes nothing of what was chosen for a series.
    if (viewer.status !== 'ready' || viewer.series.id === this.#seriesId) {
      this.state.update({ viewer });
      return;
    }
    const seriesId = viewer.series.id;
    const { scope, from, to } = before.draft;
    const { draft, otherDrafts } = this.#draftsFor(viewer.series.studyId, before);
    if (this.#seriesId !== undefined) {
      if (scope === 'range') this.#ranges.set(this.#seriesId, { scope, from, to });
      else this.#ranges.delete(this.#seriesId);
    }
    this.#seriesId = seriesId;
    const { position } = viewer.image;
    const { askedToRestore } = before;
    this.state.update({
      viewer,
      askedToRestore: askedToRestore?.seriesId === seriesId ? askedToRestore : undefined,
      otherDrafts,
      draft: {
        ...draft,
        ...(draft.scope === 'range' && { scope: this.settings.scope }),
        from: position,
        to: position,
        ...this.#ranges.get(seriesId),
      },
      // What was said about another series would be misread here.
      ...(before.task === undefined && { message: undefined }),
      confirmingStore: undefined,
      confirmingRemoval: undefined,
      photo: undefined,
    });
  }

  /** What is typed for a study that comes on display, and for the others. */
  #draftsFor(studyId: string, { draft, otherDrafts }: PanelState): Pick<PanelState, 'draft' | 'otherDrafts'> {
    const last = this.#studyId;
    this.#studyId = studyId;
    if (last === undefined || last === studyId) return { draft, otherDrafts };
    const others = new Map(otherDrafts).set(last, draft);
    others.delete(studyId);
    return { draft: otherDrafts.get(studyId) ?? emptyDraft(this.settings), otherDrafts: others };
  }
}

function describe(error: unknown, kind?: Task['kind']): Message {
  if (error instanceof PartlyStored) {
    return { place: 'export', ...inputErrors.store(error.counts, error.message) };
  }
  // A defect of ours goes where pages report defects, too.
  const expected = [KeyAreaError, ImageFailure, ReadError, TitledError];
  if (!expected.some((kind) => error instanceof kind)) globalThis.reportError?.(error);
  const message = messageOf(error);
  return kind === 'download' ? { ...message, place: 'export' } : message;
}
