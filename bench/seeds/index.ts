import { histogramShifting } from './histogramShifting';
import { keyRegion } from './keyRegion';
import type { Method } from './method';
import { mostFrequentValue } from './mostFrequentValue';
import { permutation } from './permutation';
import { xorPad } from './xorPad';

/** The methods that this project started from, each as its source describes it; `key` is 32 bytes. */
export const seedMethods = (key: Uint8Array): Method[] => [
  mostFrequentValue,
  histogramShifting,
  keyRegion(key),
  permutation(key),
  xorPad,
];
