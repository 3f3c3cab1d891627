import { access, constants, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Likeness } from '../dicom/index';
import type { ObjectUids } from '../dicom/web/wadoRs';
import { KeyAreaError } from '../engine/index';
import { CommandError } from './commandError';
import { type Place, STANDARD_STREAM, writeNew, writeWhole } from './files';
import { type Input, type Inputs, looksLikeFolder } from './inputs';

/** An object that lies where an output goes. */
export interface Found {
  /** What to call it. */
  readonly name: string;
  readonly file: Uint8Array;
}

/** An output where it belongs. */
export interface Output {
  /** What to call it. */
  readonly name: string;
  /** Whether what lies there has other attributes than what was written. */
  readonly attributesChanged: boolean;
}

/** One that an earlier run may have left, and the input that it may have been made of. */
export interface Remnant extends Found {
  readonly input: Input;
}

/** Where outputs go. */
export interface Destination {
  /**
   * True where outputs of different jobs lie beside each other, as objects with UIDs of their own on a
   * server do: what cannot be gone on with is no obstacle there.
   */
  readonly keepsJobsApart: boolean;
  /** What an earlier run may have left of a series. */
  remnantsOf(series: readonly Input[]): AsyncIterable<Remnant>;
  /** What lies where the output of an input, which will have these UIDs, goes. */
  find(input: Input, uids: () => Promise<ObjectUids>): Promise<Found | undefined>;
  /** True where attributes of what lies there may be changed, as servers do. */
  readonly changesAttributes: boolean;
  /** How alike what lies there is to what would be written. */
  compare(found: Uint8Array, file: Uint8Array): Likeness;
  /**
   * Writes a whole object or none. Throws `output-exists` where something came there since
   * it was looked for, and is not to be replaced. Its report, where there is one, is placed once the
   * object is there. Where that fails, the object is taken back, or, from where it cannot be, `report-missing`
   * is thrown.
   */
  write(input: Input, file: Uint8Array, uids: ObjectUids, placeReport?: Place): Promise<Output>;
}

const sameBytes = (found: Uint8Array, file: Uint8Array): boolean => Buffer.compare(found, file) === 0;

const compareBytes = (found: Uint8Array, file: Uint8Array): Likeness =>
  sameBytes(found, file) ? 'same' : 'other';

/** One file, which is replaced where it is there already. */
function fileDestination(path: string): Destination {
  return {
    keepsJobsApart: false,
    async *remnantsOf() {},
    find: async () => undefined,
    changesAttributes: false,
    compare: compareBytes,
    write: async (_, file, __, placeReport) => {
      await writeWhole(path, file, placeReport);
      return { name: path, attributesChanged: false };
    },
  };
}

/** A folder that mirrors the inputs', in which nothing is replaced. */
function folderDestination(folder: string): Destination {
  const pathOf = ({ place }: Input): string => join(folder, place);
  const find = async (input: Input): Promise<Found | undefined> => {
    try {
      return { name: pathOf(input), file: await readFile(pathOf(input)) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return {
    keepsJobsApart: false,
    async *remnantsOf(series) {
      for (const input of series) {
        const found = await find(input);
        if (found) yield { input, ...found };
      }
    },
    find,
    changesAttributes: false,
    compare: compareBytes,
    write: async (input, file, _, placeReport) => {
      try {
        await writeNew(pathOf(input), file, placeReport);
      } catch (error) {
        // Another run may have written the same.
        const found = isOutputExists(error) ? await find(input) : undefined;
        if (!found || !sameBytes(found.file, file)) throw error;
        await placeReport?.();
      }
      return { name: pathOf(input), attributesChanged: false };
    },
  };
}

const isOutputExists = (error: unknown): boolean =>
  error instanceof CommandError && error.reason === 'output-exists';

/**
 * The file or the folder that outputs go to, and the paths of all of them. Throws `invalid-argument`
 * where several would go to one file.
 */
export async function localDestination(
  { images, many }: Inputs,
  output: string,
): Promise<{ readonly destination: Destination; readonly paths: string[] }> {
  const isFolder = (await stat(output).catch(() => undefined))?.isDirectory() ?? false;
  const intoFolder = many || looksLikeFolder(output) || isFolder;
  if (many && !isFolder && (await exists(output))) {
    throw new KeyAreaError('invalid-argument', `${output} is a file. Name a folder for the outputs.`);
  }
  const paths = images.map(({ place }) => (intoFolder ? join(output, place) : output));
  return { destination: intoFolder ? folderDestination(output) : fileDestination(output), paths };
}

/**
 * Checks the files that a command is going to write, before it does any work. Throws `invalid-argument`
 * where two of the `outputs` are the same file, or one of those that are `read`, or standard output, a
 * folder, a device; and what the operating system says where one of them cannot be written.
 */
export async function checkOutputs(read: readonly string[], outputs: readonly string[]): Promise<void> {
  const taken = new Set(await Promise.all(read.map(realPath)));
  for (const path of outputs) {
    if (path === STANDARD_STREAM) {
      throw new KeyAreaError(
        'invalid-argument',
        'An output has to be a file: standard output is for the results.',
      );
    }
    const there = await stat(path).catch(() => undefined);
    if (looksLikeFolder(path) || there?.isFile() === false) {
      throw new KeyAreaError('invalid-argument', `The output ${path} has to be a file. Choose another name.`);
    }
    const target = await realPath(path);
    if (taken.has(target)) {
      throw new KeyAreaError(
        'invalid-argument',
        `The output ${path} would replace a file that is read, or another output. Choose another folder or name.`,
      );
    }
    taken.add(target);
  }
  for (const folder of new Set(outputs.map((path) => dirname(path)))) await checkWritable(folder);
}

/** Throws what the operating system says where a folder cannot be written to, or made. */
async function checkWritable(folder: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined && dirname(path) !== path) continue;
    // What is no folder says so when it is listed.
    if (found?.isDirectory() !== true) await readdir(path);
    await access(path, constants.W_OK);
    return;
  }
}

const exists = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

const realPath = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
