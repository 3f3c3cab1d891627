import { type ImagePoint, touchedPixels } from '../../src/hosts/rectangle';
import { fc } from '../properties';

const size = { width: 100, height: 80 };

const corners = (left: number, top: number, right: number, bottom: number): ImagePoint[] => [
  [left, top],
  [right, top],
  [left, bottom],
  [right, bottom],
];

describe('the pixels that a drawn rectangle touches', () => {
  test('pixel centres are whole numbers: a corner on a centre touches that pixel', () => {
    expect(touchedPixels(corners(10, 20, 14, 22), size)).toEqual({ x: 10, y: 20, width: 5, height: 3 });
  });

  test('are rounded outward: a pixel that is only grazed is hidden too', () => {
    expect(touchedPixels(corners(10.6, 20.4, 13.4, 21.6), size)).toEqual({
      x: 11,
      y: 20,
      width: 3,
      height: 3,
    });
  });

  test('end at pixel edges where the rectangle does', () => {
    expect(touchedPixels(corners(9.5, 19.5, 14.5, 22.5), size)).toEqual({
      x: 10,
      y: 20,
      width: 5,
      height: 3,
    });
  });

  test('do not depend on the direction of drawing, nor on a view turned by 90 degrees or mirrored', () => {
    const drawn = corners(10, 20, 14, 22);
    for (const order of [
      [3, 2, 1, 0],
      [1, 0, 3, 2],
      [2, 0, 3, 1],
    ]) {
      expect(
        touchedPixels(
          order.map((index) => drawn[index]!),
          size,
        ),
      ).toEqual(touchedPixels(drawn, size));
    }
  });

  test('leave out what lies beyond the edge of the image', () => {
    expect(touchedPixels(corners(-30, -0.6, 4, 200), size)).toEqual({ x: 0, y: 0, width: 5, height: 80 });
  });

  test('are none where the rectangle lies beside the image', () => {
    expect(touchedPixels(corners(-20, 10, -3, 20), size)).toBe('outside');
    expect(touchedPixels(corners(100, 10, 120, 20), size)).toBe('outside');
  });

  test('are no rectangle where the view was turned by other than 90 degrees', () => {
    const diamond: ImagePoint[] = [
      [20, 10],
      [30, 20],
      [10, 20],
      [20, 30],
    ];
    expect(touchedPixels(diamond, size)).toBe('oblique');
    expect(touchedPixels(corners(Number.NaN, 1, 2, 3), size)).toBe('oblique');
  });

  test('bear the inexactness of floating-point coordinates', () => {
    const noisy = corners(9.5, 19.5, 14.5, 22.5).map(([x, y]): ImagePoint => [x + 1e-5, y - 1e-5]);
    expect(touchedPixels(noisy, size)).toEqual({ x: 10, y: 20, width: 5, height: 3 });
  });

  test('hold every point of the rectangle that is in the image, and no whole pixel more on any side', () => {
    const coordinate = fc.double({ min: -20, max: 120, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (x0, y0, x1, y1) => {
        const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
        const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
        const touched = touchedPixels(corners(left, top, right, bottom), size);
        if (typeof touched === 'string') {
          const beside = right < 0 || bottom < 0 || left > size.width - 1 || top > size.height - 1;
          return beside && touched === 'outside';
        }
        const tolerance = 2e-3;
        const holds = (low: number, high: number, start: number, length: number, limit: number) =>
          start - 0.5 <= Math.max(low, -0.5) + tolerance &&
          start + length - 0.5 >= Math.min(high, limit - 0.5) - tolerance &&
          (start === 0 || start + 0.5 > low) &&
          (start + length === limit || start + length - 1.5 < high + tolerance || length === 1);
        return (
          holds(left, right, touched.x, touched.width, size.width) &&
          holds(top, bottom, touched.y, touched.height, size.height)
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('with the viewer between screen and image', () => {
  /** World coordinates of a pixel as DICOM defines them (PS3.3, equation C.7.6.2.1-1), and back. */
  function plane(
    rowSpacing: number,
    columnSpacing: number,
    row: number[],
    column: number[],
    origin: number[],
  ) {
    const toWorld = ([x, y]: ImagePoint) =>
      origin.map((start, axis) => start + row[axis]! * columnSpacing * x + column[axis]! * rowSpacing * y);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, axis) => sum + value * b[axis]!, 0);
    const toIndex = (world: number[]): ImagePoint => {
      const offset = world.map((value, axis) => value - origin[axis]!);
      return [dot(offset, row) / columnSpacing, dot(offset, column) / rowSpacing];
    };
    return { toWorld, toIndex };
  }

  test.each([
    ['square pixels', plane(0.5, 0.5, [1, 0, 0], [0, 1, 0], [-10, 20, 3])],
    ['pixels three times as high as wide', plane(1.5, 0.5, [1, 0, 0], [0, 1, 0], [-10, 20, 3])],
    ['an oblique slice', plane(0.7, 0.3, [1, 0, 0], [0, 0.99096, 0.134158], [-110.5, -96.2, 59])],
  ])('%s: the same pixels as drawn', (_, { toWorld, toIndex }) => {
    const drawn = corners(10, 20, 14, 22).map((corner) => toIndex(toWorld(corner)));
    expect(touchedPixels(drawn, size)).toEqual({ x: 10, y: 20, width: 5, height: 3 });
  });
});
