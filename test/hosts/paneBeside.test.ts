import { paneBeside } from '../../src/hosts/paneBeside';

/** Viewports of a grid, row by row; a space shows nothing. */
const grid = (...rows: string[]) =>
  rows.flatMap((row, y) =>
    [...row].map((series, x) => ({
      id: `${x},${y}`,
      seriesIds: series === ' ' ? [] : [series],
      x: x / row.length,
      y: y / rows.length,
    })),
  );

function besideP(...rows: string[]): string | undefined {
  const panes = grid(...rows);
  return paneBeside(panes.find(({ seriesIds: [id] }) => id === 'P')!, panes)?.id;
}

test('beside the only viewport there is none', () => {
  expect(besideP('P')).toBeUndefined();
});

test('the viewport next to one, first on the right, first in the same row', () => {
  expect(besideP('Pa')).toBe('1,0');
  expect(besideP('aP')).toBe('0,0');
  expect(besideP('aPb')).toBe('2,0');
  expect(besideP('ab', 'cP')).toBe('0,1');
  expect(besideP('P', 'a')).toBe('0,1');
});

test('one that shows nothing, wherever it is; of several the nearest', () => {
  expect(besideP('Pa', 'b ')).toBe('1,1');
  expect(besideP('Pa', '  ')).toBe('0,1');
  expect(besideP(' aP', 'b  ')).toBe('0,0');
});
