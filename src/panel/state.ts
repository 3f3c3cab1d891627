import type { Rectangle } from '../engine/pixels/frame';
import type { ViewerState } from '../viewer/port';
import type { Likeness, Suggestion } from '../viewer/service';
import type { OpenedSeries } from './files/openFiles';
import { type Draft, emptyDraft } from './protect/draft';
import type { Preview } from './protect/planner';
import { NOTHING_TYPED, type RestoredOutcome, type Restoring } from './restore/restoring';
import type { PanelSettings } from './settings';

/** Beside which control a message stands. */
export type Place = 'area' | 'report' | 'key' | 'scope' | 'options' | 'action' | 'export';

/** Where the keyboard focus can be sent: a place, what came of a task, or a way to save: a download, the original in clear. */
export type FocusPlace = Place | 'result' | 'download' | 'clear' | 'remove';

export interface Message {
  readonly place: Place;
  readonly title: string;
  readonly text: string;
  /** What is to be told of single files. */
  readonly details?: readonly string[];
}

export interface Task {
  readonly kind: 'protect' | 'restore' | 'store' | 'download' | 'open' | 'examine' | 'scan' | 'read';
  /** Images or files done; undefined until the work on them begins, while the key is derived. */
  readonly done: number | undefined;
  /** Images or files in all. */
  readonly total: number;
  readonly secondsLeft: number | undefined;
  readonly cancelling: boolean;
  /** The series that is worked on, as the viewer calls it; empty where there is none. */
  readonly subject: string;
}

/** A protected series that this viewer made: facts that were counted and compared, nothing assumed. */
export interface ProtectedOutcome {
  readonly seriesId: string;
  readonly sourceId: string;
  readonly fileIds: readonly string[];
  /** The files of the original series that they were made from. */
  readonly sourceFileIds: readonly string[];
  readonly images: number;
  /** Those of them that hide something; of a multi-frame object maybe one frame. */
  readonly hidden: number;
  /** Images of the original series that were left as they are. */
  readonly otherImages: number;
  readonly samplesChangedOutside: number;
  /** Peak signal-to-noise ratio outside, in decibels, of the image where it is least; infinite where nothing changed. */
  readonly psnrOutside: number;
  /** What is not covered is noise. */
  readonly scrambled: boolean;
  readonly opensFor: OpensFor;
  /** One of each size. */
  readonly coveredAreas: readonly Rectangle[];
  /** Side in pixels of the largest square that may be drawn over a QR code; 0 where none may. */
  readonly toleratedMark: number;
  /** Where in the original series its first image is, from 1. */
  readonly firstPosition: number;
  /** What may still show the key areas, in sentences; each once. */
  readonly warnings: readonly string[];
}

/** Whose key opens a protected series. */
export interface OpensFor {
  /** What recipients are called; undefined where a passphrase opens it. */
  readonly recipients: readonly string[] | undefined;
  /** What the site's recovery recipients are called. */
  readonly recovery: readonly string[];
}

/** A picture that the user brought, and what its QR code says. */
export interface Photo {
  /** The picture's file name; empty until one was chosen. */
  readonly name: string;
  /** The text of a QR code that carries a report for whoever has the key. */
  readonly sealed: string | undefined;
  readonly notice: string;
  readonly report: string | undefined;
}

export interface Suggestions {
  readonly imageId: string;
  readonly found: readonly Suggestion[] | undefined;
}

export interface PanelState {
  readonly viewer: ViewerState;
  /** For the study on display. */
  readonly draft: Draft;
  /** What was typed and chosen for others that are open, by their ids: none of it goes into another patient's image. */
  readonly otherDrafts: ReadonlyMap<string, Draft>;
  /** What protecting would do; undefined where nothing is drawn. */
  readonly preview: Preview | undefined;
  /** Key areas proposed for one image; none yet while they are looked for. */
  readonly suggestions: Suggestions | undefined;
  /** The key area whose numbers are shown, to be typed. */
  readonly adjusting: string | undefined;
  /** Whether passphrases are shown as typed. */
  readonly revealed: boolean;
  readonly restoring: Restoring;
  /** While the user reads a QR code from a picture. */
  readonly photo: Photo | undefined;
  /** Files of a series in memory that the destination holds, read back, and how alike they are to what was sent. */
  readonly storedFiles: ReadonlyMap<string, ReadonlyMap<string, Likeness>>;
  /** Ids of the series that were downloaded. */
  readonly downloadedSeries: ReadonlySet<string>;
  /** Series of files that the user brought, some of which may have been removed since. */
  readonly openedSeries: readonly OpenedSeries[];
  readonly task: Task | undefined;
  readonly message: Message | undefined;
  /** By the id of the protected series. */
  readonly protectedSeries: ReadonlyMap<string, ProtectedOutcome>;
  /** By the id of the protected series that was restored. */
  readonly restoredSeries: ReadonlyMap<string, RestoredOutcome>;
  /** The series on display that the user wants to restore although it was made here, or does not say that it is protected. */
  readonly askedToRestore: { readonly seriesId: string; readonly notice: string } | undefined;
  /** The series that the user is asked to confirm the storing of. */
  readonly confirmingStore: string | undefined;
  /** The series, saved nowhere else, that the user is asked to confirm the removal of. */
  readonly confirmingRemoval: string | undefined;
  /** Where the keyboard focus is to go; counts up so that the same place can be asked for again. */
  readonly focus: { readonly place: FocusPlace; readonly count: number } | undefined;
}

