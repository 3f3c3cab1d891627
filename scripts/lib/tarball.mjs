import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ScriptError } from './project.mjs';

const BLOCK = 512;

/**
 * Unpacks the regular files of a gzipped tar archive (POSIX ustar and pax), as npm makes them, so that
 * no tar program is needed.
 *
 * @param {Uint8Array} archive
 * @param {string} folder where to; made if missing
 * @throws {ScriptError} when an entry would leave the folder
 */
export async function unpackTarball(archive, folder) {
  const tar = gunzipSync(archive);
  const root = resolve(folder);
  let longPath = '';
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(tar, at + 124, 12).trim() || '0', 8);
    const type = text(tar, at + 156, 1) || '0';
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (type === 'x') {
      longPath = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1] ?? '';
    } else {
      const prefix = text(tar, at + 345, 155);
      const path = longPath || (prefix ? `${prefix}/${text(tar, at, 100)}` : text(tar, at, 100));
      longPath = '';
      if (type === '0') await writeInside(root, path, content);
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/**
 * @param {Buffer} tar
 * @param {number} start
 * @param {number} length
 */
function text(tar, start, length) {
  const field = tar.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/**
 * @param {string} root
 * @param {string} path
 * @param {Buffer} content
 */
async function writeInside(root, path, content) {
  const file = resolve(join(root, path));
  if (!file.startsWith(root + sep))
    throw new ScriptError(`The archive wants to write outside its folder: ${path}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
