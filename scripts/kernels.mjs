import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, projectFolder, runScript, ScriptError } from './lib/project.mjs';
import { runTool } from './lib/run.mjs';

/** Compiles the engine's passes over pixels from AssemblyScript into the module that carries them. */

const FOLDER = join(projectFolder, 'src/engine/kernels');
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '1'];

await runScript(async () => {
  await mkdir(cacheFolder, { recursive: true });
  const compiled = join(cacheFolder, 'kernels.wasm');
  const source = join(FOLDER, 'assembly.ts');
  const { code, output } = await runTool('assemblyscript/bin/asc.js', [
    source,
    ...OPTIONS,
    '--outFile',
    compiled,
  ]);
  if (code !== 0) throw new ScriptError(output);
  const module = `/** \`assembly.ts\`, compiled by \`npm run kernels\`. */
export const KERNELS =
  '${readFileSync(compiled).toString('base64')}';
`;
  writeFileSync(process.argv[2] ?? join(FOLDER, 'wasm.ts'), module);
});
