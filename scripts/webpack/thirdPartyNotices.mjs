import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAllowed } from './licences.mjs';

const NAME = 'ThirdPartyNotices';
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** Notices of what a package carries in compiled form, and of packages that bring no licence text. */
const CARRIED = {
  '@cornerstonejs/codec-charls': [
    { title: 'CharLS (in charlswasm.wasm)', file: 'charls.txt' },
    { title: 'Emscripten (in the wasm of every codec, and their loaders)', file: 'emscripten.txt' },
  ],
  '@cornerstonejs/codec-libjpeg-turbo-8bit': [
    { title: 'libjpegturbojs (the loader of libjpegturbowasm_decode.wasm)', file: 'codecs.txt' },
    { title: 'libjpeg-turbo (in libjpegturbowasm_decode.wasm)', file: 'libjpeg-turbo.txt' },
  ],
  '@cornerstonejs/codec-openjpeg': [
    { title: 'openjpegjs (the loader of openjpegwasm_decode.wasm)', file: 'codecs.txt' },
    { title: 'OpenJPEG (in openjpegwasm_decode.wasm)', file: 'openjpeg.txt' },
  ],
  '@cornerstonejs/codec-openjph': [{ title: 'OpenJPH (in openjphjs.wasm)', file: 'openjph.txt' }],
};

/**
 * Writes the licences of every package that went into a bundle beside it. Fails the build where a package
 * has no licence text, or a licence that is not known to go with ours.
 */
export class ThirdPartyNotices {
  /** @param {string} filename */
  constructor(filename) {
    this.filename = filename;
  }

  /** @param {import('webpack').Compiler} compiler */
  apply(compiler) {
    const { Compilation, sources, WebpackError } = compiler.webpack;
    compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
      const stage = Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
      compilation.hooks.processAssets.tap({ name: NAME, stage }, () => {
        const packages = new Map();
        for (const module of compilation.modules) {
          for (const file of filesOf(module)) {
            const folder = packageFolder(file);
            if (folder) packages.set(folder, notice(folder));
          }
        }
        const notices = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        for (const { name, license, texts, carried } of notices) {
          if (!isAllowed(license))
            compilation.errors.push(
              new WebpackError(`${name} has the licence ${license}, which is not allowed`),
            );
          if (texts.length + carried.length === 0)
            compilation.errors.push(new WebpackError(`${name} carries no licence text`));
        }
        compilation.emitAsset(this.filename, new sources.RawSource(format(notices)));
      });
    });
  }
}

/**
 * The files that a module was made of; a concatenated module has many.
 *
 * @param {import('webpack').Module} module
 * @returns {string[]}
 */
function filesOf(module) {
  if ('modules' in module && Array.isArray(module.modules)) return module.modules.flatMap(filesOf);
  return 'resource' in module && typeof module.resource === 'string' ? [module.resource] : [];
}

/** @param {string} file */
function packageFolder(file) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

/** @param {string} folder */
function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const carried = CARRIED[/** @type {keyof CARRIED} */ (name)] ?? [];
  return { name, license, title: `${name} ${version} (${license})`, texts, carried };
}

/** @param {ReturnType<typeof notice>[]} notices */
function format(notices) {
  const own = join(dirname(fileURLToPath(import.meta.url)), 'notices');
  const sections = notices.flatMap(({ title, texts, carried }) => [
    `${title}\n\n${texts.join('\n\n')}`,
    ...carried.map(({ title: part, file }) => `${part}\n\n${readFileSync(join(own, file), 'utf8').trim()}`),
  ]);
  const line = '-'.repeat(80);
  return `This folder contains the following third-party software.\n\n${sections
    .map((section) => `${line}\n${section}\n`)
    .join('\n')}`;
}
