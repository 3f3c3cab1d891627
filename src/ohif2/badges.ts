import { badgeStyle, ON_THUMBNAIL, StyleRules } from '../hosts/badge';
import type { SeriesKind } from '../viewer/port';
import type { DisplaySet } from './host';
import { filesOf, type Studies } from './studies';
import type { Viewports } from './viewports';

/** The viewer's thumbnails bear no names: they stand in the order of the series. */
const THUMBNAIL = '.thumbnail-container';

/** Along the lower edge, where the viewer's own words end 20 pixels above it. */
const IN_VIEWPORT = 'bottom:1px;left:50%;transform:translateX(-50%);font-size:12px';

/**
 * Badges on the thumbnails of protected and restored series, and marks in the viewports that show them.
 * They are style rules, which leave the viewer's elements as they are.
 */
export class Badges {
  readonly #rules = new StyleRules();
  readonly #studies: Studies;
  readonly #viewports: Viewports;
  readonly #kindOf: (displaySet: DisplaySet) => SeriesKind;

  constructor(studies: Studies, viewports: Viewports, kindOf: (displaySet: DisplaySet) => SeriesKind) {
    this.#studies = studies;
    this.#viewports = viewports;
    this.#kindOf = kindOf;
  }

  /** Looks at what is listed and displayed now. */
  update(): void {
    this.#rules.set([...this.#thumbnails(), ...this.#shown()]);
  }

  release(): void {
    this.#rules.release();
  }

  #thumbnails(): string[] {
    const listed = [...document.querySelectorAll(`${THUMBNAIL} .series-description`)];
    return this.#studies.displaySets().flatMap((displaySet, index) => {
      const kind = this.#kindOf(displaySet);
      // The list may be behind: no badge is better than one on another series.
      const isListed = listed[index]?.textContent === (displaySet.SeriesDescription ?? '');
      if (kind === 'original' || !isListed) return [];
      const thumbnail = `${THUMBNAIL}:nth-child(${index + 1}) .ImageThumbnail`;
      const style = badgeStyle(kind, displaySet.SeriesDescription);
      return [`${thumbnail}{position:relative}`, `${thumbnail}::after{${style};${ON_THUMBNAIL}}`];
    });
  }

  #shown(): string[] {
    return this.#viewports.indices().flatMap((index) => {
      const displaySet = this.#onScreen(index);
      const kind = displaySet === undefined ? 'original' : this.#kindOf(displaySet);
      if (kind === 'original') return [];
      const viewport = `[data-cy="viewport-container-${index}"]`;
      const style = badgeStyle(kind, displaySet?.SeriesDescription);
      return [`${viewport}{position:relative}`, `${viewport}::after{${style};${IN_VIEWPORT}}`];
    });
  }

  /** The series that a viewport shows, once the image on screen is one of its own. */
  #onScreen(index: number): DisplaySet | undefined {
    const shown = this.#viewports.shownIn(index);
    const displaySet = shown && this.#studies.displaySet(shown.id);
    // Views that are computed from a series have no image to tell by.
    if (displaySet === undefined || !shown?.asImages) return displaySet;
    const enabled = this.#viewports.elementOf(index);
    const fileId = enabled && this.#viewports.fileIn(enabled);
    return filesOf(displaySet).some(({ id }) => id === fileId) ? displaySet : undefined;
  }
}
