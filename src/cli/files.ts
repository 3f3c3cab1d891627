import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeyAreaError } from '../engine/index';
import { isFileError } from './fileErrors';

/** What stands for standard input in place of a path. */
export const STANDARD_STREAM = '-';

/** Standard input can be read once. Throws `invalid-argument` where more than one of `paths` is `-`. */
export function checkStandardInput(paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => path === STANDARD_STREAM).length > 1) {
    throw new KeyAreaError('invalid-argument', 'Standard input (-) can stand for one file only.');
  }
}

/** What a file is called while it is written. */
const PARTIAL = /^\..*\.partial$/;

/** True for the name of a file that a run which was killed may have left half written. */
export const isPartial = (name: string): boolean => PARTIAL.test(name);

/** Writes a file whole or not at all; missing folders are made. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  // Of one length whatever the file is called: names are bounded.
  const partial = join(folder, `.${randomUUID()}.partial`);
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw isFileError(error) ? Object.assign(error, { path }) : error;
  }
}

/** Reads a file's bytes; `-` is standard input. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path !== STANDARD_STREAM) return readFile(path);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Reads a text file in UTF-8, a byte order mark left out. Throws `invalid-argument` for other encodings. */
export async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(path));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new KeyAreaError('invalid-argument', `${path} is not UTF-8 text. Save it as UTF-8.`);
  }
}

/** Reads a passphrase: the file's text without the line end that editors add. */
export async function readPassphrase(path: string): Promise<string> {
  return (await readText(path)).replace(/\r?\n$/, '');
}

/** Reads age identities: one a line, as `age-keygen` writes them, comments left out. */
export async function readIdentities(path: string): Promise<string[]> {
  const lines = (await readText(path)).split(/\r?\n/).map((line) => line.trim());
  if (lines[0] === 'age-encryption.org/v1' || lines[0] === '-----BEGIN AGE ENCRYPTED FILE-----') {
    throw new KeyAreaError(
      'invalid-argument',
      `The identities in ${path} are encrypted. Decrypt them first (age --decrypt), or give them on standard input (-).`,
    );
  }
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
