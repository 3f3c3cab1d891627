import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, ScriptError } from './project.mjs';
import { runNpm } from './run.mjs';
import { unpackTarball } from './tarball.mjs';

/** @typedef {{ package: string, version: string, integrity: string }} PinnedViewer */

/**
 * The folder of an unmodified viewer's package. It is fetched once as a single tarball by the user's own
 * npm (so their registry and proxy apply), checked against the pinned digest and unpacked; it is never
 * a dependency of this project.
 *
 * @param {PinnedViewer} viewer
 * @returns {Promise<string>}
 * @throws {ScriptError} when it cannot be fetched or is not the pinned one
 */
export async function ensureViewer(viewer) {
  const name = `${viewer.package}@${viewer.version}`;
  const folder = join(cacheFolder, 'viewers', name.replace(/^@/, '').replaceAll('/', '-'));
  if (existsSync(folder)) return folder;
  process.stdout.write(`Fetching the viewer ${name} ...\n`);
  await mkdir(join(cacheFolder, 'viewers'), { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'viewers', 'fetching-'));
  try {
    await runNpm(['pack', name, '--pack-destination', work], `Fetching ${name}`);
    const tarball = (await readdir(work)).find((file) => file.endsWith('.tgz'));
    if (!tarball) throw new ScriptError(`npm pack ${name} left no archive`);
    const archive = await readFile(join(work, tarball));
    checkIntegrity(archive, viewer.integrity, name);
    await unpackTarball(archive, join(work, 'unpacked'));
    await rename(join(work, 'unpacked', 'package'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {Uint8Array} archive
 * @param {string} integrity as npm writes it: `sha512-` and base64
 * @param {string} name
 * @throws {ScriptError}
 */
export function checkIntegrity(archive, integrity, name) {
  const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (found === integrity) return;
  throw new ScriptError(`${name} is not the one pinned in .ohifrc: expected ${integrity}, found ${found}`);
}
