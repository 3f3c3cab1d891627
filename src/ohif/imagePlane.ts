import type { ImagePoint } from '../hosts/rectangle';
import type { Cornerstone, Point3 } from './host';

/** Cornerstone's `imagePlaneModule`: where an image lies in the world, in millimetres. */
interface ImagePlane {
  readonly imagePositionPatient?: readonly number[] | null;
  readonly rowCosines?: readonly number[] | null;
  readonly columnCosines?: readonly number[] | null;
  readonly rowPixelSpacing?: number | null;
  readonly columnPixelSpacing?: number | null;
  /** The image does not say all of it. */
  readonly usingDefaultValues?: boolean;
}

/**
 * Where a point of the world lies in an image, by what the image says itself (PS3.3, equation C.7.6.2.1-1);
 * undefined where it does not say.
 */
export function pointsIn(
  imageId: string,
  { metaData }: Pick<Cornerstone, 'metaData'>,
): ((point: Point3) => ImagePoint) | undefined {
  const plane = metaData.get('imagePlaneModule', imageId) as ImagePlane | undefined;
  if (plane === undefined || plane.usingDefaultValues) return undefined;
  const { imagePositionPatient, rowCosines, columnCosines, rowPixelSpacing, columnPixelSpacing } = plane;
  if (!imagePositionPatient || !rowCosines || !columnCosines) return undefined;
  // From one pixel to the next: the spacing between columns is along a row.
  const right = rowCosines.map((cosine) => cosine * (columnPixelSpacing ?? Number.NaN));
  const down = columnCosines.map((cosine) => cosine * (rowPixelSpacing ?? Number.NaN));
  // Cosines in files are rounded: not quite perpendicular.
  const [width, height, skew] = [dot(right, right), dot(down, down), dot(right, down)];
  const area = width * height - skew * skew;
  if (!(area > 0)) return undefined;
  return (point) => {
    const offset = point.map((value, axis) => value - imagePositionPatient[axis]);
    const [along, across] = [dot(offset, right), dot(offset, down)];
    return [(along * height - across * skew) / area, (across * width - along * skew) / area];
  };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, axis) => sum + value * b[axis], 0);
