/** Has a series, once it is drawn, seen the same way as another one. */
export class SameView<Viewport extends { readonly element: EventTarget }> {
  readonly #rendered: string;
  readonly #drawing: (seriesId: string, paneId?: string) => Viewport | undefined;
  readonly #copyView: (from: Viewport, to: Viewport) => void;
  /** The series to look at, in a viewport, and the one that is yet to be drawn. */
  #pair: { readonly fromId: string; readonly paneId: string; readonly toId: string } | undefined;

  /**
   * @param rendered the event that a viewport's element gets when it is drawn
   * @param drawing the viewport that an image of a series is drawn in, the one of that id where it is given
   */
  constructor(
    rendered: string,
    drawing: (seriesId: string, paneId?: string) => Viewport | undefined,
    copyView: (from: Viewport, to: Viewport) => void,
  ) {
    this.#rendered = rendered;
    this.#drawing = drawing;
    this.#copyView = copyView;
    document.addEventListener(rendered, this.#drawn, { capture: true });
  }

  /** @param paneId of the viewport that shows the series `fromId` */
  copy(fromId: string, paneId: string, toId: string): void {
    this.#pair = { fromId, paneId, toId };
  }

  release(): void {
    this.#pair = undefined;
    document.removeEventListener(this.#rendered, this.#drawn, { capture: true });
  }

  readonly #drawn = (event: Event): void => {
    if (this.#pair === undefined) return;
    const from = this.#drawing(this.#pair.fromId, this.#pair.paneId);
    const to = this.#drawing(this.#pair.toId);
    // What was set up with a series is in effect when its own viewport is drawn, not before.
    if (!from || !to || to.element !== event.target) return;
    this.#pair = undefined;
    this.#copyView(from, to);
  };
}
