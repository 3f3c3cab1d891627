import { encodeText } from './encode';
import { type PixelLayout, storedValueRange } from './pixels';
import { type DicomFile, findElement, textOf } from './reader';
import type { Edit } from './splice';
import { TAG } from './tags';

/**
 * Window Center and Width (PS3.3, C.11.2.1.2) for a grayscale image that has none: viewers then window
 * it from its smallest to its largest value, and the QR code may reach beyond those. With the original's
 * extremes as window, the protected image is shown as the original is, and the QR code black and white.
 */
export function windowEdits(file: DicomFile, layout: PixelLayout): Edit[] {
  if (layout.samplesPerPixel !== 1 || layout.paletteRanks || hasWindow(file)) return [];
  const slope = numberOf(file, TAG.RescaleSlope, 1);
  const intercept = numberOf(file, TAG.RescaleIntercept, 0);
  const { minimum, maximum } = storedValueRange(file.bytes, layout);
  const [low, high] = [minimum, maximum].map((value) => value * slope + intercept).sort((a, b) => a - b);
  if (!Number.isFinite(low + high)) return [];
  const width = high - low + 1;
  const { coding } = file.transferSyntax;
  return [
    { tag: TAG.WindowCenter, bytes: encodeText(TAG.WindowCenter, 'DS', decimal(low + width / 2), coding) },
    { tag: TAG.WindowWidth, bytes: encodeText(TAG.WindowWidth, 'DS', decimal(width), coding) },
  ];
}

/** True where the file says how to window it, here or in a way that two values could not replace. */
function hasWindow(file: DicomFile): boolean {
  const others = [TAG.VOILUTSequence, TAG.ModalityLUTSequence, TAG.SharedFunctionalGroupsSequence];
  return others.some((tag) => findElement(file, tag)) || numberOf(file, TAG.WindowWidth, 0) >= 1;
}

/** The first value of a decimal string, `absent` where there is none. */
function numberOf(file: DicomFile, tag: number, absent: number): number {
  const [first] = (textOf(file, tag) ?? '').split('\\');
  const value = Number.parseFloat(first);
  return Number.isNaN(value) ? absent : value;
}

/** At most 16 characters (PS3.5, table 6.2-1). */
const decimal = (value: number): string => String(Number(value.toPrecision(9)));
