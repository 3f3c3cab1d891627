import { readFile } from 'node:fs/promises';
import { listFiles } from './files.mjs';
import { distFolder } from './project.mjs';
import { npm } from './run.mjs';

/** Severities that fail the check. */
const GRAVE = ['high', 'critical'];

/**
 * What an audit came to: advisories, one a line, none being an empty text; or why nobody could be asked.
 *
 * @typedef {{ advisories: string } | { unasked: string }} Audit
 */

/**
 * Asks the registry for known weaknesses of the packages that went into the build. Those of tools that only
 * build and test are not counted.
 */
export async function auditShipped() {
  const { output } = await npm(['audit', '--json', '--fetch-retries=0', '--fetch-timeout=30000']);
  return readAudit(output, await shippedPackages());
}

/** The names of packages in a build, as it lists them with their licences. */
async function shippedPackages() {
  const names = new Set();
  for (const file of await listFiles(distFolder)) {
    if (!file.endsWith('THIRD_PARTY_NOTICES.txt')) continue;
    const titles = (await readFile(file, 'utf8')).matchAll(/^-{80}\n(\S+) \S+ \(/gm);
    for (const [, name] of titles) names.add(name);
  }
  if (names.size === 0) throw new Error('The build lists no package that it holds.');
  return names;
}

/**
 * @param {string} output what npm wrote: a report has its counts, and what else it says is no answer
 * @param {ReadonlySet<string>} shipped names of packages
 * @returns {Audit}
 */
export function readAudit(output, shipped) {
  const report = reportIn(output);
  if (typeof report?.metadata?.vulnerabilities?.total !== 'number') {
    return { unasked: 'the registry does not answer audits' };
  }
  const grave = Object.entries(report.vulnerabilities).filter(
    ([name, { severity }]) => shipped.has(name) && GRAVE.includes(severity),
  );
  return { advisories: grave.map(([name, { severity }]) => `${name}: ${severity}`).join('\n') };
}

/** @param {string} output JSON between lines of warnings */
function reportIn(output) {
  try {
    return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}
