import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { cacheFolder, projectFolder, runScript, ScriptError } from './lib/project.mjs';
import { run, runTool } from './lib/run.mjs';

await runScript(async () => {
  await ensureDependencies();
  // Folders are measured with the command line as it is handed out.
  await ensureBuilt();
  const built = await runTool('webpack-cli/bin/cli.js', [
    '--no-color',
    '--config',
    'bench/webpack.config.js',
  ]);
  if (built.code !== 0) throw new ScriptError(`The build failed.\n${built.output}`);
  const script = join(cacheFolder, 'bench', 'bench.cjs');
  const { code } = await run(process.execPath, [script, projectFolder, ...process.argv.slice(2)], {
    show: true,
  });
  process.exitCode = code;
});
