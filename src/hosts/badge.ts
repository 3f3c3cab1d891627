import { hidesReportAlone } from '../dicom/changes/seriesSuffix';
import type { SeriesKind } from '../viewer/port';

/** What a thumbnail and a viewport say of a series. */
const BADGES: Record<Exclude<SeriesKind, 'original'>, { readonly text: string; readonly colour: string }> = {
  protected: { text: 'Key area hidden', colour: '#5acce6' },
  restored: { text: 'Restored', colour: '#4cc38a' },
  altered: { text: 'Opened, altered', colour: '#ffb74a' },
};

const REPORT_ALONE = 'Report hidden';

/** What is said of a series with this description. */
function textOf(kind: Exclude<SeriesKind, 'original'>, description: string | undefined): string {
  return kind === 'protected' && hidesReportAlone(description) ? REPORT_ALONE : BADGES[kind].text;
}

/** A badge as the declarations of a style rule, for `::after` of one of the viewer's elements. */
export const badgeStyle = (
  kind: Exclude<SeriesKind, 'original'>,
  description: string | undefined,
): string => {
  const { colour } = BADGES[kind];
  return (
    `content:"${textOf(kind, description)}";position:absolute;z-index:5;pointer-events:none;padding:1px 6px;border-radius:3px;` +
    `background:rgb(4 10 28 / .82);color:${colour};line-height:16px;font-family:inherit;font-weight:500;white-space:nowrap`
  );
};

/** Where a badge stands on a thumbnail. */
export const ON_THUMBNAIL = 'top:4px;left:4px;font-size:10.5px';

/** Style rules of our own for the viewer's elements, which are left as they are. */
export class StyleRules {
  readonly #sheet = new CSSStyleSheet();
  #rules = '';

  constructor() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
  }

  /** Replaces the rules where they differ from those that hold. */
  set(rules: readonly string[]): void {
    const text = rules.join('\n');
    if (text === this.#rules) return;
    this.#rules = text;
    this.#sheet.replaceSync(text);
  }

  release(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }
}
