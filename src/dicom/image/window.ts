import type { ValueRange } from '../../engine/pixels/frame';
import { encodeText } from '../dataset/encode';
import { type DicomFile, findElement, textOf } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import type { PixelLayout } from './pixels';

/**
 * Window Center and Width (PS3.3, C.11.2.1.2) of protected grayscale images. Where hiding the key area
 * took no value beyond the original's, an image keeps the window it has. An image without one is
 * windowed by viewers from its smallest to its largest value; it gets the original's extremes, so that
 * it looks as the original does. And where the QR code's bands reach beyond the original's values, the
 * window is made just wide enough to tell them apart. What explains the windows that were there goes then.
 */

/** What the pixels of an image were, became, and what its QR codes are drawn with. */
export interface PixelValues {
  readonly before: ValueRange;
  readonly after: ValueRange;
  readonly lower: ValueRange;
  readonly upper: ValueRange;
}

/** The elements that `windowEdits` may write. */
export function windowTags(file: DicomFile, layout: PixelLayout): number[] {
  const lookUpTables = [TAG.VOILUTSequence, TAG.ModalityLUTSequence, TAG.SharedFunctionalGroupsSequence];
  const grayscale = layout.samplesPerPixel === 1 && !layout.paletteRanks;
  return grayscale && !lookUpTables.some((tag) => findElement(file, tag))
    ? [TAG.WindowCenter, TAG.WindowWidth, ...explanationTags(file)]
    : [];
}

/** Window Center & Width Explanation, where there is one: it has a value for each window (PS3.3, C.11.2.1.2). */
const explanationTags = (file: DicomFile): number[] =>
  [TAG.WindowCenterWidthExplanation].filter((tag) => findElement(file, tag));

export function windowEdits(
  file: DicomFile,
  layout: PixelLayout,
  { before, after, lower, upper }: PixelValues,
): Edit[] {
  if (windowTags(file, layout).length === 0) return [];
  const slope = numberOf(file, TAG.RescaleSlope, 1);
  const intercept = numberOf(file, TAG.RescaleIntercept, 0);
  const modality = (range: ValueRange): [number, number] => {
    const ends = [range.minimum, range.maximum].map((value) => value * slope + intercept);
    return [Math.min(...ends), Math.max(...ends)];
  };
  const center = textOf(file, TAG.WindowCenter);
  const width = textOf(file, TAG.WindowWidth);
  if (keepsWindow(center, width, before, after)) return [];
  const given = windowOf(center, width);

  const [smallest, largest] = modality(before);
  const bands = [modality(lower), modality(upper)].sort(([a], [b]) => a - b);
  const window = given ?? { center: (smallest + largest + 1) / 2, width: largest - smallest + 1 };
  const shown = widen(window, bands[0][1], bands[1][0]);
  if (given && shown === window) return [];
  const { coding } = file.transferSyntax;
  return [
    { tag: TAG.WindowCenter, bytes: encodeText(TAG.WindowCenter, 'DS', decimal(shown.center), coding) },
    { tag: TAG.WindowWidth, bytes: encodeText(TAG.WindowWidth, 'DS', decimal(shown.width), coding) },
    ...explanationTags(file).map((tag) => ({ tag, bytes: undefined })),
  ];
}

/**
 * True where protecting an image of this window, values of the elements, leaves it alone: it shows
 * something, and no pixel value lies beyond those that the image had.
 */
export const keepsWindow = (
  center: string | undefined,
  width: string | undefined,
  before: ValueRange,
  after: ValueRange,
): boolean =>
  windowOf(center, width) !== undefined && after.minimum >= before.minimum && after.maximum <= before.maximum;

interface Window {
  readonly center: number;
  readonly width: number;
}

/** The window, made wider where its middle does not lie between the end of one band and the start of the other. */
function widen(window: Window, end: number, start: number): Window {
  const { center, width } = window;
  if (center < end) return { center: end, width: 2 * (end - (center - width / 2)) };
  if (center > start) return { center: start, width: 2 * (center + width / 2 - start) };
  return window;
}

/** The first window of the values of Window Center and Width; undefined where it shows nothing. */
function windowOf(centers: string | undefined, widths: string | undefined): Window | undefined {
  const width = firstNumber(widths, 0);
  const center = firstNumber(centers, Number.NaN);
  return width >= 1 && !Number.isNaN(center) ? { center, width } : undefined;
}

const numberOf = (file: DicomFile, tag: number, absent: number): number =>
  firstNumber(textOf(file, tag), absent);

/** The first value of a decimal string, `absent` where there is none. */
function firstNumber(text: string | undefined, absent: number): number {
  const value = Number.parseFloat((text ?? '').split('\\')[0]);
  return Number.isFinite(value) ? value : absent;
}

/** At most 16 characters (PS3.5, table 6.2-1). */
const decimal = (value: number): string => String(Number(value.toPrecision(9)));
