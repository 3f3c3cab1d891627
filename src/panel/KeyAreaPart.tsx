import { useEffect, useRef } from 'react';
import type { DrawnKeyArea, ViewerPort, ViewerState } from '../viewer/port';
import { Link, Part, Problem } from './common';
import type { PanelController } from './controller';
import type { PanelState } from './state';
import { texts } from './texts';

const PICTURE_SIDE = 144;

/** What will be hidden: a live picture of each key area, its size and place. */
export function KeyAreaPart({
  state,
  controller,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
}) {
  if (state.viewer.status !== 'ready') return null;
  const { keyAreas, series } = state.viewer;
  const heading = keyAreas.length > 1 ? texts.keyAreas : texts.keyArea;
  return (
    <Part
      heading={heading}
      actions={<Link onClick={() => controller.protect.draw()}>{texts.addAnother}</Link>}
    >
      <ul>
        {keyAreas.map((area) => (
          <KeyAreaItem key={area.id} area={area} controller={controller} viewer={state.viewer} />
        ))}
      </ul>
      <p className="kap-muted kap-small">{texts.growth}</p>
      {series.measurements > 0 && (
        <div className="kap-message">
          <p className="kap-muted">{texts.measurements(series.measurements)}</p>
        </div>
      )}
      <Problem message={state.message} place="area" />
    </Part>
  );
}

function KeyAreaItem({
  area,
  controller,
  viewer,
}: {
  readonly area: DrawnKeyArea;
  readonly controller: PanelController;
  readonly viewer: ViewerState;
}) {
  const remove = () => controller.protect.removeKeyArea(area.id);
  if (area.rectangle === undefined) {
    return (
      <li className="kap-area">
        <div className="kap-message kap-areaText">
          <p>{texts.problems[area.problem]}</p>
          <Link onClick={remove}>{texts.remove}</Link>
        </div>
      </li>
    );
  }
  const { x, y, width, height } = area.rectangle;
  const images = viewer.status === 'ready' ? viewer.series.images : 1;
  const size = texts.areaSize(width, height);
  const share = (width * height) / (area.image.width * area.image.height);
  return (
    <li className="kap-area">
      <KeyAreaPicture area={area} port={controller.port} viewer={viewer} />
      <div className="kap-areaText">
        <p>{texts.areaTitle(size, x, y)}</p>
        <p className="kap-muted">{texts.areaPlace(area.image.position, images, percent(share))}</p>
        <Link onClick={remove} label={texts.removeLabel(size)}>
          {texts.remove}
        </Link>
      </div>
    </li>
  );
}

function KeyAreaPicture({
  area,
  port,
  viewer,
}: {
  readonly area: DrawnKeyArea;
  readonly port: ViewerPort;
  readonly viewer: ViewerState;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the viewer's state changes with the window, and then so does the picture.
  useEffect(() => {
    const picture = area.rectangle && port.picture(area.image, area.rectangle, PICTURE_SIDE);
    const element = canvas.current;
    // An image that has left the cache keeps the picture it had.
    if (picture === undefined || element === null) return;
    element.width = picture.width;
    element.height = picture.height;
    element.getContext('2d')?.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
  }, [area, port, viewer]);
  return (
    <div className="kap-picture">
      <canvas ref={canvas} width={1} height={1} role="img" aria-label={texts.pictureLabel} />
    </div>
  );
}

/** 0.0412 -> `4.1 %` */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.1) return '< 0.1 %';
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
