import { type JobOptions, KeyAreaError, type Secret } from '../engine/index';
import { builtIn } from './defaults';
import { readIdentities, readPassphrase } from './files';

/** The options that name a key to open with. */
export interface SecretOptions {
  readonly passphraseFile?: string;
  readonly identity?: readonly string[];
}

/** The options that name who can open. */
export interface ReaderOptions {
  readonly passphraseFile?: string;
  readonly recipient?: readonly string[];
  readonly recovery?: readonly string[];
  /** Of a recipient: opens what an earlier run left. */
  readonly identity?: readonly string[];
  readonly workFactor?: number;
}

/** Reads the key to open with. Throws `invalid-argument` where not exactly one kind is given. */
export async function readSecret({ passphraseFile, identity }: SecretOptions): Promise<Secret> {
  if (passphraseFile !== undefined && identity === undefined) {
    return { passphrase: await readPassphrase(passphraseFile) };
  }
  if (identity !== undefined && passphraseFile === undefined) {
    const identities: string[] = [];
    for (const path of identity) identities.push(...(await readIdentities(path)));
    if (identities.length === 0) {
      throw new KeyAreaError('invalid-argument', 'There is no identity (AGE-SECRET-KEY-...) in the file.');
    }
    return { identities };
  }
  throw new KeyAreaError('invalid-argument', 'Give --passphrase-file or --identity.');
}

/**
 * Reads who can open what is protected; which combinations make sense is the engine's to say. The
 * recovery recipients that the program was built with, from `.ohifrc`, always can.
 */
export async function readReaders(
  options: ReaderOptions,
): Promise<Pick<JobOptions, 'passphrase' | 'recipients' | 'recoveryRecipients' | 'workFactor'>> {
  const { passphraseFile, recipient, recovery = [], workFactor } = options;
  return {
    ...(passphraseFile === undefined ? {} : { passphrase: await readPassphrase(passphraseFile) }),
    ...(recipient === undefined ? {} : { recipients: recipient }),
    recoveryRecipients: [...new Set([...builtIn().recoveryKeys, ...recovery])],
    ...(workFactor === undefined ? {} : { workFactor }),
  };
}
