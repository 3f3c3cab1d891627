import type { ValueRange } from '../../engine/pixels/frame';

/** VOI LUT Function (PS3.3, C.11.2.1.2.1 and C.11.2.1.3); LINEAR where an image names none. */
export type VoiLutFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

/** Window Center and Width, and the function that they are meant for. */
export interface Window {
  readonly voiLutFunction: VoiLutFunction;
  readonly center: number;
  readonly width: number;
}

/** The least Window Width of LINEAR; of the other functions it is any above 0. */
export const LEAST_LINEAR_WIDTH = 1;

/** The value that a window shows in a grey, 0 (black) to 1 (white); of SIGMOID between them. */
export function valueOfGrey({ voiLutFunction, center, width }: Window, grey: number): number {
  switch (voiLutFunction) {
    case 'LINEAR':
      return center - 0.5 + (width - 1) * (grey - 0.5);
    case 'LINEAR_EXACT':
      return center + width * (grey - 0.5);
    case 'SIGMOID':
      return center + (width / 4) * Math.log(grey / (1 - grey));
  }
}

/** The grey, 0 (black) to 1 (white), that a window shows a value in. */
export function greyOf({ voiLutFunction, center, width }: Window, value: number): number {
  const clamp = (grey: number): number => Math.min(Math.max(grey, 0), 1);
  switch (voiLutFunction) {
    case 'LINEAR':
      if (width === 1) return value <= center - 0.5 ? 0 : 1;
      return clamp((value - (center - 0.5)) / (width - 1) + 0.5);
    case 'LINEAR_EXACT':
      return clamp((value - center) / width + 0.5);
    case 'SIGMOID':
      return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  }
}

/**
 * The window that shows values from black to white: of SIGMOID the one whose slope in the middle does. Undefined where
 * they span less than 1 and the function is LINEAR: many programs leave out its halves, which would outweigh them.
 */
export function windowOver(
  voiLutFunction: VoiLutFunction,
  { minimum, maximum }: ValueRange,
): Window | undefined {
  const center = (minimum + maximum) / 2;
  const width = maximum - minimum;
  if (voiLutFunction !== 'LINEAR') return { voiLutFunction, center, width: width || LEAST_LINEAR_WIDTH };
  if (width > 0 && width < LEAST_LINEAR_WIDTH) return undefined;
  return { voiLutFunction, center: center + 0.5, width: width + LEAST_LINEAR_WIDTH };
}

/** The share of the grey range, from black and from white, that bands which are told apart keep to. */
const DARK = 1 / 5;

/**
 * The window, changed where it does not show all values up to `end` in the darkest fifth of the greys and all from
 * `start` on in the lightest: made wider where a band reaches into it from one side only and that does; else as wide
 * as does. Undefined where {@link windowOver} is.
 */
export function tellingApart(window: Window, end: number, start: number): Window | undefined {
  const darkest = valueOfGrey(window, DARK);
  const lightest = valueOfGrey(window, 1 - DARK);
  if ((darkest >= end && lightest <= start) || end >= start) return window;
  // On a straight line, black lies as far below a fifth as the share says.
  const beyond = DARK / (1 - 2 * DARK);
  const black = darkest - (lightest - darkest) * beyond;
  const white = lightest + (lightest - darkest) * beyond;
  const widened =
    lightest <= start
      ? { minimum: end, maximum: end + (end - black) / beyond }
      : { minimum: start - (white - start) / beyond, maximum: start };
  const oneSided =
    (darkest >= end || lightest <= start) && widened.minimum >= end && widened.maximum <= start;
  return windowBetween(window.voiLutFunction, oneSided ? widened : { minimum: end, maximum: start });
}

/** The window that shows the smallest of these values in the grey of {@link DARK}, and the largest as far from white. */
function windowBetween(voiLutFunction: VoiLutFunction, { minimum, maximum }: ValueRange): Window | undefined {
  if (voiLutFunction === 'SIGMOID') {
    const width = (2 * (maximum - minimum)) / Math.log((1 - DARK) / DARK);
    return { voiLutFunction, center: (minimum + maximum) / 2, width };
  }
  const beyond = ((maximum - minimum) * DARK) / (1 - 2 * DARK);
  return windowOver(voiLutFunction, { minimum: minimum - beyond, maximum: maximum + beyond });
}
