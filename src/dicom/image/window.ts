import type { ValueRange } from '../../engine/pixels/frame';
import { encodeText } from '../dataset/encode';
import { type DicomFile, findElement, textOf } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import type { PixelLayout } from './pixels';
import {
  greyOf,
  LEAST_LINEAR_WIDTH,
  tellingApart,
  type VoiLutFunction,
  type Window,
  windowOver,
} from './voi';

/**
 * Window Center and Width (PS3.3, C.11.2.1.2 and C.11.2.1.3) of protected grayscale images. Where hiding the key
 * area took no value beyond the original's, an image keeps the window it has. An image without one is windowed by
 * viewers from its smallest to its largest value; it gets the original's extremes, so that it looks as the original
 * does. And where the window does not tell the QR code's bands apart, it is changed as little as does. What explains
 * the windows that were there goes then.
 *
 * Where values span less than 1, LINEAR has no window that all programs show alike, and many know no other function,
 * or fail where an image names one: such an image is left to viewers, without a window.
 */

/** What the pixels of an image were, became, and what its QR codes are drawn with. */
export interface PixelValues {
  readonly before: ValueRange;
  readonly after: ValueRange;
  readonly lower: ValueRange;
  readonly upper: ValueRange;
}

/** The text of the elements that make a window; undefined where there is none, or an empty one. */
export interface WindowTexts {
  readonly center: string | undefined;
  readonly width: string | undefined;
  readonly voiLutFunction: string | undefined;
}

/** The elements that make a window, and what explains it. */
export const WINDOW_TAGS: readonly number[] = [
  TAG.WindowCenter,
  TAG.WindowWidth,
  TAG.WindowCenterWidthExplanation,
  TAG.VOILUTFunction,
];

/** The elements that `windowEdits` may write or take out. */
export function windowTags(file: DicomFile, layout: PixelLayout): number[] {
  const lookUpTables = [TAG.VOILUTSequence, TAG.ModalityLUTSequence, TAG.SharedFunctionalGroupsSequence];
  const grayscale = layout.samplesPerPixel === 1 && !layout.paletteRanks;
  if (!grayscale || lookUpTables.some((tag) => findElement(file, tag))) return [];
  const present = WINDOW_TAGS.filter((tag) => findElement(file, tag));
  return [...new Set([TAG.WindowCenter, TAG.WindowWidth, ...present])];
}

export function windowEdits(
  file: DicomFile,
  layout: PixelLayout,
  { before, after, lower, upper }: PixelValues,
): Edit[] {
  const tags = windowTags(file, layout);
  if (tags.length === 0) return [];
  const texts: WindowTexts = {
    center: textOf(file, TAG.WindowCenter),
    width: textOf(file, TAG.WindowWidth),
    voiLutFunction: textOf(file, TAG.VOILUTFunction),
  };
  if (keepsWindow(file, texts, before, after)) return [];
  const given = windowOf(texts);
  const [dark, light] = [lower, upper]
    .map((band) => rescaled(file, band))
    .sort((a, b) => a.minimum - b.minimum);
  const window = given ?? windowOver(functionOf(texts), extremesOf(file, before));
  const shown = window && tellingApart(window, dark.maximum, light.minimum);
  if (given && shown === given) return [];
  // Nor is there a function without a window (PS3.3, C.11.2).
  if (shown === undefined) return tags.map((tag) => ({ tag, bytes: undefined }));
  const { coding } = file.transferSyntax;
  return [
    ...valuesOf(shown).map(([tag, value]) => ({ tag, bytes: encodeText(tag, 'DS', value, coding) })),
    ...tags
      .filter((tag) => tag === TAG.WindowCenterWidthExplanation)
      .map((tag) => ({ tag, bytes: undefined })),
  ];
}

/** Window Center and Width as decimal strings; what the window shows, they show, whatever had to be rounded. */
function valuesOf(window: Window): [tag: number, value: string][] {
  const center = decimal(window.center);
  const width = decimalFrom(window.width + 2 * Math.abs(Number(center) - window.center));
  return [
    [TAG.WindowCenter, center],
    [TAG.WindowWidth, width],
  ];
}

