import type { Rectangle } from '../../../src/engine/pixels/frame';
import type { Scope } from '../../../src/panel/protect/draft';
import {
  canInterpolate,
  drawnOutside,
  filesInScope,
  imagesHidden,
  imagesIn,
  planFiles,
  rangeAround,
  widened,
} from '../../../src/panel/protect/plan';
import type { DrawnKeyArea, ViewerImage } from '../../../src/viewer/port';
import { imageOf, keyArea, seriesOf } from '../fakeViewer';

const plan = (
  files: { id: string; frames: number }[],
  areas: DrawnKeyArea[],
  scope: Scope,
  from = 1,
  to = 1,
) =>
  planFiles(seriesOf(files), areas, { scope, from, to, interpolate: false }).map(
    ({ file, areas: hidden, position }) => ({
      file: file.id,
      position,
      hidden: hidden.map(({ rectangle, frames }) => [rectangle.x, frames]),
    }),
  );

describe('in a series of single images', () => {
  const files = [1, 2, 3, 4].map((number) => ({ id: `file ${number}`, frames: 1 }));
  const areas = [keyArea(imageOf(2), 10), keyArea(imageOf(3), 20)];

  test('“image” takes each image that was drawn on, with what was drawn there', () => {
    expect(plan(files, areas, 'image')).toEqual([
      { file: 'file 2', position: 2, hidden: [[10, undefined]] },
      { file: 'file 3', position: 3, hidden: [[20, undefined]] },
    ]);
  });

  test('“range” takes every area on every image of the range', () => {
    expect(
      plan(files, areas, 'range', 3, 4).map(({ position, hidden }) => [position, hidden.length]),
    ).toEqual([
      [3, 2],
      [4, 2],
    ]);
  });

  test('“series” takes every image', () => {
    expect(plan(files, areas, 'series')).toHaveLength(4);
  });

  test('a range that is empty or not yet typed takes none', () => {
    expect(plan(files, areas, 'range', 4, 2)).toEqual([]);
    expect(plan(files, areas, 'range', Number.NaN, 2)).toEqual([]);
  });

  test('what is drawn outside a range is named, whatever the range', () => {
    const outside = (scope: Scope, from: number, to: number) =>
      drawnOutside(areas, { scope, from, to, interpolate: true });
    expect(outside('range', 1, 2)).toEqual([3]);
    expect(outside('range', 4, 4)).toEqual([2, 3]);
    expect(outside('range', 2, 3)).toEqual([]);
    expect(outside('range', Number.NaN, 3)).toEqual([2, 3]);
    expect(outside('image', 1, 1)).toEqual([]);
    expect(outside('series', 1, 1)).toEqual([]);
  });

  test('the range that is offered has what is drawn, and its neighbours', () => {
    expect(rangeAround([areas[0]!], 4, 4)).toEqual({ from: 1, to: 3 });
    expect(rangeAround(areas, 4, 4)).toEqual({ from: 2, to: 3 });
    expect(rangeAround([...areas, keyArea(imageOf(3), 30)], 1, 4)).toEqual({ from: 1, to: 4 });
    expect(rangeAround([], 4, 4)).toEqual({ from: 3, to: 4 });
  });

  test('is widened by what was drawn outside it, and loses nothing', () => {
    expect(widened([1], { from: 2, to: 6 })).toEqual({ from: 1, to: 6 });
    expect(widened([1, 9], { from: 2, to: 6 })).toEqual({ from: 1, to: 9 });
    expect(widened([4], { from: Number.NaN, to: 6 })).toEqual({ from: 4, to: 6 });
    expect(widened([4], { from: 6, to: 2 })).toEqual({ from: 2, to: 6 });
  });

  test('areas that cannot be used are not planned', () => {
    const outside: DrawnKeyArea = { id: 'x', image: imageOf(1), problem: 'outside' };
    expect(plan(files, [outside], 'series')).toEqual([]);
  });
});

