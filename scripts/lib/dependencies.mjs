import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from './project.mjs';
import { runNpm } from './run.mjs';

/** @typedef {{ version?: string, optional?: boolean, peer?: boolean }} LockedPackage */
/** @typedef {Record<string, LockedPackage>} LockedPackages by their place, such as `node_modules/react` */

/** Runs `npm ci` unless node_modules already holds what the lock file asks for. */
export async function ensureDependencies() {
  const locked = await readPackages(join(projectFolder, 'package-lock.json'));
  const installed = await readPackages(join(projectFolder, 'node_modules', '.package-lock.json')).catch(
    () => ({}),
  );
  if (isInstalled(locked, installed)) return;
  process.stdout.write('Installing the dependencies ...\n');
  await runNpm(['ci'], 'Installing the dependencies');
}

/**
 * @param {string} path
 * @returns {Promise<LockedPackages>}
 */
async function readPackages(path) {
  return JSON.parse(await readFile(path, 'utf8')).packages;
}

/**
 * Whether every package of the lock file is there in its version. Optional ones are for other
 * platforms and may be missing.
 *
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed what npm notes about its own work in node_modules
 */
export function isInstalled(locked, installed) {
  return Object.entries(locked).every(([place, { version, optional }]) => {
    const found = installed[place];
    return place === '' || (found ? found.version === version : optional === true);
  });
}
