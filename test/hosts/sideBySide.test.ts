import type { LinkedScroll } from '../../src/hosts/linkedScroll';
import type { Pane } from '../../src/hosts/paneBeside';
import { type Content, type Grid, SideBySide } from '../../src/hosts/sideBySide';

/** A grid in memory: of each viewport, the series; a space shows nothing. */
class FakeGrid implements Grid {
  series: string[];
  readonly columns: number;
  readonly positions = new Map<string, number>();
  unlisted = '';
  active = '0';

  constructor(...rows: string[]) {
    this.series = [...rows.join('')];
    this.columns = rows[0]!.length;
  }

  panes(): Pane[] {
    return this.series.map((id, index) => ({
      id: String(index),
      seriesIds: id === ' ' ? [] : [id],
      x: index % this.columns,
      y: Math.floor(index / this.columns),
    }));
  }
  activePane = () => this.panes()[Number(this.active)];
  activate = ({ id }: Pane) => {
    this.active = id;
  };
  contentOf = ({ id, seriesIds: [seriesId] }: Pane): Content => ({ paneId: id, seriesId, position: 7 });
  async update(contents: readonly Content[]): Promise<void> {
    for (const { paneId, seriesId, position } of contents) {
      this.series[Number(paneId)] = seriesId ?? ' ';
      this.positions.set(paneId, position);
    }
  }
  async goTo({ id }: Pane, position: number): Promise<void> {
    this.positions.set(id, position);
  }
  async split(left: string, right: string): Promise<void> {
    this.series = [left, right];
  }
  async keepOnly({ seriesIds }: Pane): Promise<void> {
    this.series = [seriesIds[0]!];
  }
  canShow = ({ seriesId }: Content): boolean => seriesId !== this.unlisted;
}

function setUp(...rows: string[]) {
  const grid = new FakeGrid(...rows);
  const [link, copy] = [jest.fn(), jest.fn()];
  const scroll = { link, release: () => {} } as unknown as LinkedScroll;
  const sideBySide = new SideBySide(grid, scroll, { copy, release: () => {} });
  const shown = () => grid.series.join('');
  return { grid, sideBySide, link, copy, shown };
}

const INSTEAD = { id: 'P', position: 3 };

test('a single viewport is split, and alone again once the series is taken away', async () => {
  const { grid, sideBySide, link, copy, shown } = setUp('P');
  await sideBySide.show('P', 'R', 3);
  expect(shown()).toBe('PR');
  expect(grid.active).toBe('1');
  expect(link).toHaveBeenCalledWith('P', 'R');
  expect(copy).toHaveBeenCalledWith('P', '0', 'R');
  await sideBySide.replace('R', INSTEAD);
  expect(shown()).toBe('P');
  expect(grid.active).toBe('0');
});

test('a viewport that was added stays where the user has put something else in the other', async () => {
  const { grid, sideBySide, shown } = setUp('P');
  await sideBySide.show('P', 'R', 3);
  grid.series = ['R', 'R', 'a'];
  await sideBySide.replace('R', INSTEAD);
  expect(shown()).toBe('PPa');
});

test('in other layouts a viewport is lent, and given back with what it showed', async () => {
  const { grid, sideBySide, shown } = setUp('aP', 'bc');
  await sideBySide.show('P', 'R', 3);
  expect(shown()).toBe('RPbc');
  expect(grid.positions).toEqual(
    new Map([
      ['1', 3],
      ['0', 3],
    ]),
  );
  await sideBySide.replace('R', INSTEAD);
  expect(shown()).toBe('aPbc');
  expect(grid.positions.get('0')).toBe(7);
  expect(grid.active).toBe('1');
});

test('of several viewports that show it, beside the one that the user works in', async () => {
  const { grid, sideBySide, copy, shown } = setUp('PP', 'PP');
  grid.active = '2';
  await sideBySide.show('P', 'R', 1);
  expect(shown()).toBe('PPPR');
  expect(copy).toHaveBeenCalledWith('P', '2', 'R');
});

test('what cannot be shown any more, or is elsewhere now, gives way to the series it was made from', async () => {
  const lost = setUp('Pa');
  await lost.sideBySide.show('P', 'R', 3);
  lost.grid.unlisted = 'a';
  await lost.sideBySide.replace('R', INSTEAD);
  expect(lost.shown()).toBe('PP');

  const moved = setUp('Pab');
  await moved.sideBySide.show('P', 'R', 3);
  moved.grid.series = ['P', 'b', 'R'];
  await moved.sideBySide.replace('R', INSTEAD);
  expect(moved.shown()).toBe('PbP');
});

test('where both are displayed they are left as they are, at the image', async () => {
  const { grid, sideBySide, copy, shown } = setUp('RaP');
  await sideBySide.show('P', 'R', 5);
  expect(shown()).toBe('RaP');
  expect([grid.positions.get('0'), grid.positions.get('2')]).toEqual([5, 5]);
  expect(copy).not.toHaveBeenCalled();
  expect(grid.active).toBe('0');
});
