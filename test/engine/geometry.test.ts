import { onCanvas } from '../../src/engine/pixels/geometry';
import { makeFrame } from './frames';

// A header can name any size and any place.
test.each([
  [-40, 0],
  [40, 0],
  [0, -40],
  [0, 40],
  [-65535, -65535],
])('a picture that lies beside its canvas, %i, %i, leaves it empty', (x, y) => {
  const canvas = onCanvas(makeFrame({ width: 8, height: 6 }), x, y, 4, 4);
  expect([...canvas.samples]).toEqual(Array(16).fill(0));
});
