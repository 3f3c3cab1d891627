/** No 0, 1, I, l, O: characters that can be taken for one another on paper. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 20;
const GROUP = 5;

/** 20 random characters in groups of five: 32 to the power of 20 are possible, 100 bits. */
export function generatePassphrase(): string {
  // 256 is a multiple of the alphabet's 32 characters, so each comes up equally often.
  const characters = Array.from(
    crypto.getRandomValues(new Uint8Array(LENGTH)),
    (byte) => ALPHABET[byte % ALPHABET.length],
  );
  const groups: string[] = [];
  for (let start = 0; start < LENGTH; start += GROUP)
    groups.push(characters.slice(start, start + GROUP).join(''));
  return groups.join('-');
}

/** Shorter ones are refused: whoever has the picture can try as many as they like. */
export const MINIMUM_LENGTH = 8;
/** From here on a passphrase is not called short; whether it is hard to guess is another matter. */
const COMFORTABLE_LENGTH = 20;

export const isShort = (passphrase: string): boolean => passphrase.length < COMFORTABLE_LENGTH;
