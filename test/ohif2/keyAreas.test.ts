import { pixelsOf } from '../../src/ohif2/keyAreas';

const size = { width: 100, height: 80 };
const handles = (start: [number, number], end: [number, number], initialRotation = 0) => ({
  start: { x: start[0], y: start[1] },
  end: { x: end[0], y: end[1] },
  initialRotation,
});

describe('the pixels under a rectangle of cornerstone-tools', () => {
  test('are all that it touches: a pixel spans one whole number to the next', () => {
    expect(pixelsOf(handles([10, 20], [30, 40]), size)).toEqual({ x: 10, y: 20, width: 20, height: 20 });
    expect(pixelsOf(handles([10.5, 20.5], [30.5, 40.5]), size)).toEqual({
      x: 10,
      y: 20,
      width: 21,
      height: 21,
    });
  });

  test('whichever corner was drawn first', () => {
    expect(pixelsOf(handles([30, 20], [10, 40]), size)).toEqual({ x: 10, y: 20, width: 20, height: 20 });
  });

  test('end at the edge of the image', () => {
    expect(pixelsOf(handles([-5, 70], [8, 95]), size)).toEqual({ x: 0, y: 70, width: 8, height: 10 });
    expect(pixelsOf(handles([120, 10], [140, 30]), size)).toBe('outside');
  });

  test.each([90, -90, 180, 270, 450])('are known in a view turned by %i degrees', (rotation) => {
    expect(pixelsOf(handles([10, 20], [30, 40], rotation), size)).toEqual({
      x: 10,
      y: 20,
      width: 20,
      height: 20,
    });
  });

  test.each([45, 1, -30, 89])('are none of a view turned by %i degrees', (rotation) => {
    expect(pixelsOf(handles([10, 20], [30, 40], rotation), size)).toBe('oblique');
  });
});
