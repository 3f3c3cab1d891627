import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeyAreaError } from '../engine/index';
import { CommandError } from './commandError';
import { fileError, isFileError, isOutOfMemory, TOO_LARGE_TO_READ } from './fileErrors';

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

/** Of one length whatever the file is called: names are bounded. */
const partialBeside = (path: string): string => join(dirname(path), `.${randomUUID()}.partial`);

/** Puts a file that is written where it belongs. */
export type Place = () => Promise<void>;

/**
 * Writes a file whole or not at all, in place of one that is there; missing folders are made. Where `along`,
 * which comes right after it, fails, what was there before is there again.
 */
export const writeWhole = (path: string, content: Uint8Array | string, along?: Place): Promise<void> =>
  withPartial(path, content, placing(path, along));

/** The same where nothing is to be replaced. Throws `output-exists` where something is there. */
export const writeNew = (path: string, content: Uint8Array | string, along?: Place): Promise<void> =>
  withPartial(path, content, placing(path, along), moveToNew);

const placing =
  (path: string, along: Place | undefined) =>
  (place: Place): Promise<void> =>
    along === undefined ? place() : placeAlong(path, place, along);

/** Writes a file beside its place for work that puts it there; it is gone where the work does not. */
export async function withPartial<T>(
  path: string,
  content: Uint8Array | string,
  work: (place: Place) => Promise<T>,
  move: (partial: string, path: string) => Promise<void> = rename,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const partial = partialBeside(path);
  try {
    // On the disk before it has its name: what has that is whole after a power cut too.
    await naming(path, writeFile(partial, content, { flush: true }));
    return await work(() => naming(path, move(partial, path)));
  } finally {
    await rm(partial, { force: true });
  }
}

/** Moves a file, or leaves a link to it behind, where nothing is; looking and moving are one. */
async function moveToNew(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw alreadyThere(path);
    // Not every file system has links.
    moveToKeptPlace(partial, path);
  }
}

/**
 * An empty file keeps the place, and is replaced in the same breath: nothing of this run comes between, and whoever
 * kills it, or reads what is there, hardly can.
 */
function moveToKeptPlace(partial: string, path: string): void {
  try {
    closeSync(openSync(path, 'wx'));
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? alreadyThere(path) : error;
  }
  try {
    renameSync(partial, path);
  } catch (failure) {
    rmSync(path, { force: true });
    throw failure;
  }
}

const hasCode = (error: unknown, code: string): boolean => isFileError(error) && error.code === code;

const alreadyThere = (path: string): CommandError =>
  new CommandError(
    'output-exists',
    `${path} was written by another run meanwhile, or the folder takes it for the name of another output. Let one run at a time write to a folder, then run the command again, or choose another folder.`,
  );

async function placeAlong(path: string, place: Place, along: Place): Promise<void> {
  const before = partialBeside(path);
  try {
    const wasThere = await naming(path, copyIfThere(path, before));
    await place();
    try {
      await along();
    } catch (error) {
      await (wasThere ? rename(before, path) : rm(path, { force: true }));
      throw error;
    }
  } finally {
    await rm(before, { force: true });
  }
}

/** Copies a file; false where there is none. */
async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** What the operating system says is said of the file that is meant, not of a partial one. */
async function naming<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isOutOfMemory(error)) throw fileError('ENOMEM', path, error);
    throw isFileError(error) ? Object.assign(error, { path }) : error;
  }
}

/** Most bytes that Node reads of a file. */
const MAX_LENGTH = 2 ** 31 - 1;

/** Reads a file's bytes; `-` is standard input. */
export function readBytes(path: string): Promise<Uint8Array> {
  return naming(path, path === STANDARD_STREAM ? readStandardInput() : readFile(path));
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += chunk.length;
    if (length > MAX_LENGTH) throw fileError(TOO_LARGE_TO_READ, STANDARD_STREAM);
  }
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
