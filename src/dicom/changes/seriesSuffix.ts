/** What the Series Description of a protected image ends with, by what is hidden. */
export const SERIES_SUFFIX = { area: 'key area hidden', reportAlone: 'report hidden' } as const;

/** True for the Series Description of images of which a report was hidden, and nothing else. */
export const hidesReportAlone = (description: string | undefined): boolean =>
  description?.trimEnd().endsWith(SERIES_SUFFIX.reportAlone) ?? false;
