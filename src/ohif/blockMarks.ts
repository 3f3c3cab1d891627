import type { Rectangle } from '../engine/frame';
import type { MarkedBlocks } from '../viewer/port';
import type { CornerstoneViewport, Services } from './host';

const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
const SVG = 'http://www.w3.org/2000/svg';
const MARK = 'data-kap-marks';

/** Outlines blocks over the images of a series, wherever and however they are displayed. */
export class BlockMarks {
  readonly #services: Services;
  #marked: MarkedBlocks | undefined;

  constructor(services: Services) {
    this.#services = services;
    document.addEventListener(RENDERED, this.#draw, true);
  }

  show(marked: MarkedBlocks | undefined): void {
    this.#marked = marked;
    for (const { viewport, id } of this.#places()) this.#update(viewport, id);
  }

  /** The viewports may be gone already, so they are not asked for anything. */
  release(): void {
    this.#marked = undefined;
    document.removeEventListener(RENDERED, this.#draw, true);
    for (const { viewport } of this.#places()) viewport.element.querySelector(`[${MARK}]`)?.remove();
  }

  readonly #draw = (event: Event): void => {
    if (this.#marked === undefined) return;
    const place = this.#places().find(({ viewport }) => viewport.element === event.target);
    if (place !== undefined) this.#update(place.viewport, place.id);
  };

  #places(): { readonly viewport: CornerstoneViewport; readonly id: string | undefined }[] {
    const { viewportGridService, cornerstoneViewportService } = this.#services;
    return [...viewportGridService.getState().viewports.values()].flatMap(
      ({ viewportId, displaySetInstanceUIDs: [id] }) => {
        const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
        return viewport ? [{ viewport, id }] : [];
      },
    );
  }

  #update(viewport: CornerstoneViewport, id: string | undefined): void {
    const marked = this.#marked?.seriesId === id ? this.#marked : undefined;
    const image = marked?.images.find(({ position }) => position === viewport.getCurrentImageIdIndex() + 1);
    const data = image && viewport.getImageData()?.imageData;
    let layer = viewport.element.querySelector(`[${MARK}]`);
    if (image === undefined || data === undefined) {
      layer?.remove();
      return;
    }
    if (layer === null) {
      layer = document.createElementNS(SVG, 'svg');
      layer.setAttribute(MARK, '');
      layer.setAttribute(
        'style',
        'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;overflow:hidden',
      );
      viewport.element.append(layer);
    }
    const onCanvas = (x: number, y: number) => viewport.worldToCanvas(data.indexToWorld([x, y, 0])).join(',');
    layer.replaceChildren(
      ...image.blocks.map((block) => outline(cornersOf(block).map(([x, y]) => onCanvas(x, y)))),
    );
  }
}

/** Corners of a rectangle of pixels; the centre of the first pixel is (0, 0). */
function cornersOf({ x, y, width, height }: Rectangle): [number, number][] {
  const [left, top, right, bottom] = [x - 0.5, y - 0.5, x + width - 0.5, y + height - 0.5];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

function outline(points: readonly string[]): SVGElement {
  const polygon = document.createElementNS(SVG, 'polygon');
  polygon.setAttribute('points', points.join(' '));
  polygon.setAttribute('fill', '#ffb74a');
  polygon.setAttribute('fill-opacity', '0.18');
  polygon.setAttribute('stroke', '#ffb74a');
  polygon.setAttribute('stroke-width', '1.5');
  return polygon;
}
