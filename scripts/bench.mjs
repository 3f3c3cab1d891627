import { join } from 'node:path';
import { buildWith, ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { cacheFolder, projectFolder, runScript } from './lib/project.mjs';
import { run } from './lib/run.mjs';

await runScript(async () => {
  await ensureDependencies();
  // Folders are measured with the command line as it is handed out.
  await ensureBuilt();
  await buildWith('bench/webpack.config.js');
  const script = join(cacheFolder, 'bench', 'bench.cjs');
  const { code } = await run(process.execPath, [script, projectFolder, ...process.argv.slice(2)], {
    show: true,
  });
  process.exitCode = code;
});
