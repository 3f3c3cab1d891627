import type { MarkedBlocks, MarkKind } from '../viewer/port';
import { Marks, outlineBlocks } from './blockOutlines';

/** A viewport that shows an image of a series. */
export interface MarkedViewport {
  /** Of the series. */
  readonly id: string | undefined;
  readonly element: Element;
  /** Of the image in its series, from 1; 0 where it shows none. */
  position(): number;
  /**
   * Where a point of the image is in the element, the centre of the first pixel being (0, 0); undefined
   * while no image is displayed.
   */
  onCanvas(): ((x: number, y: number) => readonly [number, number]) | undefined;
}

/** Outlines blocks over the images of a series, wherever and however they are displayed. */
export class BlockMarks {
  readonly #rendered: string;
  readonly #viewports: () => readonly MarkedViewport[];
  readonly #marks = new Marks();

  /** @param rendered the event that a viewport's element gets after it was drawn */
  constructor(rendered: string, viewports: () => readonly MarkedViewport[]) {
    this.#rendered = rendered;
    this.#viewports = viewports;
    document.addEventListener(rendered, this.#draw, { capture: true });
  }

  show(kind: MarkKind, marked: MarkedBlocks | undefined): void {
    this.#marks.set(kind, marked);
    for (const viewport of this.#viewports()) this.#update(viewport);
  }

  /** The viewports may be gone already, so they are not asked for anything. */
  release(): void {
    this.#marks.clear();
    document.removeEventListener(this.#rendered, this.#draw, { capture: true });
    for (const { element } of this.#viewports()) outlineBlocks(element, [], () => [0, 0]);
  }

  readonly #draw = (event: Event): void => {
    if (this.#marks.isEmpty) return;
    const viewport = this.#viewports().find(({ element }) => element === event.target);
    if (viewport !== undefined) this.#update(viewport);
  };

  #update({ id, element, position, onCanvas }: MarkedViewport): void {
    const blocks = this.#marks.on(id, position());
    const shown = blocks.length === 0 ? undefined : onCanvas();
    outlineBlocks(element, shown ? blocks : [], shown ?? (() => [0, 0]));
  }
}
