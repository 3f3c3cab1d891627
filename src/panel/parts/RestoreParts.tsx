import type { PanelController } from '../controller';
import { keysOf, noticeOf } from '../restore/restoring';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { images } from '../texts/words';
import { Link, LockIcon, Part } from './common';
import { KeyPart } from './KeyPart';
import { ReportPart } from './ReportPart';
import { SendReceivedPart, WhileSending } from './SendOnPart';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** A protected series is on display: what it says in public, and the way to its key area. */
export function RestoreParts({ state, controller }: Props) {
  const { viewer, askedToRestore, restoring } = state;
  if (viewer.status !== 'ready') return null;
  const { series } = viewer;
  const told = restoring.told.get(series.id);
  if (told !== undefined && 'problem' in told) {
    return (
      <LostParts state={state} controller={controller} title={told.problem.title} text={told.problem.text} />
    );
  }
  const { both, wanted } = keysOf(restoring, series.id);
  const notice = noticeOf(state);
  const opens = told === undefined ? [] : [both ? texts.opensWithBoth : texts.opensWith[wanted]];
  return (
    <>
      <Part>
        <div className="kap-locked">
          <LockIcon />
          <div>
            <p className="kap-title">{texts.lockedTitle}</p>
            <p className="kap-muted">{notice ? texts.quoted(notice) : texts.lockedDefault}</p>
            <p className="kap-muted">{[images(series.images), ...opens].join(' · ')}</p>
            {askedToRestore !== undefined && (
              <p>
                <Link onClick={() => controller.restore.turnBack()}>{texts.back}</Link>
              </p>
            )}
          </div>
        </div>
      </Part>
      <KeyPart
        state={state}
        controller={controller}
        seriesId={series.id}
        action={texts.restore}
        onSubmit={() => void controller.restore.restore()}
      />
      <SendPart state={state} controller={controller} />
    </>
  );
}

/** The protected series as it is; one that was made here has a view of its own for that. */
function SendPart({ state, controller }: Props) {
  const { viewer, protectedSeries } = state;
  if (viewer.status !== 'ready' || protectedSeries.has(viewer.series.id)) return null;
  return (
    <WhileSending state={state} controller={controller}>
      <SendReceivedPart state={state} controller={controller} />
    </WhileSending>
  );
}

/** The key area cannot come back; the report may still be in the QR code on display. */
function LostParts({
  state,
  controller,
  title,
  text,
}: Props & { readonly title: string; readonly text: string }) {
  const { viewer, restoring } = state;
  if (viewer.status !== 'ready') return null;
  const { id } = viewer.series;
  // What is said above is not said twice.
  const told = state.message?.text === text ? { ...state, message: undefined } : state;
  const read = restoring.readReport?.seriesId === id ? restoring.readReport.report : undefined;
  return (
    <>
      <Part>
        <div className="kap-message" data-kap-focus="result" tabIndex={-1}>
          <p className="kap-title">{title}</p>
          <p className="kap-muted">{text}</p>
          {read === undefined && <p className="kap-muted">{texts.reportInQr}</p>}
        </div>
      </Part>
      {read === undefined ? (
        <KeyPart
          state={told}
          controller={controller}
          seriesId={id}
          action={texts.readReport}
          onSubmit={() => void controller.restore.readReport()}
        />
      ) : (
        <ReportPart report={read} hint={texts.readFromQr} />
      )}
      <SendPart state={state} controller={controller} />
    </>
  );
}
