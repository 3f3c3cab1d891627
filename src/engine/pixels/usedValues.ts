import { rangeOf } from '../kernels/cells';
import { type CodeRange, codeBits, type Frame, signBit, type ValueRange, valueMask } from './frame';

/** Which values a frame uses, and which of them are padding. */

/** Pixel padding as codes; undefined where the frame has none. */
export function paddingCodes(frame: Frame): CodeRange | undefined {
  if (frame.padding === undefined) return undefined;
  const zero = signBit(frame);
  return { minimum: frame.padding.minimum + zero, maximum: frame.padding.maximum + zero };
}

/** Padding that is given in codes, as stored values. */
export function paddingValues(frame: Frame, padding: CodeRange | undefined): ValueRange | undefined {
  const zero = signBit(frame);
  return padding && { minimum: padding.minimum - zero, maximum: padding.maximum - zero };
}

/** Padding as written: its smallest and largest code; 1 and 0 where there is none. */
export const paddingFields = (padding: CodeRange | undefined): readonly [number, number] =>
  padding ? [padding.minimum, padding.maximum] : [1, 0];

/** Padding as it was written. */
export const paddingOf = (minimum: number, maximum: number): CodeRange | undefined =>
  minimum <= maximum ? { minimum, maximum } : undefined;

/** The codes that occur in a frame, padding left out; the whole legal range where nothing else is there. */
export function usedRange(frame: Frame): CodeRange {
  const used = rangeOf(frame.samples, codeBits(frame), paddingCodes(frame));
  return used.minimum > used.maximum ? { minimum: 0, maximum: valueMask(frame) } : used;
}
