import { type Carrier, KeyAreaError, type Rectangle } from '../engine/index';

/** A rectangle to hide, in image pixels. */
export interface KeyArea {
  readonly rectangle: Rectangle;
  /** Frame numbers, counted from 1; all frames where left out. */
  readonly frames?: readonly number[];
}

/**
 * The key areas of each frame that is to be protected, in the order of the frames. Where the
 * surroundings are to carry a report without any key area, that is the first frame and the last: enough
 * for the report, should one of them be lost.
 *
 * Throws `no-key-area` and `invalid-argument`.
 */
export function assignAreas(
  areas: readonly KeyArea[],
  frames: number,
  carrier?: Carrier,
): Map<number, Rectangle[]> {
  if (isReportAlone(areas, carrier)) return new Map([1, frames].map((frame) => [frame, []]));
  const byFrame = new Map<number, Rectangle[]>();
  for (const { rectangle, frames: numbers } of areas) {
    for (const number of numbers ?? Array.from({ length: frames }, (_, index) => index + 1)) {
      checkFrameNumber(number, frames);
      byFrame.set(number, [...(byFrame.get(number) ?? []), rectangle]);
    }
  }
  if (byFrame.size === 0) throw new KeyAreaError('no-key-area', 'There is no key area. Draw one first.');
  return new Map([...byFrame].sort(([a], [b]) => a - b));
}

/** Throws `invalid-argument` where an image of so many frames has none of this number, from 1. */
export function checkFrameNumber(number: number, frames: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= frames) return;
  throw new KeyAreaError('invalid-argument', `There is no frame ${number}: this image has ${frames}.`);
}

/** True where no key area is asked for, but the report is to be hidden in the pixels. */
export const isReportAlone = (areas: readonly KeyArea[], carrier: Carrier | undefined): boolean =>
  areas.length === 0 && carrier === 'surroundings';

/** Each rectangle once. */
export function distinct(areas: readonly Rectangle[]): Rectangle[] {
  return [...new Map(areas.map((area) => [[area.x, area.y, area.width, area.height].join(), area])).values()];
}
