import type { PanelController } from '../controller';
import type { Scope } from '../protect/draft';
import { canInterpolate, drawnOutside, rangeAround, usedAreas, widened } from '../protect/plan';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { Choices, Link, Part, Problem } from './common';

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** Which images of the series are protected. */
export function ScopePart({ state, controller }: Props) {
  const { viewer, draft, message } = state;
  if (viewer.status !== 'ready' || viewer.series.images === 1) return null;
  const { images, files } = viewer.series;
  const areas = usedAreas(viewer.keyAreas, draft);
  const marked = draft.hideOnly ? [viewer.image] : areas.map(({ image }) => image);
  const positions = [...new Set(marked.map(({ position }) => position))].sort((a, b) => a - b);
  const between = canInterpolate(areas);
  const around = rangeAround(areas, viewer.image.position, images);
  const outside = drawnOutside(areas, draft);
  const wider = widened(outside, draft);
  const choose = (scope: Scope) => controller.protect.chooseScope(scope);
  const frames = files.length === 1;
  return (
    <Part>
      <Choices
        label={texts.applyTo}
        choices={[
          ['image', texts.scopeImage(positions)],
          ['range', draft.scope === 'range' ? texts.scopeImages(draft.from, draft.to) : texts.scopeRange],
          ['series', frames ? texts.scopeFrames : texts.scopeSeries],
        ]}
        chosen={draft.scope}
        onChoose={choose}
      />
      {draft.scope === 'image' && !draft.hideOnly && (
        <p className="kap-muted kap-small">
          {between ? texts.twoDrawn : texts.neighbours}{' '}
          <Link onClick={() => choose('range')}>{texts.neighboursOffer(around.from, around.to)}</Link>
        </p>
      )}
      {draft.scope === 'range' && <RangeFields state={state} controller={controller} images={images} />}
      {outside.length > 0 && (
        <p className="kap-small" role="status">
          {texts.drawnOutside(outside)}{' '}
          <Link onClick={() => controller.protect.chooseScope('range', wider)}>
            {texts.neighboursOffer(wider.from, wider.to)}
          </Link>
        </p>
      )}
      {draft.scope !== 'image' &&
        !draft.hideOnly &&
        (between ? (
          <label className="kap-check kap-small">
            <input
              type="checkbox"
              checked={draft.interpolate}
              onChange={(event) => controller.protect.edit({ interpolate: event.target.checked })}
            />
            <span className="kap-muted">{texts.interpolate}</span>
          </label>
        ) : (
          <p className="kap-muted kap-small">{texts.sameAreas(viewer.keyAreas.length)}</p>
        ))}
      <Problem message={message} place="scope" />
    </Part>
  );
}

function RangeFields({ state, controller, images }: Props & { readonly images: number }) {
  const { from, to } = state.draft;
  const field = (value: number, label: string, change: (value: number) => void, focus: boolean) => (
    <input
      type="number"
      aria-label={label}
      min={1}
      max={images}
      value={Number.isNaN(value) ? '' : value}
      data-kap-focus={focus ? 'scope' : undefined}
      onChange={(event) => change(event.target.valueAsNumber)}
    />
  );
  return (
    <div className="kap-range">
      <span className="kap-muted">{texts.from}</span>
      {field(from, texts.from, (value) => controller.protect.edit({ from: value }), true)}
      <span className="kap-muted">{texts.to}</span>
      {field(to, texts.toImage, (value) => controller.protect.edit({ to: value }), false)}
    </div>
  );
}
