import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** The estimate's time grows with the square of the length; what is longer is strong by then. */
const LONGEST = 80;

const meter = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** How many guesses a passphrase takes, as a decimal logarithm. */
export function guessesLog10(passphrase: string): number {
  try {
    return meter.check(passphrase.slice(0, LONGEST)).guessesLog10;
  } finally {
    // It keeps what it estimated last for as long as the page lasts.
    meter.check('');
  }
}
