import type { Cornerstone } from './host';
import { fitIntoViewport } from './view';
import { RENDERED } from './viewports';

/** Milliseconds without a change of size; the viewer itself waits for 200. */
const REST = 500;

/**
 * Pictures that fit their viewports. The viewer passes over what changes within 200 ms of a viewport's
 * mounting (its detector is debounced and skips the first call), and where the panel was opened then, part
 * of the picture would stay under it.
 */
export class FittedPictures {
  readonly #cornerstone: Cornerstone;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #sizes = new ResizeObserver(() => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fit(), REST);
  });

  constructor(cornerstone: Cornerstone) {
    this.#cornerstone = cornerstone;
    document.addEventListener(RENDERED, this.#observe, { capture: true });
  }

  release(): void {
    document.removeEventListener(RENDERED, this.#observe, { capture: true });
    this.#sizes.disconnect();
    clearTimeout(this.#timer);
  }

  readonly #observe = ({ target }: Event): void => this.#sizes.observe(target as HTMLElement);

  #fit(): void {
    for (const enabled of this.#cornerstone.getEnabledElements()) fitIntoViewport(enabled, this.#cornerstone);
  }
}
