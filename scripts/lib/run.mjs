import { spawn } from 'node:child_process';
import { projectFolder, ScriptError } from './project.mjs';

/**
 * @typedef {object} RunResult
 * @property {number} code the exit code; 1 where a signal ended it
 * @property {string} output what it wrote to standard output and standard error
 */

/**
 * @typedef {object} RunOptions
 * @property {boolean} [show] passes its output on as it comes
 * @property {NodeJS.ProcessEnv} [env]
 */

/**
 * Runs a program without a shell and without standard input, and waits for its end.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(program, args, { show = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) process.stdout.write(text);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs npm.
 *
 * @param {string[]} args
 */
export function npm(args) {
  // npm tells its scripts where it is; started without it, the one beside this node is found on PATH.
  const script = process.env.npm_execpath;
  const windows = process.platform === 'win32';
  return script && /npm-cli\.c?js$/.test(script)
    ? run(process.execPath, [script, ...args])
    : run(windows ? 'cmd.exe' : 'npm', windows ? ['/d', '/c', 'npm', ...args] : args);
}

/**
 * Runs npm quietly; what it said is shown only when it fails.
 *
 * @param {string[]} args
 * @param {string} purpose for the message, such as "Installing the dependencies"
 * @returns {Promise<string>} its output
 * @throws {ScriptError}
 */
export async function runNpm(args, purpose) {
  const { code, output } = await npm([...args, '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new ScriptError(`${purpose} failed: npm ${args.join(' ')}\n${output}`);
  return output;
}

/**
 * Runs a program that a development dependency brings.
 *
 * @param {string} script its JavaScript file below node_modules
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function runTool(script, args, options) {
  return run(process.execPath, [`node_modules/${script}`, ...args], options);
}
