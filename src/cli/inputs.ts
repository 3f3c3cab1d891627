import { once } from 'node:events';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { throwIfCancelled } from '../dicom/options';
import { KeyAreaError } from '../engine/index';
import { isPartial, readBytes, STANDARD_STREAM } from './files';
import { examine, type Heading } from './heading';

/** One image to work on. */
export interface Input {
  /** As it is called in what is printed. */
  readonly name: string;
  /** Where its output goes below the folder for the outputs. */
  readonly place: string;
  readonly heading: Heading | undefined;
  /** Bytes of the caller's own, each time. */
  read(): Promise<Uint8Array>;
}

/** What a command was given to work on. */
export interface Inputs {
  readonly images: readonly Input[];
  /** Files in the folders that are no DICOM images. */
  readonly skipped: number;
  /** A folder, a study or several files: their outputs need a folder, and a summary is worth reading. */
  readonly many: boolean;
}

/** What listing files takes into account. */
export interface ListOptions {
  /** Aborted where the user gives up. */
  readonly signal: AbortSignal;
  /** Where the outputs go. */
  readonly output?: string | undefined;
}

/**
 * The files given, and the DICOM Part 10 files in the folders given, at any depth, known by their
 * content; a file called `.dcm` that is none, and a folder that cannot be listed, are refused when they
 * are read. Links to folders are not followed, and `output` is left out where it lies in a folder given.
 *
 * Throws `not-dicom` where there is nothing to work on.
 */
export async function listFiles(paths: readonly string[], { signal, output }: ListOptions): Promise<Inputs> {
  const images: Input[] = [];
  let skipped = 0;
  let many = paths.length > 1;
  const leftOut = output === undefined ? undefined : await realpath(output).catch(() => undefined);
  for (const path of paths) {
    // What cannot be looked at is refused, by its name, where it is read.
    const there = path === STANDARD_STREAM ? undefined : await stat(path).catch(() => undefined);
    if (path === STANDARD_STREAM || (there && !there.isFile() && !there.isDirectory())) {
      images.push(streamInput(path, signal));
      continue;
    }
    if (there?.isDirectory() !== true) {
      images.push(await fileInput(path, basename(path)));
      continue;
    }
    many = true;
    const folder = paths.length > 1 ? basename(resolve(path)) : '';
    for (const listed of await filesBelow(path, leftOut)) {
      const place = join(folder, relative(path, listed.path));
      const input =
        listed.failure === undefined
          ? await fileInput(listed.path, place, true)
          : unreadable(listed.path, place, listed.failure);
      if (input) images.push(input);
      else skipped++;
    }
  }
  if (images.length === 0) {
    throw new KeyAreaError('not-dicom', `There is no DICOM file in ${paths.join(', ')}.`);
  }
  return { images, skipped, many };
}

async function fileInput(path: string, place: string): Promise<Input>;
async function fileInput(path: string, place: string, imagesOnly: true): Promise<Input | undefined>;
async function fileInput(path: string, place: string, imagesOnly = false): Promise<Input | undefined> {
  const file = await examine(path).catch(() => undefined);
  if (imagesOnly && file?.kind === 'other' && !file.calledImage) return undefined;
  const heading = file?.kind === 'image' ? file.heading : undefined;
  return { name: path, place, heading, read: () => readBytes(path) };
}

/** Standard input or a pipe: opened once, whatever it is read for, and waited for until the user gives up. */
function streamInput(path: string, signal: AbortSignal): Input {
  let bytes: Promise<Uint8Array> | undefined;
  const read = async (): Promise<Uint8Array> => {
    throwIfCancelled(signal);
    bytes ??= Promise.race([readBytes(path), whenGivenUp(signal)]);
    return Uint8Array.from(await bytes);
  };
  return { name: path, place: basename(path), heading: undefined, read };
}

async function whenGivenUp(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw new KeyAreaError('cancelled', 'Cancelled.');
}

/** Stands for what is in a folder that cannot be listed. */
const unreadable = (name: string, place: string, failure: unknown): Input => ({
  name,
  place,
  heading: undefined,
  read: () => Promise.reject(failure),
});

/** A file, or a folder that cannot be listed. */
interface Listed {
  readonly path: string;
  readonly failure?: unknown;
}

/** Every file below a folder, in the order of their names; hidden ones are files like others. */
async function filesBelow(folder: string, leftOut: string | undefined): Promise<Listed[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (failure) {
    return [{ path: folder, failure }];
  }
  const files: Listed[] = [];
  for (const entry of entries.sort(byName)) {
    const path = join(folder, entry.name);
    if (isPartial(entry.name)) continue;
    if (entry.isDirectory()) {
      if ((await realpath(path)) === leftOut) continue;
      // One by one: a call takes only so many arguments, and a folder may hold more files.
      for (const file of await filesBelow(path, leftOut)) files.push(file);
    } else if (entry.isFile() || (await isLinkToFile(entry, path))) files.push({ path });
  }
  return files;
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

const isLinkToFile = async (entry: Dirent, path: string): Promise<boolean> =>
  entry.isSymbolicLink() && ((await stat(path).catch(() => undefined))?.isFile() ?? false);

/** True where a path ends as paths of folders do. */
export const looksLikeFolder = (path: string): boolean => path.endsWith('/') || path.endsWith(sep);
