import type { Rectangle } from '../engine/frame';

const SVG = 'http://www.w3.org/2000/svg';
const MARK = 'data-kap-marks';

/**
 * Outlines blocks of pixels in a viewport's element, instead of what was outlined there before; none
 * where none are given.
 *
 * @param onCanvas where a point of the image is in the element; the centre of the first pixel is (0, 0)
 */
export function outlineBlocks(
  element: Element,
  blocks: readonly Rectangle[],
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
    ...blocks.map((block) => outline(cornersOf(block).map(([x, y]) => onCanvas(x, y).join(',')))),
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

function outline(points: readonly string[]): SVGElement {
  const polygon = document.createElementNS(SVG, 'polygon');
  polygon.setAttribute('points', points.join(' '));
  polygon.setAttribute('fill', '#ffb74a');
  polygon.setAttribute('fill-opacity', '0.18');
  polygon.setAttribute('stroke', '#ffb74a');
  polygon.setAttribute('stroke-width', '1.5');
  return polygon;
}
