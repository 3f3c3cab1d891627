import { LinkedScroll } from '../hosts/linkedScroll';
import type { Pane } from '../hosts/paneBeside';
import { SameView } from '../hosts/sameView';
import { type Content, type Grid, SideBySide } from '../hosts/sideBySide';
import { imageAt } from '../viewer/positions';
import type { AppState, EnabledElement } from './host';
import type { Libraries } from './libraries';
import { filesOf, type Studies } from './studies';
import { copyView } from './view';
import { IMAGES, NEW_IMAGE, RENDERED, type Viewports } from './viewports';

/** The viewer's grid of viewports, and putting series into them. Of a viewport, its index is the id. */
export class Layout implements Grid {
  readonly sideBySide: SideBySide;
  readonly #libraries: Libraries;
  readonly #studies: Studies;
  readonly #viewports: Viewports;

  constructor(libraries: Libraries, studies: Studies, viewports: Viewports) {
    this.#libraries = libraries;
    this.#studies = studies;
    this.#viewports = viewports;
    this.sideBySide = new SideBySide(
      this,
      new LinkedScroll(NEW_IMAGE, () => viewports.places()),
      new SameView(
        RENDERED,
        (seriesId, paneId) => this.#drawing(seriesId, paneId),
        (from, to) => copyView(from, to, viewports.imageIdsIn(from), libraries.cornerstone),
      ),
    );
  }

  release(): void {
    this.sideBySide.release();
  }

  /** Shows a series in the active viewport, at an image counted from 1. */
  async show(seriesId: string, position: number): Promise<void> {
    const pane = this.activePane();
    if (pane.seriesIds.includes(seriesId) && this.#elementOf(pane) !== undefined) this.goTo(pane, position);
    else await this.update([{ paneId: pane.id, seriesId, position }]);
  }

  panes(): Pane[] {
    return this.#viewports.indices().map((index) => this.#paneAt(index));
  }

  activePane(): Pane {
    return this.#paneAt(this.#viewports.activeIndex);
  }

  activate({ id }: Pane): void {
    this.#viewports.activate(Number(id));
  }

  contentOf(pane: Pane): Content {
    const enabled = this.#elementOf(pane);
    const shown = enabled?.image && this.#viewports.imageIdsIn(enabled).indexOf(enabled.image.imageId);
    return {
      paneId: pane.id,
      seriesId: pane.seriesIds[0],
      position: (shown ?? 0) + 1,
      type: this.#viewports.shownIn(Number(pane.id))?.plugin,
    };
  }

  async goTo(pane: Pane, position: number): Promise<void> {
    const enabled = this.#elementOf(pane);
    if (enabled !== undefined) this.#viewports.scrollTo(enabled, position - 1);
  }

  /** The viewer does not empty a viewport: the picture would stay. */
  canShow({ seriesId }: Content): boolean {
    return seriesId !== undefined && this.#studies.displaySet(seriesId) !== undefined;
  }

  async update(contents: readonly Content[]): Promise<void> {
    await this.#shown(contents, () => {
      for (const content of contents) {
        this.#libraries.store.dispatch({
          type: 'VIEWPORT::SET_SPECIFIC_DATA',
          viewportIndex: Number(content.paneId),
          viewportSpecificData: this.#dataOf(content),
        });
      }
    });
  }

  split(leftId: string, rightId: string, position: number): Promise<void> {
    return this.#arrange([
      { paneId: '0', seriesId: leftId, position },
      { paneId: '1', seriesId: rightId, position },
    ]);
  }

  keepOnly(pane: Pane): Promise<void> {
    return this.#arrange([{ ...this.contentOf(pane), paneId: '0' }]);
  }

  /** One row of viewports that show this, and no others. */
  #arrange(contents: readonly Content[]): Promise<void> {
    return this.#shown(contents, () =>
      this.#libraries.store.dispatch({
        type: 'VIEWPORT::SET_VIEWPORT_LAYOUT_AND_DATA',
        numRows: 1,
        numColumns: contents.length,
        viewports: contents.map(({ type }) => ({ plugin: type ?? IMAGES })),
        viewportSpecificData: Object.fromEntries(
          contents.map((content) => [content.paneId, this.#dataOf(content)]),
        ),
      }),
    );
  }

  #paneAt(index: number): Pane {
    const shown = this.#viewports.shownIn(index);
    const { numColumns } = this.#state;
    return {
      id: String(index),
      seriesIds: shown === undefined ? [] : [shown.id],
      x: index % numColumns,
      y: Math.floor(index / numColumns),
    };
  }

  #elementOf({ id }: Pane): EnabledElement | undefined {
    return this.#viewports.elementOf(Number(id));
  }

  /** The viewport that an image of a series is drawn in, the one of `paneId` where that is given. */
  #drawing(seriesId: string, paneId?: string): EnabledElement | undefined {
    const displaySet = this.#studies.displaySet(seriesId);
    const fileIds = displaySet === undefined ? [] : filesOf(displaySet).map(({ id }) => id);
    return this.panes()
      .filter(({ id, seriesIds }) => seriesIds.includes(seriesId) && (paneId ?? id) === id)
      .map((pane) => this.#elementOf(pane))
      .find((enabled) => {
        // While another series is on its way, the viewport still has the images of the one before.
        const imageId = enabled?.image?.imageId;
        if (imageId === undefined) return false;
        const fileId = this.#libraries.cornerstone.metaData.get('SOPInstanceUID', imageId);
        return fileIds.includes(fileId as string);
      });
  }

  get #state(): AppState['viewports'] {
    return this.#libraries.store.getState().viewports;
  }

  /**
   * Waits after `action` until viewports show this, but not for ever: an image may not load. Of a multi-frame
   * object the viewer shows the first frame.
   */
  #shown(contents: readonly Content[], action: () => void): Promise<void> {
    const awaited = new Set(contents.filter(({ type = IMAGES }) => type === IMAGES));
    return new Promise((resolve) => {
      const stop = () => {
        clearTimeout(timer);
        document.removeEventListener(RENDERED, look, { capture: true });
        resolve();
      };
      const look = () => {
        for (const content of awaited) {
          const enabled = this.#drawing(content.seriesId ?? '', content.paneId);
          if (enabled === undefined) continue;
          awaited.delete(content);
          this.#viewports.scrollTo(enabled, content.position - 1);
        }
        if (awaited.size === 0) stop();
      };
      const timer = setTimeout(stop, 2000);
      document.addEventListener(RENDERED, look, { capture: true });
      action();
      if (awaited.size === 0) stop();
    });
  }

  /**
   * The viewer remembers which image of a series was on display last, and goes there with a changed layout: to the
   * first frame of a multi-frame object. Told another one, it would go back to that after a while.
   */
  #dataOf({ seriesId, position, type = IMAGES }: Content): object {
    const displaySet = this.#studies.listed(seriesId ?? '');
    const SOPInstanceUID = imageAt(filesOf(displaySet), position)?.fileId;
    Object.assign(displaySet, { SOPInstanceUID, frameIndex: position - 1 });
    return { ...displaySet, plugin: type };
  }
}
