import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildWith } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { cacheFolder, projectFolder, runScript } from './lib/project.mjs';
import { run } from './lib/run.mjs';

/** Hostile inputs of a whole campaign; `npm test` tries the first of them. */
const INPUTS = 200_000;

await runScript(async () => {
  await ensureDependencies();
  await buildWith('test/attack/webpack.config.js');
  const script = join(cacheFolder, 'attack', 'attack.cjs');
  const record = join(projectFolder, 'test', 'attack', 'record.json');
  const args = [script, String(INPUTS), String(availableParallelism()), record];
  const { code } = await run(process.execPath, args, { show: true });
  process.exitCode = code;
});
