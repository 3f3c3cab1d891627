import type { LinkedScroll } from './linkedScroll';
import { type Pane, paneBeside } from './paneBeside';
import type { SameView } from './sameView';

/** What a viewport shows: a series, at an image counted from 1; without one, nothing. */
export interface Content {
  readonly paneId: string;
  readonly seriesId: string | undefined;
  readonly position: number;
  /** How the viewer calls viewports that show it so; such for images where left out. */
  readonly type?: string | undefined;
}

/** A viewer's grid of viewports. */
export interface Grid {
  /** In reading order. */
  panes(): readonly Pane[];
  activePane(): Pane | undefined;
  activate(pane: Pane): void;
  contentOf(pane: Pane): Content;
  update(contents: readonly Content[]): Promise<void>;
  /** Scrolls to an image, counted from 1. */
  goTo(pane: Pane, position: number): Promise<void>;
  /** Two viewports in one row, which show these series at an image counted from 1. */
  split(leftId: string, rightId: string, position: number): Promise<void>;
  /** Leaves this viewport alone, with what it shows. */
  keepOnly(pane: Pane): Promise<void>;
  /** False where a viewport cannot show that any more: the series is not listed. */
  canShow(content: Content): boolean;
}

/** What has a series seen as another one: `SameView` of the host's viewports. */
type CopiedView = Pick<SameView<never>, 'copy' | 'release'>;

/** Shows one series beside another in the layout that the user has, and gives that back. */
export class SideBySide {
  readonly #grid: Grid;
  readonly #scroll: LinkedScroll;
  readonly #sameView: CopiedView;
  /** By series that was put beside another: what its viewport showed before, or that it was added for it. */
  readonly #before = new Map<string, Content | 'added'>();

  constructor(grid: Grid, scroll: LinkedScroll, sameView: CopiedView) {
    this.#grid = grid;
    this.#scroll = scroll;
    this.#sameView = sameView;
  }

  release(): void {
    this.#scroll.release();
    this.#sameView.release();
  }

  /**
   * Shows a series and another one beside it, seen the same way and scrolling together. A single viewport is
   * split in two; in other layouts, two of the viewports are used.
   */
  async show(id: string, besideId: string, position: number): Promise<void> {
    const [shown, shownBeside] = [this.#showing(id), this.#showing(besideId)];
    // Where it is displayed already, it stays as the user has it.
    for (const pane of [shown, shownBeside]) if (pane !== undefined) await this.#grid.goTo(pane, position);
    if (shown !== undefined && shownBeside === undefined) {
      this.#sameView.copy(id, shown.id, besideId);
    }

    const first = shown ?? shownBeside ?? this.#grid.activePane();
    const second = first && paneBeside(first, this.#grid.panes());
    if (first === undefined || second === undefined) {
      this.#before.set(besideId, 'added');
      await this.#grid.split(id, besideId, position);
    } else {
      const pane = shown ?? (shownBeside ? second : first);
      const beside = shownBeside ?? second;
      if (shownBeside === undefined) this.#before.set(besideId, this.#grid.contentOf(beside));
      await this.#grid.update([
        ...(shown ? [] : [{ paneId: pane.id, seriesId: id, position }]),
        ...(shownBeside ? [] : [{ paneId: beside.id, seriesId: besideId, position }]),
      ]);
    }
    this.#scroll.link(id, besideId);
    this.#activate(besideId);
  }

  /**
   * Takes a series from the viewports. What it was put beside another one in instead of comes back; where a
   * viewport was added for it, that one goes; elsewhere the series `instead` is shown, at an image counted from 1.
   */
  async replace(id: string, instead: { readonly id: string; readonly position: number }): Promise<void> {
    const panes = this.#grid.panes();
    const others = panes.filter((pane) => !shows(pane, id));
    const before = this.#before.get(id);
    this.#before.delete(id);
    if (before === 'added' && panes.length === 2 && others.length === 1) {
      await this.#grid.keepOnly(others[0]!);
    } else {
      const contents = panes
        .filter((pane) => shows(pane, id))
        .map((pane) =>
          typeof before === 'object' && before.paneId === pane.id && this.#grid.canShow(before)
            ? before
            : { paneId: pane.id, seriesId: instead.id, position: instead.position },
        );
      await this.#grid.update(contents);
    }
    this.#activate(instead.id);
  }

  /** The viewport that shows a series, of several the one that the user works in. */
  #showing(id: string): Pane | undefined {
    const active = this.#grid.activePane();
    return active && shows(active, id) ? active : this.#grid.panes().find((pane) => shows(pane, id));
  }

  #activate(id: string): void {
    const pane = this.#showing(id);
    if (pane !== undefined) this.#grid.activate(pane);
  }
}

const shows = ({ seriesIds }: Pane, id: string): boolean => seriesIds.includes(id);