/** The state before anything is done. */
export const initialState = (settings: PanelSettings): PanelState => ({
  viewer: { status: 'empty' },
  draft: emptyDraft(settings),
  otherDrafts: new Map(),
  preview: undefined,
  suggestions: undefined,
  adjusting: undefined,
  revealed: false,
  restoring: NOTHING_TYPED,
  photo: undefined,
  storedFiles: new Map(),
  downloadedSeries: new Set(),
  openedSeries: [],
  task: undefined,
  message: undefined,
  protectedSeries: new Map(),
  restoredSeries: new Map(),
  askedToRestore: undefined,
  confirmingStore: undefined,
  confirmingRemoval: undefined,
  focus: undefined,
});

/** True where the destination holds every file of a series, read back and compared. */
export function isStored(
  { storedFiles }: PanelState,
  { seriesId, fileIds }: { readonly seriesId: string; readonly fileIds: readonly string[] },
): boolean {
  const stored = storedFiles.get(seriesId);
  return fileIds.every((id) => stored?.has(id));
}

/** True where a series is nowhere but in this viewer's memory. */
export const isUnsaved = (
  state: PanelState,
  series: { readonly seriesId: string; readonly fileIds: readonly string[] },
): boolean => !isStored(state, series) && !state.downloadedSeries.has(series.seriesId);

/** True where a series that was protected here is unsaved. */
export const holdsUnsaved = (state: PanelState): boolean =>
  [...state.protectedSeries.values()].some((outcome) => isUnsaved(state, outcome));

/** True where something is lost when the page is left: a protected series that was not saved, or a report that was typed. */
export const losesWork = (state: PanelState): boolean =>
  holdsUnsaved(state) || [state.draft, ...state.otherDrafts.values()].some(({ report }) => report !== '');

/** Files of a series that the destination holds with other attributes than were sent. */
export const changedByDestination = ({ storedFiles }: PanelState, seriesId: string): number =>
  [...(storedFiles.get(seriesId)?.values() ?? [])].filter((likeness) => likeness !== 'same').length;

/** What the panel shows. */
export type View =
  | { readonly name: 'empty' | 'unsuitable' }
  | { readonly name: 'draw' | 'protect' | 'restore' | 'working' | 'photo' }
  | { readonly name: 'protected'; readonly outcome: ProtectedOutcome }
  | { readonly name: 'restored'; readonly outcome: RestoredOutcome };

/** Views of a series that is protected, or was restored; beside their own content they show how far it is sent on. */
const OF_PROTECTED: readonly View['name'][] = ['protected', 'restore', 'restored'];

/** True where key areas on the series on display are of no use: it is protected, or was restored. */
export function takesNoKeyAreas(state: PanelState): boolean {
  const { name } = viewOf(state);
  const { viewer } = state;
  if (viewer.status !== 'ready' || !OF_PROTECTED.includes(name)) return false;
  // An original that is being asked whether it is protected keeps what was drawn on it.
  return name !== 'restore' || viewer.series.kind !== 'original';
}

/** The panel follows the series on display; a task that runs stays in view. */
export function viewOf(state: PanelState): View {
  const view = viewWithoutTask(state);
  const { task } = state;
  if (task === undefined) return view;
  const sending = task.kind === 'store' || task.kind === 'download';
  return sending && OF_PROTECTED.includes(view.name) ? view : { name: 'working' };
}

function viewWithoutTask(state: PanelState): View {
  const { viewer, protectedSeries, restoredSeries, askedToRestore } = state;
  if (state.photo !== undefined) return { name: 'photo' };
  if (viewer.status !== 'ready') return { name: viewer.status };
  const { series, keyAreas } = viewer;
  const asked = askedToRestore?.seriesId === series.id;
  const made = protectedSeries.get(series.id);
  // Whoever made it sends it on: beside the protected pixels nothing is offered that is in clear.
  if (made !== undefined && !asked) return { name: 'protected', outcome: made };
  const restored = [...restoredSeries.values()].find(({ seriesId, sourceId }) =>
    series.kind === 'restored' || series.kind === 'altered' ? seriesId === series.id : sourceId === series.id,
  );
  if (restored !== undefined) return { name: 'restored', outcome: restored };
  if (series.kind === 'protected' || asked) return { name: 'restore' };
  return { name: keyAreas.length === 0 && !state.draft.hideOnly ? 'draw' : 'protect' };
}
