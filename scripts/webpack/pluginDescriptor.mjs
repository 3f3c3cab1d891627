import { createHash } from 'node:crypto';
import { basename } from 'node:path';

const NAME = 'PluginDescriptor';

/**
 * @typedef {object} Descriptor what OHIF 3.14 announces for an entry of `extensions` in app-config.js
 * @property {string} packageName
 * @property {string} importPath where the script is served
 * @property {string} globalName what the script defines
 * @property {string} coreVersionRange of OHIF
 * @property {string[]} styles
 */

/** Writes a plugin's descriptor beside its script, with the script's digest (Subresource Integrity). */
export class PluginDescriptor {
  /**
   * @param {string} filename
   * @param {Descriptor} descriptor
   */
  constructor(filename, descriptor) {
    this.filename = filename;
    this.descriptor = descriptor;
  }

  /** @param {import('webpack').Compiler} compiler */
  apply(compiler) {
    const { Compilation, sources, WebpackError } = compiler.webpack;
    compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
      // After everything that still changes the script.
      const stage = Compilation.PROCESS_ASSETS_STAGE_REPORT;
      compilation.hooks.processAssets.tap({ name: NAME, stage }, () => {
        const script = compilation.getAsset(basename(this.descriptor.importPath));
        if (!script) {
          compilation.errors.push(new WebpackError(`${this.descriptor.importPath} was not made`));
          return;
        }
        const digest = createHash('sha384').update(script.source.buffer()).digest('base64');
        const text = JSON.stringify({ ...this.descriptor, integrity: `sha384-${digest}` }, null, 2);
        compilation.emitAsset(this.filename, new sources.RawSource(`${text}\n`));
      });
    });
  }
}
