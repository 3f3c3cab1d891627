import { useMemo } from 'react';
import type { DrawnKeyArea, ViewerState } from '../../viewer/port';
import type { PanelController } from '../controller';
import { distinctSizes } from '../sizes';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { AdjustFields } from './AdjustFields';
import { Link, Part, Problem } from './common';
import { PictureCanvas } from './PictureCanvas';
import { SuggestionList, SuggestLink } from './Suggestions';

const PICTURE_SIDE = 144;

interface Props {
  readonly state: PanelState;
  readonly controller: PanelController;
}

/** What will be hidden: a live picture of each key area, its size and place. */
export function KeyAreaPart({ state, controller }: Props) {
  const { viewer, preview, message } = state;
  if (viewer.status !== 'ready') return null;
  const { keyAreas, series } = viewer;
  const several = keyAreas.length > 1;
  const usable = keyAreas.some(({ rectangle }) => rectangle !== undefined);
  const covered = distinctSizes(preview?.plan?.coveredAreas ?? []).map(({ width, height }) =>
    texts.areaSize(width, height),
  );
  return (
    <Part
      heading={several ? texts.keyAreas : texts.keyArea}
      actions={<SuggestLink state={state} controller={controller} />}
    >
      <ul className="kap-areas">
        {keyAreas.map((area) => (
          <KeyAreaItem
            key={area.id}
            area={area}
            controller={controller}
            viewer={viewer}
            adjusting={state.adjusting === area.id}
          />
        ))}
      </ul>
      <div className="kap-partHead kap-wraps kap-small">
        <p className="kap-muted">
          {covered.length > 0 ? texts.willCover(covered) : usable && !preview?.refusal && texts.growth}
        </p>
        <span className="kap-links">
          <Link onClick={() => controller.protect.draw()} focus="area">
            {texts.addAnother}
          </Link>
          <Link onClick={() => controller.protect.place()}>{texts.place}</Link>
          {several && <Link onClick={() => controller.protect.clearKeyAreas()}>{texts.clear}</Link>}
        </span>
      </div>
      <SuggestionList state={state} controller={controller} />
      {series.measurements > 0 && (
        <div className="kap-message">
          <p className="kap-muted">{texts.measurements(series.measurements)}</p>
        </div>
      )}
      <Problem message={message} place="area" />
    </Part>
  );
}

function KeyAreaItem({
  area,
  controller,
  viewer,
  adjusting,
}: {
  readonly area: DrawnKeyArea;
  readonly controller: PanelController;
  readonly viewer: ViewerState & { readonly status: 'ready' };
  readonly adjusting: boolean;
}) {
  const remove = () => controller.protect.removeKeyArea(area.id);
  if (area.rectangle === undefined) {
    return (
      <li className="kap-area">
        <div className="kap-message kap-areaText">
          <p>{texts.problem(area)}</p>
          <Link onClick={remove}>{texts.remove}</Link>
        </div>
      </li>
    );
  }
  const { x, y, width, height } = area.rectangle;
  const size = texts.areaSize(width, height);
  const share = (width * height) / (area.image.width * area.image.height);
  return (
    <li className="kap-area">
      <KeyAreaPicture area={area} controller={controller} viewer={viewer} />
      <div className="kap-areaText">
        <p>{texts.areaTitle(size, x, y)}</p>
        <p className="kap-muted">
          {texts.areaPlace(area.image.position, viewer.series.images, percent(share))}
        </p>
        <p className="kap-links">
          {area.image.id === viewer.image.id && (
            <Link
              onClick={() => controller.protect.adjust(adjusting ? undefined : area.id)}
              label={texts.adjustLabel(size)}
              expanded={adjusting}
            >
              {texts.adjust}
            </Link>
          )}
          <Link onClick={remove} label={texts.removeLabel(size)}>
            {texts.remove}
          </Link>
        </p>
      </div>
      {adjusting && area.image.id === viewer.image.id && (
        <AdjustFields
          rectangle={area.rectangle}
          image={area.image}
          onChange={(changes, before) => controller.protect.changeKeyArea(area.id, changes, before)}
        />
      )}
    </li>
  );
}

function KeyAreaPicture({
  area,
  controller: { port },
  viewer,
}: {
  readonly area: DrawnKeyArea;
  readonly controller: PanelController;
  readonly viewer: ViewerState & { readonly status: 'ready' };
}) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the viewer's state changes with the window, and then so does the picture.
  const picture = useMemo(
    () => area.rectangle && port.picture(area.image, area.rectangle, PICTURE_SIDE),
    [area, port, viewer],
  );
  return (
    <div className="kap-picture">
      <PictureCanvas picture={picture} orientation={port.orientation()} label={texts.pictureLabel} />
    </div>
  );
}

/** 0.0412 -> `4.1 %` */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.1) return '< 0.1 %';
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
