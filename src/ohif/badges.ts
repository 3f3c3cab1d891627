import { badgeStyle, ON_THUMBNAIL, StyleRules } from '../hosts/badge';
import { protectionMark } from '../hosts/recognise';
import type { SeriesKind } from '../viewer/port';
import type { DisplaySet, Services } from './host';

/**
 * Badges on the thumbnails of protected and restored series, and marks in the viewports that show them.
 * They are style rules, which leave the viewer's elements as they are.
 */
export class Badges {
  readonly #services: Services;
  readonly #kindOf: (displaySet: DisplaySet) => SeriesKind;
  readonly #rules = new StyleRules();

  /** @param addedKind the kind of a series that this extension added; undefined for others */
  constructor(services: Services, addedKind: (id: string) => Exclude<SeriesKind, 'original'> | undefined) {
    this.#services = services;
    this.#kindOf = (displaySet) => {
      const [instance] = displaySet.images ?? [];
      const marked = instance !== undefined && protectionMark(instance) !== undefined;
      return addedKind(displaySet.displaySetInstanceUID) ?? (marked ? 'protected' : 'original');
    };
    this.update();
  }

  /** Looks at what is listed and displayed now. */
  update(): void {
    this.#rules.set([...this.#thumbnails(), ...this.#viewports()]);
  }

  release(): void {
    this.#rules.release();
  }

  #thumbnails(): string[] {
    return this.#services.displaySetService.getActiveDisplaySets().flatMap((displaySet) => {
      const kind = this.#kindOf(displaySet);
      if (kind === 'original') return [];
      const thumbnail = `[id="thumbnail-${CSS.escape(displaySet.displaySetInstanceUID)}"]`;
      const style = badgeStyle(kind, displaySet.SeriesDescription);
      return [`${thumbnail}{position:relative}`, `${thumbnail}::after{${style};${ON_THUMBNAIL}}`];
    });
  }

  #viewports(): string[] {
    const { viewportGridService, displaySetService } = this.#services;
    return [...viewportGridService.getState().viewports.values()].flatMap(
      ({ viewportId, displaySetInstanceUIDs: [id] }) => {
        const displaySet = id === undefined ? undefined : displaySetService.getDisplaySetByUID(id);
        const kind = displaySet === undefined ? 'original' : this.#kindOf(displaySet);
        if (kind === 'original') return [];
        const viewport = `[data-viewport-uid="${CSS.escape(viewportId)}"]`;
        return [
          `${viewport}::after{${badgeStyle(kind, displaySet?.SeriesDescription)};bottom:8px;left:50%;transform:translateX(-50%);font-size:12px}`,
        ];
      },
    );
  }
}
