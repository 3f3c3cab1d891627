import type { Rectangle } from '../engine/pixels/frame';
import { type ImagePoint, touchedPixels } from '../hosts/rectangle';
import type { DrawnKeyArea, KeyAreaProblem, ViewerImage } from '../viewer/port';
import type { RectangleData } from './host';
import { KEY_AREA_TOOL, MEASURING_TOOL } from './keyAreaTool';
import type { Libraries } from './libraries';

/** Angles up to this are turns by a multiple of 90 degrees, in degrees. */
const TOLERANCE = 0.05;

/**
 * The pixels under a rectangle of cornerstone-tools. Its coordinates span a pixel from one whole number to
 * the next; a rectangle that was drawn on a view turned by other than quarter turns lies askew in the image.
 */
export function pixelsOf(
  { start, end, initialRotation = 0 }: RectangleData['handles'],
  size: { readonly width: number; readonly height: number },
): Rectangle | KeyAreaProblem {
  const quarter = Math.abs(initialRotation % 90);
  if (Math.min(quarter, 90 - quarter) > TOLERANCE) return 'oblique';
  const corners = [start, end, { x: start.x, y: end.y }, { x: end.x, y: start.y }];
  return touchedPixels(
    corners.map(({ x, y }): ImagePoint => [x - 0.5, y - 0.5]),
    size,
  );
}

/** The key areas, and the rectangles that users measured with, as cornerstone-tools keeps them. */
export class KeyAreas {
  readonly #libraries: Libraries;
  /** When a key area was first seen: cornerstone-tools keeps them image by image. */
  readonly #order = new Map<string, number>();

  constructor(libraries: Libraries) {
    this.#libraries = libraries;
  }

  /** The key areas on these images, in the order drawn. */
  on(images: readonly ViewerImage[]): DrawnKeyArea[] {
    const areas = images.flatMap((image) =>
      this.#stateOf(image.id, KEY_AREA_TOOL)
        // Not the first click of one.
        .filter(({ handles: { start, end } }) => start.x !== end.x || start.y !== end.y)
        .map((data): DrawnKeyArea => {
          const shape = pixelsOf(data.handles, image);
          const common = { id: data.uuid, image };
          return typeof shape === 'string' ? { ...common, problem: shape } : { ...common, rectangle: shape };
        }),
    );
    for (const { id } of areas) if (!this.#order.has(id)) this.#order.set(id, this.#order.size);
    return areas.sort((first, second) => this.#order.get(first.id)! - this.#order.get(second.id)!);
  }

  /** Draws a key area on an image, along the edges of its pixels. Returns its id. */
  add(rectangle: Rectangle, imageId: string): string {
    return this.#draw(imageId, handlesOf(rectangle));
  }

  /** Gives a key area another place and size. */
  change(id: string, rectangle: Rectangle): void {
    this.#forEach(KEY_AREA_TOOL, (all, data) => {
      if (data.uuid === id) all[all.indexOf(data)] = { ...data, handles: handlesOf(rectangle) };
    });
    this.#redraw();
  }

  remove(ids: readonly string[]): void {
    this.#forEach(KEY_AREA_TOOL, (all, data) => {
      if (ids.includes(data.uuid)) all.splice(all.indexOf(data), 1);
    });
    this.#redraw();
  }

  /** Key areas belong to the study on display; they go when it is closed. */
  clear(): void {
    this.#forEach(KEY_AREA_TOOL, (all, data) => {
      all.splice(all.indexOf(data), 1);
    });
  }

  /** Ids of the measured rectangles on an image, in the order drawn. */
  measuredOn(imageId: string): string[] {
    return this.#stateOf(imageId, MEASURING_TOOL).map(({ uuid }) => uuid);
  }

  /**
   * Makes a measured rectangle on display a key area. The measurement goes, from the viewer's list too:
   * mean and maximum of hidden pixels must not stay beside the picture.
   */
  adopt(id: string): boolean {
    const { cornerstone, cornerstoneTools } = this.#libraries;
    for (const { element, image } of cornerstone.getEnabledElements()) {
      const measured = image && this.#stateOf(image.imageId, MEASURING_TOOL).find(({ uuid }) => uuid === id);
      if (image === undefined || measured === undefined) continue;
      const { start, end, initialRotation } = measured.handles;
      this.#draw(image.imageId, { start: { ...start }, end: { ...end }, initialRotation });
      cornerstoneTools.removeToolState(element, MEASURING_TOOL, measured);
      this.#redraw();
      return true;
    }
    return false;
  }

  #draw(imageId: string, handles: RectangleData['handles']): string {
    const uuid = crypto.randomUUID();
    this.#libraries.cornerstoneTools.globalImageIdSpecificToolStateManager.addImageIdToolState(
      imageId,
      KEY_AREA_TOOL,
      { uuid, visible: true, active: false, handles },
    );
    this.#redraw();
    return uuid;
  }

  #stateOf(imageId: string, tool: string): RectangleData[] {
    return this.#toolStates()[imageId]?.[tool]?.data ?? [];
  }

  #forEach(tool: string, action: (all: RectangleData[], data: RectangleData) => void): void {
    for (const imageId of Object.keys(this.#toolStates())) {
      const all = this.#stateOf(imageId, tool);
      for (const data of [...all]) action(all, data);
    }
  }

  #toolStates() {
    return this.#libraries.cornerstoneTools.globalImageIdSpecificToolStateManager.saveToolState();
  }

  #redraw(): void {
    const { cornerstone } = this.#libraries;
    for (const { element, image } of cornerstone.getEnabledElements())
      if (image !== undefined) cornerstone.updateImage(element);
  }
}

/** Along the edges of the pixels. */
const handlesOf = ({ x, y, width, height }: Rectangle): RectangleData['handles'] => ({
  start: { x, y },
  end: { x: x + width, y: y + height },
  initialRotation: 0,
});
