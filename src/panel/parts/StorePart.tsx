import type { PanelController } from '../controller';
import type { StorableSeries } from '../exportController';
import { changedByDestination, isStored, type PanelState } from '../state';
import { texts } from '../texts/texts';
import { Question } from './common';

/** Stores a series that is in memory, after one sentence that says what goes where; afterwards, that it is there. */
export function StorePart({
  state,
  controller,
  outcome,
  destination,
  secondary = false,
  inClear = false,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
  readonly outcome: StorableSeries;
  readonly destination: string;
  /** Storing is not what is usually done next. */
  readonly secondary?: boolean;
  /** It is a restored original. */
  readonly inClear?: boolean;
}) {
  const place = inClear ? 'clear' : 'export';
  if (isStored(state, outcome)) {
    const changed = changedByDestination(state, outcome.seriesId);
    return (
      <div className={`kap-message${changed === 0 ? ' kap-good' : ''}`}>
        <p>{changed === 0 ? texts.stored(destination) : texts.storedChanged(destination, changed)}</p>
      </div>
    );
  }
  if (state.confirmingStore !== outcome.seriesId) {
    return (
      <button
        type="button"
        className={`kap-button kap-wide${secondary ? '' : ' kap-primary'}`}
        data-kap-focus={inClear ? 'export clear' : 'export'}
        data-cy="kap-store"
        onClick={() => controller.export.confirmStore(outcome.seriesId, place)}
      >
        {inClear ? texts.storeRestored : texts.store}
      </button>
    );
  }
  const series = state.viewer.status === 'ready' ? state.viewer.series : undefined;
  const description = 'description' in outcome ? outcome.description : (series?.description ?? '');
  const name = texts.seriesName(description, series?.modality ?? '');
  const files = outcome.fileIds.length;
  const patient = series?.patient ?? '';
  const turnBack = () => controller.export.confirmStore(undefined, place);
  return (
    <Question onTurnBack={turnBack}>
      <p>
        {inClear
          ? texts.confirmStoreRestored(files, name, patient, destination)
          : texts.confirmStore(files, name, patient, destination)}
      </p>
      <div className="kap-row">
        <button
          type="button"
          className="kap-button"
          // What puts an area in clear is not to happen by pressing Enter twice.
          data-kap-focus={inClear ? 'export clear' : undefined}
          onClick={turnBack}
        >
          {texts.cancel}
        </button>
        <button
          type="button"
          className="kap-button kap-primary"
          data-kap-focus={inClear ? undefined : 'export'}
          data-cy="kap-store-now"
          onClick={() => void controller.export.store(outcome)}
        >
          {inClear ? texts.storeInClear : texts.storeNow}
        </button>
      </div>
    </Question>
  );
}
