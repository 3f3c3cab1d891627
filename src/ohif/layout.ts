import { LinkedScroll } from '../hosts/linkedScroll';
import type { CommandsManager, CornerstoneViewport, GridViewport, Services } from './host';
import { paneBeside } from './paneBeside';
import { placesOf } from './places';
import { SameView } from './sameView';

/** What a viewport shows: a series, at an image counted from 1; without an id, nothing. */
interface Content {
  readonly viewportId: string;
  readonly id: string | undefined;
  readonly position: number;
  /** How the viewer calls viewports that show it so; stacks where left out. */
  readonly viewportType?: string;
}

/** Puts series into viewports. */
export class Layout {
  readonly #services: Services;
  readonly #scroll: LinkedScroll;
  readonly #sameView: SameView;
  readonly #commandsManager: CommandsManager;
  /** By series that was put beside another: what its viewport showed before, or that it was added for it. */
  readonly #before = new Map<string, Content | 'added'>();

  constructor(services: Services, commandsManager: CommandsManager) {
    this.#services = services;
    this.#commandsManager = commandsManager;
    this.#scroll = new LinkedScroll('CORNERSTONE_STACK_NEW_IMAGE', () => placesOf(services));
    this.#sameView = new SameView(services);
  }

  release(): void {
    this.#scroll.release();
    this.#sameView.release();
  }

  /** Shows a series in the active viewport, at an image counted from 1. */
  async show(id: string, position: number): Promise<void> {
    const viewportId = this.#services.viewportGridService.getActiveViewportId();
    if (viewportId !== null) await this.#update([{ viewportId, id, position }]);
  }

  /**
   * Shows a series and another one beside it, seen the same way and scrolling together. A single viewport is
   * split in two; in other layouts, two of the viewports are used.
   */
  async showSideBySide(id: string, besideId: string, position: number): Promise<void> {
    const [shown, shownBeside] = [this.#showing(id), this.#showing(besideId)];
    // Where it is displayed already, it stays as the user has it.
    for (const pane of [shown, shownBeside]) await this.#stackIn(pane)?.setImageIdIndex(position - 1);
    if (shown !== undefined && shownBeside === undefined) this.#sameView.copy(id, besideId);

    const first = shown ?? shownBeside ?? this.#activePane();
    const second = first && paneBeside(first, this.#panes());
    if (first === undefined || second === undefined) {
      this.#before.set(besideId, 'added');
      await this.#split(id, besideId, position);
    } else {
      const pane = shown ?? (shownBeside ? second : first);
      const beside = shownBeside ?? second;
      if (shownBeside === undefined) this.#before.set(besideId, this.#contentOf(beside));
      await this.#update([
        ...(shown ? [] : [{ viewportId: pane.viewportId, id, position }]),
        ...(shownBeside ? [] : [{ viewportId: beside.viewportId, id: besideId, position }]),
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
    const panes = this.#panes();
    const others = panes.filter((pane) => !shows(pane, id));
    const before = this.#before.get(id);
    this.#before.delete(id);
    if (before === 'added' && panes.length === 2 && others.length === 1) {
      await this.#arrange(others);
    } else {
      const contents = panes
        .filter((pane) => shows(pane, id))
        .map(({ viewportId }) =>
          typeof before === 'object' && before.viewportId === viewportId && this.#isThere(before)
            ? before
            : { viewportId, ...instead },
        );
      await this.#update(contents);
    }
    this.#activate(instead.id);
  }

  /**
   * Two viewports in one row, each with its series from the start: one that is given another series while
   * it still opens a first one is left with neither's picture.
   */
  #split(leftId: string, rightId: string, position: number): Promise<void> {
    const shown = this.#showing(leftId);
    const toolGroupId = shown?.viewportOptions?.toolGroupId;
    const showing = (id: string) => ({
      displaySetInstanceUIDs: [id],
      displaySetOptions: [{}],
      viewportOptions: {
        viewportType: 'stack',
        initialImageOptions: { index: position - 1 },
        ...(toolGroupId !== undefined && { toolGroupId }),
      },
    });
    return this.#arrange([shown ?? showing(leftId), showing(rightId)]);
  }

  /** One row of these viewports and no others. */
  #arrange(panes: readonly object[]): Promise<void> {
    const { viewportGridService } = this.#services;
    return this.#changed('GRID_STATE_CHANGED', () => {
      void viewportGridService.setLayout({
        numRows: 1,
        numCols: panes.length,
        findOrCreateViewport: (index) => ({ ...panes[index] }),
      });
    });
  }

  /** In reading order. */
  #panes(): GridViewport[] {
    return [...this.#services.viewportGridService.getState().viewports.values()].sort(
      (first, second) => first.y - second.y || first.x - second.x,
    );
  }

  #showing(id: string): GridViewport | undefined {
    return this.#panes().find((pane) => shows(pane, id));
  }

  #activePane(): GridViewport | undefined {
    const { activeViewportId, viewports } = this.#services.viewportGridService.getState();
    return viewports.get(activeViewportId ?? '');
  }

  #activate(id: string): void {
    const pane = this.#showing(id);
    if (pane !== undefined) this.#services.viewportGridService.setActiveViewportId(pane.viewportId);
  }

  /** A reformation has no images of its own. */
  #stackIn(pane: GridViewport | undefined): CornerstoneViewport | undefined {
    const viewport =
      pane && this.#services.cornerstoneViewportService.getCornerstoneViewport(pane.viewportId);
    return viewport?.type === 'stack' ? viewport : undefined;
  }

  #contentOf(pane: GridViewport): Content {
    const { viewportId, viewportOptions, displaySetInstanceUIDs } = pane;
    const index = this.#stackIn(pane)?.getCurrentImageIdIndex() ?? 0;
    return {
      viewportId,
      id: displaySetInstanceUIDs[0],
      position: index + 1,
      viewportType: viewportOptions?.viewportType ?? 'stack',
    };
  }

  /** False for a series that is not listed any more. */
  #isThere({ id }: Content): boolean {
    return id === undefined || this.#services.displaySetService.getDisplaySetByUID(id) !== undefined;
  }

  async #update(contents: readonly Content[]): Promise<void> {
    const viewportsToUpdate = contents.map(({ viewportId, id, position, viewportType = 'stack' }) => ({
      viewportId,
      displaySetInstanceUIDs: id === undefined ? [] : [id],
      viewportOptions: { viewportType, initialImageOptions: { index: position - 1 } },
    }));
    if (viewportsToUpdate.length === 0) return;
    await this.#changed('GRID_STATE_CHANGED', () =>
      this.#commandsManager.run({
        commandName: 'setDisplaySetsForViewports',
        commandOptions: { viewportsToUpdate },
      }),
    );
  }

  /** Waits for an event of the grid after `action`, but not for ever: an unchanged layout reports nothing. */
  #changed(event: string, action: () => void): Promise<void> {
    const { viewportGridService } = this.#services;
    return new Promise((resolve) => {
      const done = () => {
        unsubscribe();
        clearTimeout(timer);
        resolve();
      };
      const { unsubscribe } = viewportGridService.subscribe(viewportGridService.EVENTS[event], done);
      const timer = setTimeout(done, 2000);
      action();
    });
  }
}

const shows = ({ displaySetInstanceUIDs }: GridViewport, id: string): boolean =>
  displaySetInstanceUIDs.includes(id);
