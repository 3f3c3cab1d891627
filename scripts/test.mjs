import { ensureDependencies } from './lib/dependencies.mjs';
import { runScript } from './lib/project.mjs';

await runScript(async () => {
  await ensureDependencies();
  const { ensureBrowser } = await import('./lib/browser.mjs');
  const { runTests } = await import('./lib/tests.mjs');
  // Without a browser nothing is tested whole: better told at once than after the other tests.
  const counts = await runTests(await ensureBrowser());
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  if (counts.failed > 0) process.exitCode = 1;
});
