import { drawPicture } from '../../src/hosts/picture';

const grey = {
  values: Int16Array.from({ length: 12 }, (_, index) => 10 * index),
  width: 4,
  height: 3,
  color: false,
};
const whole = { x: 0, y: 0, width: 4, height: 3 };
const levels = (data: Uint8ClampedArray) => Array.from(data).filter((_, index) => index % 4 === 0);

test('a picture shows the pixels of its rectangle in the window they are displayed with', () => {
  const picture = drawPicture(
    grey,
    { x: 1, y: 1, width: 2, height: 2 },
    { lower: 50, upper: 100, invert: false },
    100,
  );
  expect([picture.width, picture.height]).toEqual([2, 2]);
  expect(levels(picture.data)).toEqual([0, 51, 204, 255]);
  expect(picture.data[3]).toBe(255);
});

test('black and white change places where the viewer inverts', () => {
  const shading = { lower: 0, upper: 110, invert: true };
  const [first, last] = [0, 11].map((index) => levels(drawPicture(grey, whole, shading, 100).data)[index]);
  expect([first, last]).toEqual([255, 0]);
});

test.each([3, 4])('colours with %i samples are shown as they are', (samples) => {
  const pixel = [200, 100, 50, 255].slice(0, samples);
  const values = Uint8Array.from([...pixel, ...pixel]);
  const picture = drawPicture(
    { values, width: 2, height: 1, color: true },
    { x: 1, y: 0, width: 1, height: 1 },
    { lower: 0, upper: 1, invert: true },
    8,
  );
  expect(Array.from(picture.data)).toEqual([200, 100, 50, 255]);
});

test('a large area is reduced to the side asked for, in its proportions', () => {
  const large = { values: new Uint16Array(400 * 200), width: 400, height: 200, color: false };
  const picture = drawPicture(
    large,
    { x: 0, y: 0, width: 400, height: 200 },
    { lower: 0, upper: 1, invert: false },
    100,
  );
  expect([picture.width, picture.height]).toEqual([100, 50]);
});
