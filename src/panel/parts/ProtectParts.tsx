import type { PanelController } from '../controller';
import { plannedFiles } from '../protect/input';
import { imagesHidden, imagesIn, imagesProtected } from '../protect/plan';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { ChooseKeyPart } from './ChooseKeyPart';
import { Link, Part, Problem } from './common';
import { KeyAreaPart } from './KeyAreaPart';
import { OptionsPart } from './OptionsPart';
import { PreviewPart } from './PreviewPart';
import { ScopePart } from './ScopePart';
import { WriteReportPart } from './WriteReportPart';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** Everything between a drawn key area and the Protect button. */
export function ProtectParts(props: Props) {
  return (
    <>
      {props.state.draft.hideOnly ? <HideOnlyPart {...props} /> : <KeyAreaPart {...props} />}
      <WriteReportPart {...props} />
      <ChooseKeyPart {...props} />
      <ScopePart {...props} />
      <OptionsPart {...props} />
      <PreviewPart {...props} />
      <ProtectAction {...props} />
    </>
  );
}

/** Stands where the key areas would be. */
function HideOnlyPart({ controller }: Props) {
  return (
    <Part heading={texts.hideOnlyTitle}>
      <p className="kap-muted">{texts.hideOnlyText}</p>
      <Link onClick={() => controller.protect.edit({ hideOnly: false })}>{texts.drawInstead}</Link>
    </Part>
  );
}

/** The button, always in reach, and what it will do. */
function ProtectAction({ state, controller }: Props) {
  if (state.viewer.status !== 'ready') return null;
  const { series } = state.viewer;
  const { hideOnly } = state.draft;
  const files = plannedFiles(state);
  const total = imagesIn(files);
  const name = texts.seriesName(series.description, series.modality);
  const summary = hideOnly
    ? texts.hideSummary(total, name, series.patient)
    : texts.summary(imagesHidden(files), total, name, series.patient);
  const { refusal } = state.preview ?? {};
  return (
    <div className="kap-action kap-stack">
      {total > 0 && (
        <p className="kap-muted kap-small">
          {refusal === undefined ? summary : texts.refusedBefore(refusal.title)}
        </p>
      )}
      <Problem message={state.message} place="action" />
      <button
        type="button"
        className="kap-button kap-primary kap-wide"
        data-kap-focus="action"
        data-cy="kap-protect"
        onClick={() => void controller.protect.protect()}
      >
        {hideOnly ? texts.hideIn(total) : texts.protect(imagesProtected(files), total)}
      </button>
    </div>
  );
}
