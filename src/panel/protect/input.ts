import type { DrawnKeyArea } from '../../viewer/port';
import type { JobRequest, Treatment } from '../../viewer/service';
import type { PanelSettings } from '../settings';
import type { Message, PanelState } from '../state';
import { inputErrors } from '../texts/errorTexts';
import { texts } from '../texts/texts';
import { type Draft, scrambles } from './draft';
import { MINIMUM_LENGTH } from './passphrase';
import { drawnOutside, filesInScope, type PlannedFile, planFiles, usedAreas } from './plan';
import { mixesKinds, readRecipients, recipientsOf } from './recipients';

/** What the user has chosen to protect; no files where there is nothing in the chosen scope. */
export function plannedFiles({ viewer, draft }: PanelState): PlannedFile[] {
  if (viewer.status !== 'ready') return [];
  const { series, image, keyAreas } = viewer;
  return draft.hideOnly ? filesInScope(series, image.position, draft) : planFiles(series, keyAreas, draft);
}

/** Whatever is wrong with the site's settings: what is protected might open for the wrong people. */
export function settingsProblem({ faults }: PanelSettings): Message | undefined {
  return faults.length === 0 ? undefined : { place: 'action', ...inputErrors.settings };
}

/** What is missing before anything can be protected; undefined where nothing is. */
export function inputProblem(state: PanelState): Message | undefined {
  const { viewer, draft } = state;
  if (viewer.status !== 'ready') return { place: 'area', ...inputErrors.noKeyArea };
  const missing = draft.hideOnly ? reportProblem(draft) : areaProblem(viewer.keyAreas);
  if (missing !== undefined) return missing;
  const { images } = viewer.series;
  if (plannedFiles(state).length === 0) return { place: 'scope', ...inputErrors.range(images) };
  if (draft.scope === 'range' && (draft.from < 1 || draft.to > images)) {
    return { place: 'scope', ...inputErrors.rangeTooWide(images) };
  }
  const outside = drawnOutside(usedAreas(viewer.keyAreas, draft), draft);
  if (outside.length > 0) return { place: 'scope', ...inputErrors.drawnOutside(outside) };
  return draft.keyKind === 'passphrase' ? passphraseProblem(state) : recipientsProblem(draft);
}

function areaProblem(keyAreas: readonly DrawnKeyArea[]): Message | undefined {
  if (keyAreas.length === 0) return { place: 'area', ...inputErrors.noKeyArea };
  const unusable = keyAreas.find((area) => area.problem !== undefined);
  return unusable && { place: 'area', ...inputErrors.noKeyArea, text: texts.problem(unusable) };
}

const reportProblem = ({ report }: Draft): Message | undefined =>
  report.trim() === '' ? { place: 'report', ...inputErrors.noReport } : undefined;

function passphraseProblem({ draft, revealed }: PanelState): Message | undefined {
  if (draft.passphrase === '') return { place: 'key', ...inputErrors.noPassphrase };
  if (draft.passphrase.length < MINIMUM_LENGTH) {
    return { place: 'key', ...inputErrors.shortPassphrase(MINIMUM_LENGTH) };
  }
  if (!revealed && draft.repeated !== draft.passphrase) return { place: 'key', ...inputErrors.different };
  return undefined;
}

function recipientsProblem(draft: Draft): Message | undefined {
  const { wrong, hasSecret } = readRecipients(draft.pastedRecipients);
  if (hasSecret) return { place: 'key', ...inputErrors.secretKey };
  if (wrong.length > 0) return { place: 'key', ...inputErrors.wrongRecipients(wrong) };
  const keys = recipientsOf(draft);
  if (keys.length === 0) return { place: 'key', ...inputErrors.noRecipients };
  return mixesKinds(keys) ? { place: 'key', ...inputErrors.mixedRecipients } : undefined;
}

/**
 * How the pixels are treated. A report alone has no QR code to be carried under; noise gets no shorter, so
 * what is scrambled is not packed.
 */
export function treatmentOf(draft: Draft): Omit<Treatment, 'areas'> {
  const carrier = draft.hideOnly ? 'surroundings' : draft.carrier;
  const scramble = scrambles(draft);
  const compress = draft.compress && !scramble;
  return { ...(carrier !== 'automatic' && { carrier }), scramble, compress };
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
    fit: draft.fit,
    recoveryRecipients: settings.recoveryRecipients.map(({ key }) => key),
    ...(keys.length > 0 && !mixesKinds(keys) && { recipients: keys }),
  };
}
