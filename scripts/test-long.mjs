import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { cacheFolder, projectFolder, runScript, ScriptError } from './lib/project.mjs';
import { run, runTool } from './lib/run.mjs';

/** Hostile inputs of a whole campaign; `npm test` tries the first of them. */
const INPUTS = 200_000;

await runScript(async () => {
  await ensureDependencies();
  const built = await runTool('webpack-cli/bin/cli.js', [
    '--no-color',
    '--config',
    'test/attack/webpack.config.js',
  ]);
  if (built.code !== 0) throw new ScriptError(`The build failed.\n${built.output}`);
  const script = join(cacheFolder, 'attack', 'attack.cjs');
  const record = join(projectFolder, 'test', 'attack', 'record.json');
  const args = [script, String(INPUTS), String(availableParallelism()), record];
  const { code } = await run(process.execPath, args, { show: true });
  process.exitCode = code;
});
