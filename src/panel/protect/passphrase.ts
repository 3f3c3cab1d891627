/** Words of a generated passphrase; each is one of 2048, so there are 77 random bits in 7. */
const WORDS = 7;
const WORDS_IN_LIST = 2048;

/**
 * Seven random words of the English list of BIP 39, whose words are told apart by their first four
 * letters: a passphrase of 77 bits that can be dictated. The list is loaded when first needed.
 */
export async function generatePassphrase(): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  // 2^16 is a multiple of the list's length, so each word comes up equally often.
  return Array.from(
    crypto.getRandomValues(new Uint16Array(WORDS)),
    (number) => wordlist[number % WORDS_IN_LIST],
  ).join('-');
}

/** Shorter ones are refused: whoever has the picture can try as many as they like. */
export const MINIMUM_LENGTH = 8;

/** How long a passphrase withstands whoever has the picture and tries passphrases, likely ones first. */
export type Strength = 'weak' | 'fair' | 'strong';

/**
 * From so many guesses on (log10). A guess costs about a second of one core and 256 MiB, so 10^8 are 3
 * years of a core, and 10^12 are 30 000 years.
 */
const FAIR = 8;
const STRONG = 12;

/** Estimates by zxcvbn (Wheeler, USENIX Security 2016), which is loaded when first needed. */
export async function estimateStrength(passphrase: string): Promise<Strength> {
  const { guessesLog10 } = await import('../parts/strengthMeter');
  const guesses = guessesLog10(passphrase);
  if (guesses < FAIR) return 'weak';
  return guesses < STRONG ? 'fair' : 'strong';
}
