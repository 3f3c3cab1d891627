import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Every file below a folder, in the order of their paths; the file itself for a file.
 *
 * @param {string} path
 * @returns {Promise<string[]>}
 */
export async function listFiles(path) {
  if ((await stat(path)).isFile()) return [path];
  const names = await readdir(path, { recursive: true });
  const paths = names.map((name) => join(path, name)).sort();
  const areFiles = await Promise.all(paths.map(async (file) => (await stat(file)).isFile()));
  return paths.filter((_, index) => areFiles[index]);
}
