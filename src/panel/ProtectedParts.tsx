import { Link, Part, Problem } from './common';
import type { PanelController } from './controller';
import type { PanelState, ProtectedOutcome } from './state';
import { texts } from './texts';
import { WorkingPart } from './WorkingPart';

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
            {texts.protectedTitle(outcome.images)}
          </p>
          <p className="kap-muted">{texts.unchangedOutside(outcome.samplesChangedOutside)}</p>
          <p className="kap-muted">{texts.provenEach(outcome.images)}</p>
          <p className="kap-muted">{texts.covered(areas)}</p>
        </div>
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
  const destination = controller.port.destination();
  const several = outcome.fileIds.length > 1;
  return (
    <Part heading={texts.sendOn}>
      {destination !== undefined && outcome.storedIn === undefined && (
        <StoreButton state={state} controller={controller} outcome={outcome} destination={destination.name} />
      )}
      {outcome.storedIn !== undefined && (
        <div className="kap-message kap-good">
          <p>{texts.stored(outcome.storedIn)}</p>
        </div>
      )}
      {destination === undefined && <p className="kap-muted kap-small">{texts.noDestination}</p>}
      <button
        type="button"
        className="kap-button kap-wide"
        data-kap-focus={destination === undefined ? 'export' : undefined}
        data-cy="kap-download"
        onClick={() => void controller.export.download(outcome, 'key-area-protected')}
      >
        {several ? texts.downloadMany : texts.downloadOne}
      </button>
      <Problem message={state.message} place="export" />
      {outcome.storedIn === undefined && <p className="kap-muted kap-small">{texts.memoryOnly}</p>}
    </Part>
  );
}

function StoreButton({ state, controller, outcome, destination }: Props & { readonly destination: string }) {
  if (!state.confirmingStore) {
    return (
      <button
        type="button"
        className="kap-button kap-primary kap-wide"
        data-kap-focus="export"
        data-cy="kap-store"
        onClick={() => controller.export.confirmStore(true)}
      >
        {texts.store}
      </button>
    );
  }
  const series = state.viewer.status === 'ready' ? state.viewer.series : undefined;
  const name = texts.seriesName(series?.description ?? '', series?.modality ?? '');
  return (
    <>
      <p>{texts.confirmStore(outcome.fileIds.length, name, series?.patient ?? '', destination)}</p>
      <div className="kap-row">
        <button type="button" className="kap-button" onClick={() => controller.export.confirmStore(false)}>
          {texts.cancel}
        </button>
        <button
          type="button"
          className="kap-button kap-primary"
          data-kap-focus="export"
          data-cy="kap-store-now"
          onClick={() => void controller.export.store(outcome)}
        >
          {texts.storeNow}
        </button>
      </div>
    </>
  );
}
