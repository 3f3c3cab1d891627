import { MINIMUM_LENGTH } from './passphrase';
import { type PlannedFile, planFiles } from './plan';
import type { PanelSettings } from './settings';
import type { Message, PanelState } from './state';
import { inputErrors, texts } from './texts';

/** What the user has chosen to protect; no files where nothing is drawn in the chosen scope. */
export function plannedFiles({ viewer, draft }: PanelState): PlannedFile[] {
  return viewer.status === 'ready' ? planFiles(viewer.series, viewer.keyAreas, draft) : [];
}

/** Whatever is wrong with the site's settings: what is protected might open for the wrong people. */
export function settingsProblem({ faults }: PanelSettings): Message | undefined {
  return faults.length === 0 ? undefined : { place: 'action', ...inputErrors.settings };
}

/** What is missing before anything can be protected; undefined where nothing is. */
export function inputProblem(state: PanelState): Message | undefined {
  const { viewer, draft, revealed } = state;
  if (viewer.status !== 'ready' || viewer.keyAreas.length === 0) {
    return { place: 'area', ...inputErrors.noKeyArea };
  }
  const problem = viewer.keyAreas.find((area) => area.problem !== undefined)?.problem;
  if (problem !== undefined)
    return { place: 'area', ...inputErrors.noKeyArea, text: texts.problems[problem] };
  if (plannedFiles(state).length === 0) {
    return { place: 'scope', ...inputErrors.range(viewer.series.images) };
  }
  if (draft.passphrase === '') return { place: 'key', ...inputErrors.noPassphrase };
  if (draft.passphrase.length < MINIMUM_LENGTH) {
    return { place: 'key', ...inputErrors.shortPassphrase(MINIMUM_LENGTH) };
  }
  if (!revealed && draft.repeated !== draft.passphrase) return { place: 'key', ...inputErrors.different };
  return undefined;
}
