import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KeyAreaError } from '../engine/index';

const isDirectory = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/**
 * Where each input's output goes: `output` itself for one input, unless it is a folder; else into the
 * folder `output`, under the input's name. Throws `invalid-argument` where an output would replace an
 * input or another output.
 */
export async function outputPaths(
  inputs: readonly string[],
  output: string,
  report?: string,
): Promise<string[]> {
  const intoFolder = inputs.length > 1 || /[/\\]$/.test(output) || (await isDirectory(output));
  const paths = inputs.map((input) => (intoFolder ? join(output, basename(input)) : output));
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  const taken = new Set(await Promise.all(inputs.map(real)));
  for (const path of report === undefined ? paths : [...paths, report]) {
    const target = await real(path);
    if (taken.has(target)) {
      throw new KeyAreaError(
        'invalid-argument',
        `The output ${path} would replace an input or another output. Choose another folder or name.`,
      );
    }
    taken.add(target);
  }
  return paths;
}

/** Standard input can be read once. Throws `invalid-argument` where more than one of `paths` is `-`. */
export function checkStandardInput(paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => path === '-').length > 1) {
    throw new KeyAreaError('invalid-argument', 'Standard input (-) can stand for one file only.');
  }
}

/** Writes a file whole or not at all; missing folders are made. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Reads a file's bytes; `-` is standard input. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path !== '-') return readFile(path);
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
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
