import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** The estimate's time grows with the square of the length; what is longer is strong by then. */
const LONGEST = 80;

const meter = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** How many guesses a passphrase takes, as a decimal logarithm. */
export const guessesLog10 = (passphrase: string): number =>
  meter.check(passphrase.slice(0, LONGEST)).guessesLog10;
