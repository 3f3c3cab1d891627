import { KeyAreaError } from '../../engine/errors';
import type { Identity } from '../restore/restoring';

/** What an age identity begins with. */
export const SECRET_KEY = 'AGE-SECRET-KEY-';

/** Identity files are a few lines; bytes beyond this are not read. */
const LARGEST = 64 * 1024;

/** Reads an age identity file: one identity a line, comments left out. Throws `invalid-argument`. */
export async function readIdentityFile(file: File): Promise<Identity> {
  const text = file.size <= LARGEST ? await file.text() : '';
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0 || !identities.every((line) => line.startsWith(SECRET_KEY))) {
    throw new KeyAreaError(
      'invalid-argument',
      'This is not an age identity file: it has lines that start with AGE-SECRET-KEY-, as age-keygen writes them. Encrypted ones are not read.',
    );
  }
  return { name: file.name, identities };
}
