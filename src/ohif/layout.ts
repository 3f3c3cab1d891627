import { LinkedScroll } from '../hosts/linkedScroll';
import type { Pane } from '../hosts/paneBeside';
import { SameView } from '../hosts/sameView';
import { type Content, type Grid, SideBySide } from '../hosts/sideBySide';
import type { CommandsManager, CornerstoneViewport, GridViewport, Services } from './host';
import { placesOf, RENDERED } from './places';
import { copyView, drawing } from './view';

/** The viewer's grid of viewports, and putting series into them. */
export class Layout implements Grid {
  readonly sideBySide: SideBySide;
  readonly #services: Services;
  readonly #commandsManager: CommandsManager;

  constructor(services: Services, commandsManager: CommandsManager) {
    this.#services = services;
    this.#commandsManager = commandsManager;
    this.sideBySide = new SideBySide(
      this,
      new LinkedScroll('CORNERSTONE_STACK_NEW_IMAGE', () => placesOf(services)),
      new SameView(RENDERED, (seriesId, paneId) => drawing(seriesId, paneId, services), copyView),
    );
  }

  release(): void {
    this.sideBySide.release();
  }

  /** Shows a series in the active viewport, at an image counted from 1. */
  async show(seriesId: string, position: number): Promise<void> {
    const paneId = this.#services.viewportGridService.getActiveViewportId();
    if (paneId !== null) await this.update([{ paneId, seriesId, position }]);
  }

  panes(): Pane[] {
    return [...this.#viewports().values()]
      .sort((first, second) => first.y - second.y || first.x - second.x)
      .map(paneOf);
  }

  activePane(): Pane | undefined {
    const { activeViewportId, viewports } = this.#services.viewportGridService.getState();
    const viewport = viewports.get(activeViewportId ?? '');
    return viewport && paneOf(viewport);
  }

  activate({ id }: Pane): void {
    this.#services.viewportGridService.setActiveViewportId(id);
  }

  contentOf({ id, seriesIds }: Pane): Content {
    return {
      paneId: id,
      seriesId: seriesIds[0],
      position: (this.#stackIn(id)?.getCurrentImageIdIndex() ?? 0) + 1,
      type: this.#viewports().get(id)?.viewportOptions?.viewportType,
    };
  }

  async goTo({ id }: Pane, position: number): Promise<void> {
    await this.#stackIn(id)?.setImageIdIndex(position - 1);
  }

  canShow({ seriesId }: Content): boolean {
    return (
      seriesId === undefined || this.#services.displaySetService.getDisplaySetByUID(seriesId) !== undefined
    );
  }

  async update(contents: readonly Content[]): Promise<void> {
    const viewportsToUpdate = contents.map(({ paneId, seriesId, position, type = 'stack' }) => ({
      viewportId: paneId,
      displaySetInstanceUIDs: seriesId === undefined ? [] : [seriesId],
      viewportOptions: { viewportType: type, initialImageOptions: { index: position - 1 } },
    }));
    if (viewportsToUpdate.length === 0) return;
    await this.#changed('GRID_STATE_CHANGED', () =>
      this.#commandsManager.run({
        commandName: 'setDisplaySetsForViewports',
        commandOptions: { viewportsToUpdate },
      }),
    );
  }

  /**
   * Each viewport has its series from the start: one that is given another series while it still opens a first
   * one is left with neither's picture.
   */
  split(leftId: string, rightId: string, position: number): Promise<void> {
    const shown = [...this.#viewports().values()].find(({ displaySetInstanceUIDs }) =>
      displaySetInstanceUIDs.includes(leftId),
    );
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

  keepOnly({ id }: Pane): Promise<void> {
    return this.#arrange([this.#viewports().get(id)!]);
  }

  /** One row of these viewports and no others. */
  #arrange(viewports: readonly object[]): Promise<void> {
    const { viewportGridService } = this.#services;
    return this.#changed('GRID_STATE_CHANGED', () => {
      void viewportGridService.setLayout({
        numRows: 1,
        numCols: viewports.length,
        findOrCreateViewport: (index) => ({ ...viewports[index] }),
      });
    });
  }

  #viewports(): ReadonlyMap<string, GridViewport> {
    return this.#services.viewportGridService.getState().viewports;
  }

  /** A reformation has no images of its own. */
  #stackIn(viewportId: string): CornerstoneViewport | undefined {
    const viewport = this.#services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    return viewport?.type === 'stack' ? viewport : undefined;
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

const paneOf = ({ viewportId, displaySetInstanceUIDs, x, y }: GridViewport): Pane => ({
  id: viewportId,
  seriesIds: displaySetInstanceUIDs,
  x,
  y,
});
