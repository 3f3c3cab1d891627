import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, projectFolder, runScript, ScriptError } from './lib/project.mjs';
import { runTool } from './lib/run.mjs';

/** Compiles the engine's passes over pixels from AssemblyScript into the module that carries them. */

const FOLDER = join(projectFolder, 'src/engine/kernels');
const ASSEMBLY = join(FOLDER, 'assembly');
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '1'];

await runScript(async () => {
  await mkdir(cacheFolder, { recursive: true });
  const compiled = join(cacheFolder, 'kernels.wasm');
  const sources = readdirSync(ASSEMBLY)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(ASSEMBLY, name));
  const { code, output } = await runTool('assemblyscript/bin/asc.js', [
    ...sources,
    ...OPTIONS,
    '--outFile',
    compiled,
  ]);
  if (code !== 0) throw new ScriptError(output);
  const module = `/** The folder \`assembly\`, compiled by \`npm run kernels\`. */
export const KERNELS =
  '${readFileSync(compiled).toString('base64')}';
`;
  writeFileSync(process.argv[2] ?? join(FOLDER, 'wasm.ts'), module);
});