/**
 * True where protecting an image of this window leaves it alone: it is legal, it shows the image's smallest and
 * largest value at least half the grey range apart, and no pixel value lies beyond those that the image had.
 */
export function keepsWindow(
  file: DicomFile,
  texts: WindowTexts,
  before: ValueRange,
  after: ValueRange,
): boolean {
  const window = windowOf(texts);
  if (window === undefined || after.minimum < before.minimum || after.maximum > before.maximum) return false;
  const { minimum, maximum } = rescaled(file, before);
  return greyOf(window, maximum) - greyOf(window, minimum) >= LEAST_CONTRAST;
}

/** Share of the grey range. */
const LEAST_CONTRAST = 1 / 2;

/** The first of an image's windows; undefined where it has none, or its width is none of its function. */
function windowOf(texts: WindowTexts): Window | undefined {
  const voiLutFunction = functionOf(texts);
  const center = firstNumber(texts.center, Number.NaN);
  const width = firstNumber(texts.width, 0);
  const legal = voiLutFunction === 'LINEAR' ? width >= LEAST_LINEAR_WIDTH : width > 0;
  return legal && !Number.isNaN(center) ? { voiLutFunction, center, width } : undefined;
}

function functionOf({ voiLutFunction }: WindowTexts): VoiLutFunction {
  return voiLutFunction === 'LINEAR_EXACT' || voiLutFunction === 'SIGMOID' ? voiLutFunction : 'LINEAR';
}

/** An image's smallest and largest value; where they are the same and steps less than 1, a step apart around it. */
function extremesOf(file: DicomFile, range: ValueRange): ValueRange {
  const { minimum, maximum } = rescaled(file, range);
  const step = Math.abs(rescaleOf(file).slope);
  if (minimum < maximum || step >= 1) return { minimum, maximum };
  return { minimum: minimum - step / 2, maximum: maximum + step / 2 };
}

/** Stored values as the modality means them (PS3.3, C.11.1.1.2). */
function rescaled(file: DicomFile, { minimum, maximum }: ValueRange): ValueRange {
  const { slope, intercept } = rescaleOf(file);
  const ends = [minimum, maximum].map((value) => value * slope + intercept);
  return { minimum: Math.min(...ends), maximum: Math.max(...ends) };
}

const rescaleOf = (file: DicomFile): { readonly slope: number; readonly intercept: number } => ({
  slope: firstNumber(textOf(file, TAG.RescaleSlope), 1),
  intercept: firstNumber(textOf(file, TAG.RescaleIntercept), 0),
});

/** The first value of a decimal string, `absent` where there is none. */
function firstNumber(text: string | undefined, absent: number): number {
  const value = Number.parseFloat((text ?? '').split('\\')[0]);
  return Number.isFinite(value) ? value : absent;
}

/** The nearest number that 16 characters hold (PS3.5, table 6.2-1). */
const decimal = (value: number): string => shortest((digits) => Number(value.toPrecision(digits)));

/** The least number of at most 16 characters from a positive `value` on, but for what comes of binary fractions. */
function decimalFrom(value: number): string {
  const exponent = Math.floor(Math.log10(value)) + 1;
  return shortest((digits) => {
    const nearest = Number(value.toPrecision(digits));
    const isBelow = nearest < value * (1 - BINARY_ERROR);
    return isBelow ? Number((nearest + 10 ** (exponent - digits)).toPrecision(digits)) : nearest;
  });
}

const BINARY_ERROR = 1e-14;

/** The number of most digits whose text is no longer than a decimal string may be. */
function shortest(numberOf: (digits: number) => number): string {
  for (let digits = MOST_DIGITS; ; digits--) {
    const number = numberOf(digits);
    const text = [String(number), number.toExponential()].find(({ length }) => length <= LONGEST_DECIMAL);
    if (text !== undefined) return text;
  }
}

const MOST_DIGITS = 15;
const LONGEST_DECIMAL = 16;
