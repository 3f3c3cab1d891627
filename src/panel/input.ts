import type { JobRequest } from '../viewer/service';
import type { Draft } from './draft';
import { MINIMUM_LENGTH } from './passphrase';
import { type PlannedFile, planFiles } from './plan';
import { mixesKinds, readRecipients, recipientsOf } from './recipients';
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
  const { viewer, draft } = state;
  if (viewer.status !== 'ready' || viewer.keyAreas.length === 0) {
    return { place: 'area', ...inputErrors.noKeyArea };
  }
  const problem = viewer.keyAreas.find((area) => area.problem !== undefined)?.problem;
  if (problem !== undefined)
    return { place: 'area', ...inputErrors.noKeyArea, text: texts.problems[problem] };
  if (plannedFiles(state).length === 0) {
    return { place: 'scope', ...inputErrors.range(viewer.series.images) };
  }
  return draft.keyKind === 'passphrase' ? passphraseProblem(state) : recipientsProblem(draft);
}

function passphraseProblem({ draft, revealed }: PanelState): Message | undefined {
  if (draft.passphrase === '') return { place: 'key', ...inputErrors.noPassphrase };
  if (draft.passphrase.length < MINIMUM_LENGTH) {
    return { place: 'key', ...inputErrors.shortPassphrase(MINIMUM_LENGTH) };
  }
  if (!revealed && draft.repeated !== draft.passphrase) return { place: 'key', ...inputErrors.different };
  return undefined;
}

function recipientsProblem(draft: Draft): Message | undefined {
  const { wrong } = readRecipients(draft.pastedRecipients);
  if (wrong.length > 0) return { place: 'key', ...inputErrors.wrongRecipients(wrong) };
  const keys = recipientsOf(draft);
  if (keys.length === 0) return { place: 'key', ...inputErrors.noRecipients };
  return mixesKinds(keys) ? { place: 'key', ...inputErrors.mixedRecipients } : undefined;
}

/** What travels with the images besides a passphrase; keys that cannot be used are left out. */
export function textsOf(
  draft: Draft,
  settings: PanelSettings,
): Omit<JobRequest, 'passphrase' | 'workFactor'> {
  const keys = draft.keyKind === 'recipients' ? recipientsOf(draft) : [];
  return {
    report: draft.report,
    notice: settings.notice,
    qr: draft.qr,
    recoveryRecipients: settings.recoveryRecipients.map(({ key }) => key),
    ...(keys.length > 0 && !mixesKinds(keys) && { recipients: keys }),
  };
}
