import { isAgeRecipient } from '../../../schema/ageRecipient.mjs';
import { SECRET_KEY } from '../files/identityFile';
import type { PanelSettings } from '../settings';
import type { Draft } from './draft';

/** The age public keys among pasted text, and what is none. */
export interface PastedRecipients {
  readonly keys: readonly string[];
  /** Beginnings of what is no age public key, as far as they can be told apart. */
  readonly wrong: readonly string[];
  /** A secret key is among them, which is to be pasted nowhere. */
  readonly hasSecret: boolean;
}

/** Enough of a key to find it among others. */
const SHOWN = 16;

/** Reads age public keys, separated by white space or commas; lines that begin with `#` are comments. */
export function readRecipients(text: string): PastedRecipients {
  const words = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((word) => word !== '');
  const wrong = words.filter((word) => !isAgeRecipient(word));
  return {
    keys: [...new Set(words.filter(isAgeRecipient))],
    hasSecret: wrong.some((word) => word.toUpperCase().startsWith(SECRET_KEY)),
    wrong: wrong.map(beginningOf),
  };
}

const beginningOf = (word: string): string => (word.length > SHOWN ? `${word.slice(0, SHOWN)}…` : word);

/** All keys that a draft names, each once. */
export const recipientsOf = ({ chosenRecipients, pastedRecipients }: Draft): string[] => [
  ...new Set([...chosenRecipients, ...readRecipients(pastedRecipients).keys]),
];

/** What the recipients of a draft are called: by the site, or else by how their keys begin. */
export const readersOf = (draft: Draft, { recipients }: Pick<PanelSettings, 'recipients'>): string[] =>
  recipientsOf(draft).map((key) => recipients.find((known) => known.key === key)?.name ?? beginningOf(key));

const isPostQuantum = (key: string): boolean => key.startsWith('age1pq1');

/** True where keys of both kinds are named, which cannot share an envelope. */
export const mixesKinds = (keys: readonly string[]): boolean =>
  keys.some(isPostQuantum) && !keys.every(isPostQuantum);
