/** A viewport that scrolls through the images of a series. */
export interface ScrolledViewport {
  /** Of the series that it shows. */
  readonly id: string | undefined;
  readonly element: Element;
  /** Of the image on display, from 0. */
  readonly index: number;
  readonly images: number;
  goTo(index: number): Promise<unknown>;
}

/**
 * Two viewports that scroll together, image by image, for as long as each shows its series. The viewers'
 * own synchronisers go by position in space, which radiographs and ultrasound do not have.
 */
export class LinkedScroll {
  readonly #newImage: string;
  readonly #viewports: () => readonly ScrolledViewport[];
  /** By series: the one beside it. */
  #pair: readonly [string, string] | undefined;

  /** @param newImage the event that a viewport's element gets where another image is displayed */
  constructor(newImage: string, viewports: () => readonly ScrolledViewport[]) {
    this.#newImage = newImage;
    this.#viewports = viewports;
    document.addEventListener(newImage, this.#follow, { capture: true });
  }

  link(first: string, second: string): void {
    this.#pair = [first, second];
  }

  release(): void {
    this.#pair = undefined;
    document.removeEventListener(this.#newImage, this.#follow, { capture: true });
  }

  readonly #follow = (event: Event): void => {
    if (this.#pair === undefined) return;
    const viewports = this.#viewports();
    const moved = viewports.find(({ element }) => element === event.target);
    const [first, second] = this.#pair;
    const otherId = moved?.id === first ? second : moved?.id === second ? first : undefined;
    const other = viewports.find(({ id }) => id !== undefined && id === otherId);
    if (moved && other) void follow(moved, other);
  };
}

async function follow({ index }: ScrolledViewport, follower: ScrolledViewport): Promise<void> {
  // What follows leads in turn: it ends where both show the same.
  if (follower.index === index || index >= follower.images) return;
  try {
    await follower.goTo(index);
  } catch {
    // The viewport was closed while its image was on the way.
  }
}
