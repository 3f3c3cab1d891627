import { LinkedScroll } from '../hosts/linkedScroll';
import type { CommandsManager, Services } from './host';
import { placesOf } from './places';

/** Puts series into viewports. */
export class Layout {
  readonly #services: Services;
  readonly #scroll: LinkedScroll;
  readonly #commandsManager: CommandsManager;

  constructor(services: Services, commandsManager: CommandsManager) {
    this.#services = services;
    this.#commandsManager = commandsManager;
    this.#scroll = new LinkedScroll('CORNERSTONE_STACK_NEW_IMAGE', () => placesOf(services));
  }

  release(): void {
    this.#scroll.release();
  }

  /** Shows a series in the active viewport, at an image counted from 1. */
  async show(id: string, position: number): Promise<void> {
    const viewportId = this.#services.viewportGridService.getActiveViewportId();
    if (viewportId === null) return;
    await this.put([viewportId], id, position);
  }

  /** Shows two series in one row, scrolling together. */
  async showSideBySide(leftId: string, rightId: string, position: number): Promise<void> {
    const { viewportGridService } = this.#services;
    if (viewportGridService.getState().viewports.size === 2) {
      const [left, right] = this.#fromTheLeft();
      const places = [
        { viewportId: left.viewportId, id: leftId },
        { viewportId: right.viewportId, id: rightId },
      ];
      await this.#update(places, position);
    } else {
      await this.#split(leftId, rightId, position);
    }
    this.#scroll.link(leftId, rightId);
    const [, right] = this.#fromTheLeft();
    if (right !== undefined) viewportGridService.setActiveViewportId(right.viewportId);
  }

  /**
   * Two viewports in one row, each with its series from the start: one that is given another series while
   * it still opens a first one is left with neither's picture.
   */
  async #split(leftId: string, rightId: string, position: number): Promise<void> {
    const { viewportGridService, cornerstoneViewportService } = this.#services;
    const { viewports } = viewportGridService.getState();
    const shown = [...viewports.values()].find(({ displaySetInstanceUIDs: [id] }) => id === leftId);
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
    // Where it is displayed already, it stays as the user has it.
    const viewport = shown && cornerstoneViewportService.getCornerstoneViewport(shown.viewportId);
    await viewport?.setImageIdIndex(position - 1);
    const panes = [shown === undefined ? showing(leftId) : { ...shown }, showing(rightId)];
    await this.#changed('GRID_STATE_CHANGED', () => {
      void viewportGridService.setLayout({
        numRows: 1,
        numCols: 2,
        findOrCreateViewport: (index) => panes[index],
      });
    });
  }

  #fromTheLeft() {
    return [...this.#services.viewportGridService.getState().viewports.values()].sort(
      (first, second) => first.x - second.x || first.y - second.y,
    );
  }

  /** Shows one series in these viewports. */
  async put(viewportIds: readonly string[], id: string, position: number): Promise<void> {
    await this.#update(
      viewportIds.map((viewportId) => ({ viewportId, id })),
      position,
    );
  }

  async #update(places: readonly { viewportId: string; id: string }[], position: number): Promise<void> {
    const viewportsToUpdate = places.map(({ viewportId, id }) => ({
      viewportId,
      displaySetInstanceUIDs: [id],
      viewportOptions: { viewportType: 'stack', initialImageOptions: { index: position - 1 } },
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
