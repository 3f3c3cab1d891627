import { useState } from 'react';
import { Link, Part, Problem } from './common';
import type { PanelController } from './controller';
import { StorePart } from './StorePart';
import type { PanelState, ProtectedOutcome } from './state';
import { texts } from './texts';
import { WorkingPart } from './WorkingPart';

/** Side, in pixels, of the least mark that is worth a line: a smaller one is no mark that anybody draws. */
const LEAST_MARK_TOLD = 4;

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
  readonly outcome: ProtectedOutcome;
}

/** A series that was just protected: what was verified, and how to send it on. */
export function ProtectedParts(props: Props) {
  const { state, controller, outcome } = props;
  const areas = outcome.coveredAreas.map(({ width, height }) => texts.areaSize(width, height));
  return (
    <>
      <Part>
        <div className="kap-message kap-good">
          <p className="kap-title" data-kap-focus="result" tabIndex={-1}>
            {texts.protectedTitle(outcome.hidden, outcome.images)}
          </p>
          <p className="kap-muted">{texts.unchangedOutside(outcome.samplesChangedOutside)}</p>
          <p className="kap-muted">{texts.provenEach(outcome.images)}</p>
          {areas.length > 0 && <p className="kap-muted">{texts.covered(areas)}</p>}
          {outcome.toleratedMark >= LEAST_MARK_TOLD && (
            <p className="kap-muted">{texts.tolerated(outcome.toleratedMark)}</p>
          )}
        </div>
        {outcome.warnings.map((warning) => (
          <div key={warning} className="kap-message">
            <p className="kap-muted">{warning}</p>
          </div>
        ))}
      </Part>
      {state.task?.kind === 'store' ? (
        <WorkingPart task={state.task} controller={controller} />
      ) : (
        <SendOnPart {...props} />
      )}
      <Part>
        <p className="kap-muted kap-small">{texts.untouched(outcome.otherImages)}</p>
        <p className="kap-links">
          <Link onClick={() => void controller.restore.ask()}>{texts.restoreThis}</Link>
          <Link onClick={() => void controller.protect.removeProtected(outcome)}>
            {texts.removeProtected}
          </Link>
        </p>
        <Problem message={state.message} place="action" />
      </Part>
    </>
  );
}

function SendOnPart({ state, controller, outcome }: Props) {
  const [withOthers, setWithOthers] = useState(false);
  const destination = controller.port.destination();
  const archive = outcome.fileIds.length > 1 || withOthers;
  return (
    <Part heading={texts.sendOn}>
      {destination === undefined ? (
        <p className="kap-muted kap-small">{texts.noDestination}</p>
      ) : (
        <StorePart state={state} controller={controller} outcome={outcome} destination={destination.name} />
      )}
      <div className="kap-row">
        <button
          type="button"
          className="kap-button"
          data-kap-focus={destination === undefined ? 'export' : undefined}
          data-cy="kap-download"
          onClick={() => void controller.export.downloadProtected(outcome, withOthers)}
        >
          {archive ? texts.downloadMany : texts.downloadOne}
        </button>
        <button
          type="button"
          className="kap-button"
          aria-label={texts.downloadPictureLabel}
          data-cy="kap-download-picture"
          onClick={() => void controller.export.downloadPicture()}
        >
          {texts.downloadPicture}
        </button>
      </div>
      {outcome.otherImages > 0 && (
        <label className="kap-check">
          <input
            type="checkbox"
            checked={withOthers}
            onChange={({ target }) => setWithOthers(target.checked)}
          />
          <span>{texts.withOthers(outcome.otherImages)}</span>
        </label>
      )}
      <Problem message={state.message} place="export" />
      {outcome.storedIn === undefined && <p className="kap-muted kap-small">{texts.memoryOnly}</p>}
    </Part>
  );
}
