import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from './files.mjs';
import { readOhifrc } from './ohifrc.mjs';
import { cacheFolder, distFolder, projectFolder, ScriptError } from './project.mjs';
import { runTool } from './run.mjs';

/** Everything that a build depends on. */
const SOURCES = [
  'src',
  'schema',
  'scripts/engine.tsconfig.json',
  'scripts/webpack',
  'webpack.config.js',
  'package.json',
  'package-lock.json',
  '.ohifrc',
];

const stampFile = join(cacheFolder, 'built');

/** Builds dist/ unless it was built from just these sources. */
export async function ensureBuilt() {
  const digest = await sourcesDigest();
  const built = await readFile(stampFile, 'utf8').catch(() => '');
  const made = ['ohif', 'ohif-umd', 'ohif2.umd.js', 'engine/engine.d.ts', 'cli.cjs'].every((name) =>
    existsSync(join(distFolder, name)),
  );
  if (built === digest && made) return;
  await build(digest);
}

/**
 * @param {string} [digest] of the sources as they are
 * @throws {ScriptError}
 */
export async function build(digest) {
  const sources = digest ?? (await sourcesDigest());
  await readOhifrc();
  process.stdout.write('Building ...\n');
  await runStep('webpack-cli/bin/cli.js', ['--no-color', '--fail-on-warnings']);
  // The engine's types as one file; tsc checks the sources.
  await runStep('dts-bundle-generator/dist/bin/dts-bundle-generator.js', [
    ...['--project', 'scripts/engine.tsconfig.json', '--no-check', '--no-banner'],
    ...['--export-referenced-types=false', '--out-file', join('dist', 'engine', 'engine.d.ts')],
    join('src', 'engine', 'standalone.ts'),
  ]);
  await chmod(join(distFolder, 'cli.cjs'), 0o755);
  await mkdir(cacheFolder, { recursive: true });
  await writeFile(stampFile, sources);
}

/**
 * Builds what a webpack configuration of a tool of the project's own says.
 *
 * @param {string} configuration its path
 * @throws {ScriptError}
 */
export const buildWith = (configuration) =>
  runStep('webpack-cli/bin/cli.js', ['--no-color', '--config', configuration]);

/**
 * @param {string} tool
 * @param {string[]} args
 * @throws {ScriptError}
 */
async function runStep(tool, args) {
  const { code, output } = await runTool(tool, args);
  if (code !== 0) throw new ScriptError(`The build failed.\n${output}`);
}

async function sourcesDigest() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await listFiles(join(projectFolder, source)))
      hash.update(`${file}\0`).update(await readFile(file));
  }
  return hash.digest('hex');
}
