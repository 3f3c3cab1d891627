import type { PanelController } from '../controller';
import { imagesInSource, type RestoredOutcome } from '../restore/restoring';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { AlteredPart } from './AlteredPart';
import { Link, Part, Problem } from './common';
import { ReportPart } from './ReportPart';
import { SendReceivedPart, WhileSending } from './SendOnPart';
import { StorePart } from './StorePart';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
  readonly outcome: RestoredOutcome;
}

/** A series was opened with its key: the verdict, the report, and what can be done with it. */
export function RestoredParts(props: Props) {
  const { state, controller, outcome } = props;
  const protectedShown = state.viewer.status === 'ready' && state.viewer.series.id === outcome.sourceId;
  return (
    <>
      <VerdictPart {...props} />
      {outcome.altered.length > 0 && <AlteredPart {...props} />}
      <ReportPart report={outcome.report} />
      <WhileSending state={state} controller={controller}>
        {protectedShown && <SendReceivedPart state={state} controller={controller} />}
        <FurtherPart {...props} protectedShown={protectedShown} />
      </WhileSending>
    </>
  );
}

function VerdictPart({ outcome }: Props) {
  const { images: number, files, identicalFiles, decodedFiles, filesProtected } = outcome;
  const { altered, alteredElsewhere, meaningChanged, changedSince, repaired, lost, lostImages } = outcome;
  const all = imagesInSource(outcome);
  const warnings = [...texts.lost(lost), ...texts.findings(outcome.findings, files, filesProtected)];
  return (
    <Part>
      {outcome.isExact ? (
        <div className="kap-message kap-good">
          <p className="kap-title" data-kap-focus="result" tabIndex={-1}>
            {texts.restoredTitle(number, all)}
          </p>
          <p className="kap-muted">{texts.restoredImages(number, all)}</p>
          <p className="kap-muted">{texts.restoredFiles(identicalFiles, decodedFiles, files)}</p>
        </div>
      ) : (
        <div className="kap-message">
          <p className="kap-title" data-kap-focus="result" tabIndex={-1}>
            {texts.alteredTitle(outcome)}
          </p>
          {lostImages.length > 0 && <p className="kap-muted">{texts.lostImages(lostImages)}</p>}
          {altered.length > 0 && <p className="kap-muted">{texts.alteredBlocks(altered)}</p>}
          {alteredElsewhere > 0 && <p className="kap-muted">{texts.alteredElsewhere}</p>}
          {meaningChanged.length > 0 && (
            <p className="kap-muted">
              {texts.meaningChanged(lostImages.length + altered.length + alteredElsewhere, meaningChanged)}
              {number > 1 && ` ${texts.meaningChangedOn(outcome.meaningChangedOn, number)}`}
            </p>
          )}
        </div>
      )}
      {repaired.length > 0 && <p className="kap-muted kap-small">{texts.repaired(repaired)}</p>}
      {outcome.isExact && changedSince.length > 0 && (
        <p className="kap-muted kap-small">{texts.changedSince(changedSince)}</p>
      )}
      {warnings.length > 0 && (
        <div className="kap-message" data-cy="kap-findings">
          {warnings.map((warning) => (
            <p className="kap-muted" key={warning}>
              {warning}
            </p>
          ))}
        </div>
      )}
    </Part>
  );
}

/** What is done with the restored series; of the two on display the protected one may be the active one. */
function FurtherPart({
  state,
  controller,
  outcome,
  protectedShown,
}: Props & { readonly protectedShown: boolean }) {
  const original = controller.restore.originalOf(outcome);
  const destination = controller.port.destination();
  const storing = original === undefined && outcome.isExact && destination !== undefined;
  return (
    <Part>
      {state.confirmingStore !== outcome.seriesId && (
        <div className="kap-row">
          <button
            type="button"
            className="kap-button"
            onClick={() => void controller.restore.showSideBySide(outcome)}
          >
            {outcome.lost.length === 0 ? texts.sideBySide : texts.showRestoredSeries}
          </button>
          <button
            type="button"
            className="kap-button"
            data-kap-focus={storing || protectedShown ? 'download' : 'download export'}
            data-cy="kap-download-restored"
            onClick={() => void controller.export.downloadRestored(outcome)}
          >
            {texts.downloadInClear}
          </button>
        </div>
      )}
      {storing && (
        <StorePart
          state={state}
          controller={controller}
          outcome={outcome}
          destination={destination.name}
          secondary
          inClear
        />
      )}
      {original !== undefined && (
        <p className="kap-muted kap-small">
          {texts.originalHere}{' '}
          <Link onClick={() => void controller.restore.showOriginal(outcome)}>{texts.showOriginal}</Link>
        </p>
      )}
      {!outcome.isExact && <p className="kap-muted kap-small">{texts.alteredNotStored}</p>}
      {!protectedShown && <Problem message={state.message} place="export" />}
      <Problem message={state.message} place="action" />
      <p className="kap-muted kap-small">
        {texts.removedOnClose}{' '}
        <Link onClick={() => void controller.restore.discard(outcome)}>{texts.removeRestored}</Link>
      </p>
    </Part>
  );
}
