import { useEffect, useRef } from 'react';
import type { ViewerState } from '../../viewer/port';
import type { PanelController } from '../controller';
import { imagesInSource, type Restoring } from '../restore/restoring';
import { type PanelState, type View, viewOf } from '../state';
import { texts } from '../texts/texts';
import { images } from '../texts/words';
import { Link, Part, Problem, useStore } from './common';
import { DrawnInVain } from './DrawnInVain';
import { FilesPart, OpenedSeries } from './FilesPart';
import { PhotoParts } from './PhotoParts';
import { ProtectedParts } from './ProtectedParts';
import { ProtectParts } from './ProtectParts';
import { RestoredParts } from './RestoredParts';
import { RestoreParts } from './RestoreParts';
import { SettingsFaults } from './SettingsFaults';
import { SuggestionList, SuggestLink } from './Suggestions';
import { useDrop } from './useDrop';
import { beginningOf, WorkingPart } from './WorkingPart';

/** The panel "Key area protection": one view at a time, for what the viewer displays. */
export function Panel({ controller }: { readonly controller: PanelController }) {
  const state = useStore(controller.state);
  const root = useRef<HTMLDivElement>(null);
  const view = viewOf(state);
  const { focus } = state;
  const { dropping, dropTarget } = useDrop((files) => void controller.files.take(files));

  useEffect(() => {
    if (focus === undefined) return;
    const places = root.current?.querySelectorAll<HTMLElement>(`[data-kap-focus~="${focus.place}"]`);
    // Of several, the last one is what is being worked with: a task under what came of the one before.
    const found = places === undefined ? undefined : Array.from(places).at(-1);
    // With what is said beside it, which would else stay behind what is fixed below.
    found?.closest('.kap-part')?.scrollIntoView({ block: 'nearest' });
    found?.focus();
  }, [focus]);

  return (
    <div
      className={dropping ? 'kap-panel kap-dropping' : 'kap-panel'}
      ref={root}
      data-kap-view={view.name}
      {...dropTarget}
    >
      {dropping && <p className="kap-drop">{texts.dropHere}</p>}
      <header className="kap-header">
        <h2>{texts.title}</h2>
        <span className="kap-context">{context(state, view)}</span>
      </header>
      <div className="kap-hidden" role="status">
        {announcement(state, view)}
      </div>
      <SettingsFaults faults={controller.settings.faults} />
      <DrawnInVain state={state} controller={controller} />
      <Body state={state} view={view} controller={controller} />
      <OpenedSeries state={state} controller={controller} />
      <p className="kap-footer">
        {view.name === 'restored' && !view.outcome.isExact ? texts.disclaimerAltered : texts.disclaimer}
      </p>
    </div>
  );
}

function Body({
  state,
  view,
  controller,
}: {
  readonly state: PanelState;
  readonly view: View;
  readonly controller: PanelController;
}) {
  const props = { state, controller };
  switch (view.name) {
    case 'working':
      return state.task ? <WorkingPart task={state.task} controller={controller} /> : null;
    case 'protect':
      return <ProtectParts {...props} />;
    case 'protected':
      return <ProtectedParts {...props} outcome={view.outcome} />;
    case 'restore':
      return <RestoreParts {...props} />;
    case 'restored':
      return <RestoredParts {...props} outcome={view.outcome} />;
    case 'photo':
      return state.photo ? <PhotoParts {...props} photo={state.photo} /> : null;
    case 'draw':
      return <DrawPart {...props} />;
    case 'unsuitable':
      return (
        <div className="kap-centre kap-stack">
          <p className="kap-title">{texts.unsuitableTitle}</p>
          <p className="kap-muted">{texts.unsuitable}</p>
        </div>
      );
    case 'empty':
      return (
        <>
          <p className="kap-centre kap-muted">{texts.empty}</p>
          <FilesPart {...props} />
        </>
      );
  }
}

function DrawPart({
  state,
  controller,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
}) {
  const [rectangle, ...others] = controller.port.measuredRectangles();
  return (
    <>
      <div className="kap-centre kap-stack">
        <p className="kap-title">{texts.drawTitle}</p>
        <p className="kap-muted">{texts.drawText}</p>
        <button
          type="button"
          className="kap-button kap-primary kap-wide"
          data-kap-focus="area"
          onClick={() => controller.protect.draw()}
        >
          {texts.draw} <span className="kap-key">{texts.drawKey}</span>
        </button>
        {rectangle !== undefined && others.length === 0 && (
          <>
            <button
              type="button"
              className="kap-button kap-wide"
              onClick={() => controller.protect.adoptRectangle(rectangle)}
            >
              {texts.adopt}
            </button>
            <p className="kap-muted kap-small">{texts.adoptText}</p>
          </>
        )}
        {others.length > 0 && <p className="kap-muted kap-small">{texts.adoptOneOfMany}</p>}
        <p className="kap-links">
          <SuggestLink state={state} controller={controller} />
          <Link onClick={() => controller.protect.place()}>{texts.place}</Link>
        </p>
        <SuggestionList state={state} controller={controller} />
        <p>
          <Link onClick={() => controller.protect.edit({ hideOnly: true })}>{texts.hideOnly}</Link>
        </p>
        <Problem message={state.message} place="area" />
      </div>
      <Part>
        <p className="kap-muted kap-small">
          {texts.tryRestoringText}{' '}
          <Link onClick={() => void controller.restore.ask()}>{texts.tryRestoring}</Link>
        </p>
        <Problem message={state.message} place="action" />
      </Part>
      <FilesPart state={state} controller={controller} />
    </>
  );
}

/** What the header says at the right. */
function context({ viewer, restoring, task }: PanelState, view: View): string {
  if (view.name === 'working') return task?.subject ?? '';
  if (view.name === 'protected') return texts.badgeProtected;
  if (view.name === 'restore') return isLost(restoring, viewer) ? texts.badgeLost : texts.badgeLocked;
  if (view.name === 'restored') return view.outcome.isExact ? texts.badgeRestored : texts.badgeAltered;
  if (viewer.status !== 'ready') return '';
  return [viewer.series.modality, images(viewer.series.images)].filter(Boolean).join(' · ');
}

function isLost({ told }: Restoring, viewer: ViewerState): boolean {
  const known = viewer.status === 'ready' ? told.get(viewer.series.id) : undefined;
  return known !== undefined && 'problem' in known;
}

/** What a screen reader is told when the view changes by itself; progress bars speak for themselves. */
function announcement({ task }: PanelState, view: View): string {
  if (task !== undefined) return beginningOf(task);
  switch (view.name) {
    case 'protected':
      return texts.protectedTitle(view.outcome);
    case 'restored':
      return view.outcome.isExact
        ? texts.restoredTitle(view.outcome.images, imagesInSource(view.outcome))
        : texts.alteredTitle(view.outcome);
    case 'restore':
      return texts.lockedTitle;
    default:
      return '';
  }
}
