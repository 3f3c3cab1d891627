import type { Rectangle } from '../../engine/pixels/frame';
import type { PanelController } from '../controller';
import type { PanelState, ProtectedOutcome } from '../state';
import { texts } from '../texts/texts';
import { Link, Part, Problem, Question } from './common';
import { SendOnPart, WhileSending } from './SendOnPart';

/** Side, in pixels, of the least mark that is worth a line: a smaller one is no mark that anybody draws. */
const LEAST_MARK_TOLD = 4;

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
  readonly outcome: ProtectedOutcome;
}

/** A series that was just protected: what was verified, and how to send it on. */
export function ProtectedParts({ state, controller, outcome }: Props) {
  const restored = state.restoredSeries.get(outcome.seriesId);
  const removing = state.confirmingRemoval === outcome.seriesId;
  const sizes = sizesToTell(outcome.coveredAreas).map(({ width, height }) => texts.areaSize(width, height));
  return (
    <>
      <Part>
        <div className="kap-message kap-good">
          <p className="kap-title" data-kap-focus="result" tabIndex={-1}>
            {texts.protectedTitle(outcome)}
          </p>
          <p className="kap-muted">{describeChanges(outcome)}</p>
          <p className="kap-muted">{texts.provenEach(outcome.images)}</p>
          {sizes.length > 0 && (
            <p className="kap-muted">
              {outcome.coveredAreas.length > sizes.length ? texts.coveredFromTo(sizes) : texts.covered(sizes)}
            </p>
          )}
          <p className="kap-muted">{texts.opensFor(outcome.opensFor)}</p>
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
      <WhileSending state={state} controller={controller}>
        <SendOnPart
          state={state}
          controller={controller}
          sent={outcome}
          inMemory
          onDownload={(withOthers) => void controller.export.downloadProtected(outcome, withOthers)}
        />
      </WhileSending>
      <Part>
        <p className="kap-muted kap-small">{texts.untouched(outcome.otherImages)}</p>
        {restored !== undefined && (
          <p className="kap-muted kap-small">
            {texts.restoredBeside}{' '}
            <Link onClick={() => void controller.restore.showSideBySide(restored)}>{texts.showRestored}</Link>
          </p>
        )}
        <p className="kap-links">
          {restored === undefined && (
            <Link onClick={() => void controller.restore.ask()}>{texts.restoreThis}</Link>
          )}
          {!removing && (
            <Link focus="remove" onClick={() => void controller.protect.askToRemove(outcome)}>
              {texts.removeProtected}
            </Link>
          )}
        </p>
        {removing && <ConfirmRemoval controller={controller} outcome={outcome} />}
        <Problem message={state.message} place="action" />
      </Part>
    </>
  );
}

/** Asks before a series goes that is saved nowhere, and its report with it. */
function ConfirmRemoval({ controller, outcome }: Pick<Props, 'controller' | 'outcome'>) {
  const keep = () => controller.protect.keepProtected();
  return (
    <Question onTurnBack={keep}>
      <p>{texts.confirmRemoval}</p>
      <div className="kap-row">
        <button type="button" className="kap-button" data-kap-focus="remove" onClick={keep}>
          {texts.keep}
        </button>
        <button
          type="button"
          className="kap-button"
          onClick={() => void controller.protect.removeProtected(outcome)}
        >
          {texts.remove}
        </button>
      </div>
    </Question>
  );
}

/** Sizes that are told one by one; of more, the smallest and the largest. */
const MOST_SIZES = 3;

function sizesToTell(areas: readonly Rectangle[]): readonly Rectangle[] {
  if (areas.length <= MOST_SIZES) return areas;
  const sorted = areas.toSorted((a, b) => a.width * a.height - b.width * b.height);
  return [sorted[0], sorted[sorted.length - 1]];
}

/** How what is not covered differs from the original. */
function describeChanges(outcome: ProtectedOutcome): string {
  const { scrambled, samplesChangedOutside: samples, psnrOutside, coveredAreas, images } = outcome;
  if (scrambled) return texts.scrambledOutside;
  if (coveredAreas.length === 0) return texts.changedAnywhere(samples, psnrOutside, images);
  return texts.changedOutside(samples, psnrOutside);
}
