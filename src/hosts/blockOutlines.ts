import type { Rectangle } from '../engine/pixels/frame';
import type { MarkedBlocks, MarkKind } from '../viewer/port';

const SVG = 'http://www.w3.org/2000/svg';
const MARK = 'data-kap-marks';

/** Altered blocks stand out; what will be covered is said as calmly as what was drawn. */
const LOOKS: Record<MarkKind, Readonly<Record<string, string>>> = {
  altered: { fill: '#ffb74a', 'fill-opacity': '0.18', stroke: '#ffb74a', 'stroke-width': '1.5' },
  covered: { fill: 'none', stroke: '#5acce6', 'stroke-width': '1.5', 'stroke-dasharray': '6 5' },
};

interface MarkedBlock {
  readonly kind: MarkKind;
  readonly block: Rectangle;
}

/** What is to be outlined, by kind. */
export class Marks {
  readonly #marked = new Map<MarkKind, MarkedBlocks>();

  set(kind: MarkKind, marked: MarkedBlocks | undefined): void {
    if (marked === undefined) this.#marked.delete(kind);
    else this.#marked.set(kind, marked);
  }

  clear(): void {
    this.#marked.clear();
  }

  get isEmpty(): boolean {
    return this.#marked.size === 0;
  }

  /** The blocks on an image of a series, counted from 1. */
  on(id: string | undefined, shown: number): MarkedBlock[] {
    return [...this.#marked].flatMap(([kind, { seriesId, images }]) => {
      const image = seriesId === id ? images.find(({ position }) => position === shown) : undefined;
      return (image?.blocks ?? []).map((block) => ({ kind, block }));
    });
  }
}

/**
 * Outlines blocks of pixels in a viewport's element, instead of what was outlined there before; none
 * where none are given.
 *
 * @param onCanvas where a point of the image is in the element; the centre of the first pixel is (0, 0)
 */
export function outlineBlocks(
  element: Element,
  blocks: readonly MarkedBlock[],
  onCanvas: (x: number, y: number) => readonly [number, number],
): void {
  let layer = element.querySelector(`[${MARK}]`);
  if (blocks.length === 0) {
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
    element.append(layer);
  }
  layer.replaceChildren(
    ...blocks.map(({ kind, block }) =>
      outline(
        kind,
        cornersOf(block).map(([x, y]) => onCanvas(x, y).join(',')),
      ),
    ),
  );
}

function cornersOf({ x, y, width, height }: Rectangle): [number, number][] {
  const [left, top, right, bottom] = [x - 0.5, y - 0.5, x + width - 0.5, y + height - 0.5];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

function outline(kind: MarkKind, points: readonly string[]): SVGElement {
  const polygon = document.createElementNS(SVG, 'polygon');
  polygon.setAttribute('points', points.join(' '));
  for (const [name, value] of Object.entries(LOOKS[kind])) polygon.setAttribute(name, value);
  return polygon;
}
