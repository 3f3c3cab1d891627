import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const projectFolder = join(__dirname, '..');
const biome = createRequire(__filename).resolve('@biomejs/biome/bin/biome');

const forbidden = [
  ['src/engine', '../dicom/index'],
  ['src/engine/scan', '../../dicom/index'],
  ['src/engine/vault', '../../dicom/index'],
  ['src/engine', 'dicom-parser'],
  ['src/engine', 'react'],
  ['src/engine', 'node:fs'],
  ['src/dicom', '../worker/client'],
  ['src/dicom', '../panel/panel'],
  ['src/dicom', 'node:zlib'],
  ['src/worker', '../ohif/viewer'],
  ['src/worker', '../viewer/port'],
  ['src/worker', 'react-dom/client'],
  ['src/viewer', '../ohif/viewer'],
  ['src/viewer', '../worker/client'],
  ['src/panel', '../ohif/viewer'],
  ['src/panel', '../worker/client'],
  ['src/panel', '../engine/index'],
  ['src/panel/parts', '../../ohif/viewer'],
  ['src/cli', '../panel/panel'],
  ['src/cli', '../worker/client'],
  ['src/engine', '../hosts/rectangle'],
  ['src/worker', '../ohif2/viewer'],
  ['src/panel', '../hosts/session'],
  ['src/panel', '../ohif2/viewer'],
  ['src/cli', '../hosts/session'],
  ['src/hosts', '../ohif/viewer'],
  ['src/hosts', '../ohif2/viewer'],
  ['src/hosts', '../cli/index'],
  ['src/ohif', '../ohif2/viewer'],
  ['src/ohif2', '../ohif/viewer'],
  ['src/ohif2', 'cornerstone-tools'],
  ['src/ohif2', '../../demo/server.mjs'],
  ['src/ohif', '../cli/index'],
  ['src/ohif', '@cornerstonejs/core'],
  ['src/ohif', '../../demo/server.mjs'],
] as const;

const allowed = [
  ['src/engine', './pixels/frame'],
  ['src/engine/scan', '../pixels/frame'],
  ['src/dicom', '../engine/index'],
  ['src/dicom', 'dicom-parser'],
  ['src/worker', '../dicom/index'],
  ['src/worker', '../viewer/service'],
  ['src/viewer', '../engine/pixels/frame'],
  ['src/panel', '../viewer/port'],
  ['src/panel', 'react'],
  ['src/panel', '../engine/pixels/frame'],
  ['src/panel/parts', '../controller'],
  ['src/cli', '../dicom/index'],
  ['src/hosts', '../panel/controller'],
  ['src/hosts', '../worker/client'],
  ['src/hosts', '../dicom/dataset/privateBlock'],
  ['src/ohif', './host'],
  ['src/ohif', '../hosts/session'],
  ['src/ohif2', '../hosts/session'],
  ['src/ohif', '../panel/panel'],
  ['src/ohif', '../worker/client'],
] as const;

const fileOf = (folder: string, imported: string) => `${folder}/${imported.replace(/[^a-z0-9]/g, '_')}.ts`;

/** Lints one file for each import, by the project's own configuration; gives back the files at fault. */
function lintImports(): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'import-directions-'));
  try {
    const { vcs: _, ...configuration } = JSON.parse(readFileSync(join(projectFolder, 'biome.json'), 'utf8'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(configuration));
    for (const [source, imported] of [...forbidden, ...allowed]) {
      mkdirSync(join(folder, source), { recursive: true });
      writeFileSync(join(folder, fileOf(source, imported)), `export * from '${imported}';\n`);
    }
    const args = [
      biome,
      'lint',
      '--only=style/noRestrictedImports',
      '--reporter=json',
      '--max-diagnostics=none',
      '.',
    ];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const diagnostics: { location: { path: string } }[] = JSON.parse(stdout).diagnostics;
    return new Set(diagnostics.map(({ location }) => location.path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the linter holds the import directions', () => {
  const atFault = lintImports();

  test.each(forbidden)('%s must not import %s', (source, imported) => {
    expect(atFault).toContain(fileOf(source, imported));
  });

  test.each(allowed)('%s may import %s', (source, imported) => {
    expect(atFault).not.toContain(fileOf(source, imported));
  });
});

test('the port takes types alone from the DICOM layer: the page loads neither it nor the engine', () => {
  const imports = readdirSync(join(projectFolder, 'src/viewer'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => readFileSync(join(projectFolder, 'src/viewer', name), 'utf8').split(';'))
    .filter((statement) => /from '\.\.\/dicom\//.test(statement));
  for (const statement of imports) expect(statement.trim()).toMatch(/^(import|export) type\b/m);
});

/** The folders of a layer, and which others the files of each may import; types may come from anywhere. */
const layers: Record<string, Record<string, readonly string[]>> = {
  engine: {
    ...inOrder('kernels', 'pixels', 'keys', 'payload', 'qr', 'vault', 'surroundings'),
    scan: ['pixels', 'qr'],
    suggest: ['pixels'],
  },
  dicom: { ...inOrder('dataset', 'image', 'decode', 'changes'), web: [] },
  panel: inOrder('files', 'texts', 'restore', 'protect', 'parts'),
};

/** Folders that build on all those before them. */
function inOrder(...folders: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(folders.map((folder, k) => [folder, folders.slice(0, k)]));
}

/** The folders beside its own that a file imports from. */
function foldersImported(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split(';')
    .filter((statement) => !/^\s*(import|export) type\b/.test(statement))
    .flatMap((statement) => /from '\.\.\/(\w+)\/[^']+'$/.exec(statement)?.[1] ?? []);
}

describe.each(Object.entries(layers))(
  'the folders of src/%s build on one another in one direction',
  (layer, below) => {
    const source = join(projectFolder, 'src', layer);

    test.each(Object.entries(below))('%s', (folder, allowedFolders) => {
      const names = readdirSync(join(source, folder)).filter((name) => /\.tsx?$/.test(name));
      expect(names.length).toBeGreaterThan(0);
      const wrong = names.flatMap((name) =>
        foldersImported(join(source, folder, name))
          .filter((imported) => imported in below && !allowedFolders.includes(imported))
          .map((imported) => `${name} imports ${imported}`),
      );
      expect(wrong).toEqual([]);
    });

    test('there are no others', () => {
      const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(below).sort());
    });
  },
);
