import { imagesHidden, imagesIn, planFiles } from '../../src/panel/plan';
import type { Scope } from '../../src/panel/state';
import type { DrawnKeyArea, ViewerImage } from '../../src/viewer/port';
import { imageOf, keyArea, seriesOf } from './fakeViewer';

const plan = (
  files: { id: string; frames: number }[],
  areas: DrawnKeyArea[],
  scope: Scope,
  from = 1,
  to = 1,
) =>
  planFiles(seriesOf(files), areas, { scope, from, to }).map(({ file, areas: hidden, position }) => ({
    file: file.id,
    position,
    hidden: hidden.map(({ rectangle, frames }) => [rectangle.x, frames]),
  }));

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

  test('areas that cannot be used are not planned', () => {
    const outside: DrawnKeyArea = { id: 'x', image: imageOf(1), problem: 'outside' };
    expect(plan(files, [outside], 'series')).toEqual([]);
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
    const planned = planFiles(seriesOf(files), [keyArea(frame(3))], { scope: 'image', from: 1, to: 1 });
    expect(planned).toMatchObject([{ position: 2, areas: [{ frames: [3] }] }]);
    expect([imagesIn(planned), imagesHidden(planned)]).toEqual([5, 1]);
  });

  test('gets the area on those of its frames that lie in the range', () => {
    expect(plan(files, [keyArea(frame(3), 7)], 'range', 4, 99)).toEqual([
      { file: 'cine', position: 2, hidden: [[7, [3, 4, 5]]] },
    ]);
  });

  test('gets the area on all frames where all are meant, which needs no list', () => {
    const planned = planFiles(seriesOf(files), [keyArea(frame(3))], { scope: 'series', from: 1, to: 1 });
    expect(planned.map(({ areas }) => areas[0]!.frames)).toEqual([undefined, undefined]);
    expect([imagesIn(planned), imagesHidden(planned)]).toEqual([6, 6]);
  });
});
