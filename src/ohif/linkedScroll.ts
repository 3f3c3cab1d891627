import type { CornerstoneViewport, Services } from './host';

const NEW_IMAGE = 'CORNERSTONE_STACK_NEW_IMAGE';

/**
 * Two viewports that scroll together, image by image, for as long as each shows its series. The viewer's
 * own synchronisers go by position in space, which radiographs and ultrasound do not have.
 */
export class LinkedScroll {
  readonly #services: Services;
  /** By series: the one beside it. */
  #pair: readonly [string, string] | undefined;

  constructor(services: Services) {
    this.#services = services;
    document.addEventListener(NEW_IMAGE, this.#follow, true);
  }

  link(first: string, second: string): void {
    this.#pair = [first, second];
  }

  release(): void {
    this.#pair = undefined;
    document.removeEventListener(NEW_IMAGE, this.#follow, true);
  }

  readonly #follow = (event: Event): void => {
    if (this.#pair === undefined) return;
    const { viewports } = this.#services.viewportGridService.getState();
    const places = [...viewports.values()].map(({ viewportId, displaySetInstanceUIDs: [id] }) => ({
      id,
      viewport: this.#services.cornerstoneViewportService.getCornerstoneViewport(viewportId),
    }));
    const moved = places.find(({ viewport }) => viewport?.element === event.target);
    const [first, second] = this.#pair;
    const otherId = moved?.id === first ? second : moved?.id === second ? first : undefined;
    const other = places.find(({ id }) => id !== undefined && id === otherId)?.viewport;
    if (moved?.viewport && other) void follow(moved.viewport, other);
  };
}

async function follow(leader: CornerstoneViewport, follower: CornerstoneViewport): Promise<void> {
  const index = leader.getCurrentImageIdIndex();
  // What follows leads in turn: it ends where both show the same.
  if (follower.getCurrentImageIdIndex() === index || index >= follower.getImageIds().length) return;
  try {
    await follower.setImageIdIndex(index);
    follower.render();
  } catch {
    // The viewport was closed while its image was on the way.
  }
}
