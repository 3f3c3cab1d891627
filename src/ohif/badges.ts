import type { SeriesKind } from '../viewer/port';
import type { DisplaySet, Services } from './host';
import { protectionMark } from './recognise';

/** What a thumbnail and a viewport say of a series. */
export const BADGES: Record<
  Exclude<SeriesKind, 'original'>,
  { readonly text: string; readonly colour: string }
> = {
  protected: { text: 'Key area hidden', colour: '#5acce6' },
  restored: { text: 'Restored, in memory', colour: '#4cc38a' },
  altered: { text: 'Opened, altered', colour: '#ffb74a' },
};

/**
 * Badges on the thumbnails of protected and restored series, and marks in the viewports that show them.
 * They are style rules of our own for the viewer's elements, which are left as they are.
 */
export class Badges {
  readonly #services: Services;
  readonly #kindOf: (displaySet: DisplaySet) => SeriesKind;
  readonly #sheet = new CSSStyleSheet();
  #rules = '';

  /** @param addedKind the kind of a series that this extension added; undefined for others */
  constructor(services: Services, addedKind: (id: string) => Exclude<SeriesKind, 'original'> | undefined) {
    this.#services = services;
    this.#kindOf = (displaySet) => {
      const [instance] = displaySet.images ?? [];
      const marked = instance !== undefined && protectionMark(instance) !== undefined;
      return addedKind(displaySet.displaySetInstanceUID) ?? (marked ? 'protected' : 'original');
    };
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    this.update();
  }

  /** Looks at what is listed and displayed now. */
  update(): void {
    const rules = [...this.#thumbnails(), ...this.#viewports()].join('\n');
    if (rules === this.#rules) return;
    this.#rules = rules;
    this.#sheet.replaceSync(rules);
  }

  release(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }

  #thumbnails(): string[] {
    return this.#services.displaySetService.getActiveDisplaySets().flatMap((displaySet) => {
      const kind = this.#kindOf(displaySet);
      if (kind === 'original') return [];
      const thumbnail = `[id="thumbnail-${CSS.escape(displaySet.displaySetInstanceUID)}"]`;
      return [
        `${thumbnail}{position:relative}`,
        `${thumbnail}::after{${badge(kind)};top:4px;left:4px;font-size:10.5px}`,
      ];
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
          `${viewport}::after{${badge(kind)};bottom:8px;left:50%;transform:translateX(-50%);font-size:12px}`,
        ];
      },
    );
  }
}

const badge = (kind: Exclude<SeriesKind, 'original'>): string => {
  const { text, colour } = BADGES[kind];
  return (
    `content:"${text}";position:absolute;z-index:5;pointer-events:none;padding:1px 6px;border-radius:3px;` +
    `background:rgb(4 10 28 / .82);color:${colour};line-height:16px;font-family:inherit;font-weight:500;white-space:nowrap`
  );
};