describe('between two drawn areas', () => {
  const files = [1, 2, 3, 4, 5, 6].map((number) => ({ id: `file ${number}`, frames: 1 }));
  const area = (position: number, rectangle: Rectangle): DrawnKeyArea => ({
    id: `at ${position}`,
    image: imageOf(position),
    rectangle,
  });
  const small = area(2, { x: 10, y: 20, width: 10, height: 10 });
  const large = area(5, { x: 40, y: 20, width: 21, height: 10 });
  const rectangles = (areas: DrawnKeyArea[], from: number, to: number) =>
    planFiles(seriesOf(files), areas, { scope: 'range', from, to, interpolate: true }).map(
      ({ areas: hidden }) => hidden.map(({ rectangle: { x, width } }) => [x, x + width]),
    );

  test('edges move evenly and are rounded outward; beyond the two they stay', () => {
    const expected = [
      [10, 20],
      [10, 20],
      [20, 34],
      [30, 48],
      [40, 61],
      [40, 61],
    ];
    expect(rectangles([small, large], 1, 6)).toEqual(expected.map((edges) => [edges]));
    expect(rectangles([large, small], 1, 6)).toEqual(expected.map((edges) => [edges]));
  });

  test('with more areas, or both on one image, there is no between', () => {
    expect(canInterpolate([small, large, area(3, small.rectangle!)])).toBe(false);
    expect(canInterpolate([small, area(2, large.rectangle!)])).toBe(false);
    expect(rectangles([small, area(2, large.rectangle!)], 3, 3)).toEqual([
      [
        [10, 20],
        [40, 61],
      ],
    ]);
  });

  test('every frame of a multi-frame object gets its own', () => {
    const cine = [{ id: 'cine', frames: 6 }];
    const on = (drawn: DrawnKeyArea) => ({
      ...drawn,
      image: { ...drawn.image, fileId: 'cine', frame: drawn.image.position },
    });
    const [planned] = planFiles(seriesOf(cine), [on(small), on(large)] as DrawnKeyArea[], {
      scope: 'range',
      from: 2,
      to: 5,
      interpolate: true,
    });
    expect(planned!.areas.map(({ frames }) => frames)).toEqual([[2], [3], [4], [5]]);
  });
});

describe('a multi-frame object', () => {
  const files = [
    { id: 'single', frames: 1 },
    { id: 'cine', frames: 5 },
  ];
  const frame = (number: number): ViewerImage => ({
    ...imageOf(1, number + 1),
    fileId: 'cine',
    frame: number,
  });

  test('is taken whole, with the area on the frame that was drawn on', () => {
    const planned = planFiles(seriesOf(files), [keyArea(frame(3))], {
      scope: 'image',
      from: 1,
      to: 1,
      interpolate: true,
    });
    expect(planned).toMatchObject([{ position: 2, areas: [{ frames: [3] }] }]);
    expect([imagesIn(planned), imagesHidden(planned)]).toEqual([5, 1]);
  });

  test('gets the area on those of its frames that lie in the range', () => {
    expect(plan(files, [keyArea(frame(3), 7)], 'range', 4, 99)).toEqual([
      { file: 'cine', position: 2, hidden: [[7, [3, 4, 5]]] },
    ]);
  });

  test('gets the area on all frames where all are meant, which needs no list', () => {
    const planned = planFiles(seriesOf(files), [keyArea(frame(3))], {
      scope: 'series',
      from: 1,
      to: 1,
      interpolate: true,
    });
    expect(planned.map(({ areas }) => areas[0]!.frames)).toEqual([undefined, undefined]);
    expect([imagesIn(planned), imagesHidden(planned)]).toEqual([6, 6]);
  });
});

test('a report alone is hidden in the files of the images in scope, whatever is drawn', () => {
  const files = [
    { id: 'single', frames: 1 },
    { id: 'cine', frames: 5 },
    { id: 'last', frames: 1 },
  ];
  const inScope = (scope: Scope, from = 1, to = 1) =>
    filesInScope(seriesOf(files), 3, { scope, from, to, interpolate: true }).map(
      ({ file, areas, position }) => [file.id, areas.length, position],
    );
  expect(inScope('image')).toEqual([['cine', 0, 2]]);
  expect(inScope('range', 1, 2)).toEqual([
    ['single', 0, 1],
    ['cine', 0, 2],
  ]);
  expect(inScope('range', 7, 7)).toEqual([['last', 0, 7]]);
  expect(inScope('range', 4, 2)).toEqual([]);
  expect(inScope('series')).toHaveLength(3);
});
