import type { Heading } from './heading';

/** Whatever stands in a series. */
interface Placed {
  readonly place: string;
  readonly heading: Heading | undefined;
}

/**
 * Puts images of one series into the order in which they are shown: by Instance Number, then by
 * position along the normal of their plane (PS3.3, C.7.6.2), then by name.
 */
export function inOrder<T extends Placed>(images: readonly T[]): T[] {
  return [...images].sort((a, b) => byHeading(a, b) || (a.place < b.place ? -1 : Number(a.place > b.place)));
}

/** Whether nothing but their names puts two images into an order. */
export const namesAloneOrder = (a: Placed, b: Placed): boolean => byHeading(a, b) === 0;

function byHeading(a: Placed, b: Placed): number {
  const number = ({ heading }: Placed): number => heading?.instanceNumber ?? Number.POSITIVE_INFINITY;
  const order = (one: number, other: number): number => (one === other ? 0 : one - other);
  return order(number(a), number(b)) || order(depthOf(a.heading), depthOf(b.heading));
}

/** Millimetres along the normal; 0 where there is none. */
function depthOf(heading: Heading | undefined): number {
  const { position, orientation } = heading ?? {};
  if (position === undefined || orientation === undefined) return 0;
  const [a, b, c, d, e, f] = orientation;
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
  return normal.reduce((sum, cosine, axis) => sum + cosine * position[axis], 0);
}

/** The series of images, in the order of their first ones; what names no series is one of its own. */
export function bySeries<T extends Placed>(images: readonly T[]): T[][] {
  const series = new Map<string, T[]>();
  images.forEach((image, index) => {
    const { heading } = image;
    const name = heading === undefined ? `${index}` : `${heading.study} ${heading.series}`;
    const members = series.get(name);
    if (members) members.push(image);
    else series.set(name, [image]);
  });
  return [...series.values()].map(inOrder);
}
