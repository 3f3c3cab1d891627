import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ScriptError } from './project.mjs';
import { run, runTool } from './run.mjs';

const PROGRAMS = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];

const MAC_APPLICATIONS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_APPLICATIONS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * How each package manager installs a browser without asking anything. Homebrew refuses to run as root,
 * the others need to.
 */
const PACKAGE_MANAGERS = [
  {
    program: 'apt-get',
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium'],
    ],
    asRoot: true,
  },
  { program: 'dnf', commands: [['dnf', 'install', '--assumeyes', 'chromium']], asRoot: true },
  { program: 'pacman', commands: [['pacman', '-Sy', '--noconfirm', '--needed', 'chromium']], asRoot: true },
  { program: 'brew', commands: [['brew', 'install', '--cask', 'google-chrome']], asRoot: false },
];

/** Whether Chromium's sandbox has to be off: it refuses to run with it as root. */
export const isRoot = process.getuid?.() === 0;

/**
 * Finds a Chrome, Chromium or Edge for the tests, and installs one where there is none. Never asks.
 *
 * @returns {Promise<string>} its program
 * @throws {ScriptError} with the command to run
 */
export async function ensureBrowser() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (await works(chosen)) return chosen;
    throw new ScriptError(`CHROME_PATH is ${chosen}, which is not a browser that starts.`);
  }
  return (
    (await findInstalled()) ?? (await installByPackageManager()) ?? (await downloadByPlaywright()) ?? giveUp()
  );
}

/**
 * The places where browsers are installed on this platform.
 *
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string[]}
 */
export function candidates(platform, environment) {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(homedir(), 'Applications')];
    return folders.flatMap((folder) => MAC_APPLICATIONS.map((application) => `${folder}/${application}`));
  }
  if (platform === 'win32') {
    const { PROGRAMFILES, LOCALAPPDATA } = environment;
    const folders = [PROGRAMFILES, environment['PROGRAMFILES(X86)'], LOCALAPPDATA].filter((folder) => folder);
    return folders.flatMap((folder) =>
      WINDOWS_APPLICATIONS.map((application) => `${folder}\\${application}`),
    );
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)));
}

async function findInstalled() {
  for (const program of candidates(process.platform, process.env)) {
    if (existsSync(program) && (await works(program))) return program;
  }
  const downloaded = await playwrightBrowser();
  return existsSync(downloaded) && (await works(downloaded)) ? downloaded : undefined;
}

/**
 * Some distributions put a stub in the browser's place that only tells how to install it.
 *
 * @param {string} program
 */
async function works(program) {
  // On Windows a browser opens a window when it is asked for its version.
  if (process.platform === 'win32') return existsSync(program);
  const { code } = await run(program, ['--version']).catch(() => ({ code: 1 }));
  return code === 0;
}

async function installByPackageManager() {
  for (const { program, commands, asRoot } of PACKAGE_MANAGERS) {
    if (!(await exists(program))) continue;
    const prefix = asRoot && !isRoot ? ['sudo', '-n'] : [];
    if (prefix.length > 0 && (await run('sudo', ['-n', 'true']).catch(() => ({ code: 1 }))).code !== 0)
      continue;
    process.stdout.write(`Installing a browser for the tests with ${program} ...\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const command of commands) {
      const [first = '', ...args] = [...prefix, ...command];
      await run(first, args, { env });
    }
    const found = await findInstalled();
    if (found) return found;
  }
  return undefined;
}

/** @param {string} program */
async function exists(program) {
  if (process.platform === 'win32') return false;
  return (await run('sh', ['-c', `command -v ${program}`])).code === 0;
}

async function downloadByPlaywright() {
  process.stdout.write('Downloading a browser for the tests ...\n');
  await runTool('playwright-core/cli.js', ['install', 'chromium']);
  const downloaded = await playwrightBrowser();
  return existsSync(downloaded) && (await works(downloaded)) ? downloaded : undefined;
}

async function playwrightBrowser() {
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

/** @returns {never} */
function giveUp() {
  throw new ScriptError(
    `The tests need Chrome, Chromium or Edge, and none could be installed. Run one of

  npx playwright-core install --with-deps chromium
  CHROME_PATH=/path/to/chrome npm test

and then npm test again.`,
  );
}
