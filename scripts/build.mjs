import { ensureDependencies } from './lib/dependencies.mjs';
import { runScript } from './lib/project.mjs';

await runScript(async () => {
  await ensureDependencies();
  const { build } = await import('./lib/build.mjs');
  await build();
});
