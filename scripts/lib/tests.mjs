import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { auditShipped } from './audit.mjs';
import { ensureBuilt } from './build.mjs';
import { cacheFolder } from './project.mjs';
import { runTool } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Runs every check and test one after the other, each to its end, and sums them up.
 *
 * @param {string} browser the program that the browser tests run in
 * @returns {Promise<Counts>}
 */
export async function runTests(browser) {
  return sum([
    await check('Types', () => runTool('typescript/bin/tsc', ['--noEmit'])),
    await check('Lint', () => runTool('@biomejs/biome/bin/biome', ['check', '.'])),
    await check('Unused code', () => runTool('knip/bin/knip.js', ['--no-progress'])),
    await check('Build', ensureBuilt),
    await audit(),
    await check('Package', () => runTool('publint/src/cli.js', ['--strict'])),
    await check('API page', () => runTool('typedoc/bin/typedoc', [])),
    await jest('Unit tests', 'jest.config.js'),
    await jest('Browser tests', 'jest.browser.config.js', { KEY_AREA_BROWSER: browser }),
  ]);
}

/**
 * A check that passes or fails as a whole.
 *
 * @param {string} name
 * @param {() => Promise<{ code: number, output: string } | void>} body fails by its exit code or by throwing
 * @returns {Promise<Counts>}
 */
async function check(name, body) {
  const failure = await body().then(
    (result) => (result && result.code !== 0 ? result.output : undefined),
    (error) => String(error instanceof Error ? error.message : error),
  );
  process.stdout.write(`${name}: ${failure === undefined ? 'passed' : `failed\n${failure}`}\n`);
  return { passed: failure === undefined ? 1 : 0, failed: failure === undefined ? 0 : 1, skipped: 0 };
}

/**
 * Known weaknesses of what went into the build; skipped where nobody answers.
 *
 * @returns {Promise<Counts>}
 */
async function audit() {
  const result = await auditShipped();
  if ('advisories' in result) {
    return check('Audit', async () => ({
      code: result.advisories === '' ? 0 : 1,
      output: result.advisories,
    }));
  }
  process.stdout.write(`Audit: skipped, ${result.unasked}\n`);
  return { passed: 0, failed: 0, skipped: 1 };
}

/**
 * @param {string} name
 * @param {string} configuration
 * @param {NodeJS.ProcessEnv} [env] more of it
 * @returns {Promise<Counts>}
 */
async function jest(name, configuration, env) {
  const report = join(cacheFolder, `${configuration}.json`);
  await mkdir(cacheFolder, { recursive: true });
  await rm(report, { force: true });
  process.stdout.write(`${name}:\n`);
  const args = ['--config', configuration, '--json', '--outputFile', report, '--ci'];
  const { code } = await runTool('jest/bin/jest.js', args, {
    show: true,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return jestCounts(await readFile(report, 'utf8').catch(() => ''), code);
}

/**
 * Counts what jest reports; a file that could not be run at all counts as one failure.
 *
 * @param {string} report jest's JSON, empty if it left none
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function jestCounts(report, code) {
  if (report === '') return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
    JSON.parse(report);
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return {
    passed: numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  };
}

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export function sum(counts) {
  return counts.reduce((total, { passed, failed, skipped }) => ({
    passed: total.passed + passed,
    failed: total.failed + failed,
    skipped: total.skipped + skipped,
  }));
}
