import { paddingCodes } from './bands';
import { type Frame, signBit, upperBitsOf, valueMask } from './frame';

/** The codes of a frame's pixels. */
type Codes = Frame['samples'];

/** The codes of each pixel's first sample; the frame's own cells where they are that already. */
function firstSampleCodes(frame: Frame): Codes {
  const { samples, samplesPerPixel, signed } = frame;
  if (samplesPerPixel === 1 && !signed && upperBitsOf(frame) === 'zero') return samples;
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const codes = new Uint16Array(frame.width * frame.height);
  for (let pixel = 0, i = 0; pixel < codes.length; pixel++, i += samplesPerPixel) {
    codes[pixel] = (samples[i] & mask) ^ flip;
  }
  return codes;
}

/** The smallest and the largest code. */
function spanOf(codes: Codes): { minimum: number; maximum: number } {
  let minimum = codes[0];
  let maximum = codes[0];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code < minimum) minimum = code;
    if (code > maximum) maximum = code;
  }
  return { minimum, maximum };
}

/**
 * The thresholds to try: the middles between the smallest and the largest code, with known padding
 * left out and with the outermost values left out (unknown padding). Bands lie in the outer quarters
 * of the range in use, so the first one nearly always does.
 */
export function* thresholds(frame: Frame): Generator<[threshold: number, codes: Codes]> {
  const codes = firstSampleCodes(frame);
  const { minimum, maximum } = spanOf(codes);
  if (minimum === maximum) return;
  const first = Math.ceil((minimum + maximum) / 2);
  yield [first, codes];
  for (const threshold of furtherThresholds(frame, codes, minimum, maximum)) {
    if (threshold !== first) yield [threshold, codes];
  }
}

function furtherThresholds(frame: Frame, codes: Codes, minimum: number, maximum: number): Set<number> {
  const occurs = new Uint8Array(65536);
  for (let i = 0; i < codes.length; i++) occurs[codes[i]] = 1;
  const padding = paddingCodes(frame) ?? { minimum: -1, maximum: -1 };
  const second = occurs.indexOf(1, minimum + 1);
  const secondLast = occurs.lastIndexOf(1, maximum - 1);
  const inUse = occurs.fill(0, Math.max(0, padding.minimum), padding.maximum + 1);
  const ranges = [
    [inUse.indexOf(1), inUse.lastIndexOf(1)],
    [second, maximum],
    [minimum, secondLast],
    [second, secondLast],
  ];
  const middles = ranges
    .filter(([low, high]) => low >= 0 && high > low)
    .map(([low, high]) => Math.ceil((low + high) / 2));
  return new Set(middles);
}
