import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import MinimizerPlugin from 'minimizer-webpack-plugin';
import webpack from 'webpack';
import { PluginDescriptor } from './scripts/webpack/pluginDescriptor.mjs';
import { ThirdPartyNotices } from './scripts/webpack/thirdPartyNotices.mjs';

const projectFolder = dirname(fileURLToPath(import.meta.url));
const packageJson = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
const dist = join(projectFolder, 'dist');
const UMD_ENTRY = 'key-area-protection.umd.js';
const { resolve } = createRequire(import.meta.url);

/** What every bundle shares: TypeScript through swc, `.ohifrc` as JSON, no mocks of Node's globals. */
export const common = {
  mode: 'production',
  context: projectFolder,
  devtool: false,
  module: {
    rules: [
      {
        test: /\.tsx?$/,
        exclude: /node_modules/,
        loader: 'swc-loader',
        options: {
          jsc: {
            parser: { syntax: 'typescript', tsx: true },
            target: 'es2022',
            transform: { react: { runtime: 'automatic' } },
          },
        },
      },
      { test: /\.ohifrc$/, type: 'json' },
    ],
  },
  resolve: { extensions: ['.ts', '.tsx', '.js'] },
  // The codecs' loaders ask for these to tell where it runs: a mock would mislead it.
  node: { __dirname: false, __filename: false },
  optimization: {
    minimizer: [
      new MinimizerPlugin({
        minify: MinimizerPlugin.swcMinify,
        extractComments: false,
        // Functions folded into the one that calls them are a hundredth less to load, and a quarter slower.
        minimizerOptions: {
          compress: { inline: 0, reduce_funcs: false, reduce_vars: false, collapse_vars: false },
        },
      }),
    ],
  },
  performance: { hints: false },
};

/** The wasm of each image codec: the name its loader looks for, beside the script, and where it is. */
const CODECS = {
  'charlswasm.wasm': '@cornerstonejs/codec-charls/wasm',
  'libjpegturbowasm_decode.wasm': '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  'openjpegwasm_decode.wasm': '@cornerstonejs/codec-openjpeg/decodewasm',
  'openjphjs.wasm': '@cornerstonejs/codec-openjph/wasm',
};

/** Puts the codecs' wasm beside the scripts; each is fetched only where a file needs it. */
export class CodecsBeside {
  /** @param {webpack.Compiler} compiler */
  apply(compiler) {
    const { PROCESS_ASSETS_STAGE_ADDITIONAL: stage } = webpack.Compilation;
    compiler.hooks.thisCompilation.tap('CodecsBeside', (compilation) => {
      compilation.hooks.processAssets.tap({ name: 'CodecsBeside', stage }, () => {
        for (const [name, path] of Object.entries(CODECS)) {
          compilation.emitAsset(name, new webpack.sources.RawSource(readFileSync(resolve(path))));
        }
      });
    });
  }
}

/** The folder to copy beside a deployed OHIF v3: ES modules loaded by the viewer at runtime. */
const ohif = {
  ...common,
  name: 'ohif',
  target: ['web', 'es2022'],
  entry: {
    'key-area-protection': './src/index',
    'key-area-protection-mode': './src/ohif/mode',
  },
  resolve: { ...common.resolve, fallback: { fs: false, path: false, zlib: false } },
  experiments: { outputModule: true },
  output: {
    path: join(dist, 'ohif'),
    clean: true,
    module: true,
    library: { type: 'module' },
    publicPath: 'auto',
    filename: '[name].js',
    // A worker has its own runtime; the other chunks are parts that are loaded when needed.
    chunkFilename: (/** @type {webpack.PathData} */ { chunk }) =>
      chunk instanceof webpack.Chunk && chunk.hasRuntime()
        ? 'key-area-protection.worker.js'
        : 'key-area-protection.[contenthash:8].js',
  },
  plugins: [new CodecsBeside(), new ThirdPartyNotices('THIRD_PARTY_NOTICES.txt')],
};

/**
 * The same extension as OHIF 3.14 announces it for its plugins: a classic script that takes React from
 * the viewer's globals, with a descriptor beside it.
 */
const umd = {
  ...common,
  name: 'ohif-umd',
  target: ['web', 'es2022'],
  entry: './src/index',
  resolve: { ...common.resolve, fallback: { fs: false, path: false, zlib: false } },
  // The globals bear the packages' names. All else that viewer and plugins share is asked of the viewer.
  externals: { react: 'react', 'react-dom': 'react-dom' },
  output: {
    path: join(dist, 'ohif-umd'),
    clean: true,
    library: { name: packageJson.name, type: 'umd', export: 'default' },
    globalObject: 'globalThis',
    publicPath: 'auto',
    // Not the name that an ES module of this page may use.
    uniqueName: `${packageJson.name}.umd`,
    filename: UMD_ENTRY,
    chunkFilename: (/** @type {webpack.PathData} */ { chunk }) =>
      chunk instanceof webpack.Chunk && chunk.hasRuntime()
        ? 'key-area-protection.umd.worker.js'
        : 'key-area-protection.umd.[contenthash:8].js',
  },
  plugins: [
    new CodecsBeside(),
    new ThirdPartyNotices('THIRD_PARTY_NOTICES.txt'),
    new PluginDescriptor('extension.json', {
      packageName: packageJson.name,
      importPath: `/extensions/key-area-protection-umd/${UMD_ENTRY}`,
      globalName: packageJson.name,
      coreVersionRange: '>=3.14.0-beta.6 <4',
      styles: [],
    }),
  ],
};

/**
 * For OHIF v2: one classic script with its own React, whose worker and codecs lie beside it. What the
 * other bundles load when needed is in it.
 */
const ohif2 = {
  ...common,
  name: 'ohif2',
  optimization: { ...common.optimization, splitChunks: false },
  target: ['web', 'es2022'],
  entry: './src/ohif2/index',
  module: { ...common.module, parser: { javascript: { dynamicImportMode: 'eager' } } },
  resolve: { ...common.resolve, fallback: { fs: false, path: false, zlib: false } },
  output: {
    path: dist,
    library: { name: 'keyAreaProtection', type: 'umd', export: 'default' },
    globalObject: 'globalThis',
    publicPath: 'auto',
    uniqueName: `${packageJson.name}.v2`,
    filename: 'ohif2.umd.js',
    chunkFilename: 'ohif2.worker.js',
  },
  plugins: [new CodecsBeside(), new ThirdPartyNotices('ohif2.THIRD_PARTY_NOTICES.txt')],
};

/** The command line: one CommonJS file for Node 20. */
const cli = {
  ...common,
  name: 'cli',
  target: 'node20',
  entry: './src/cli/index',
  output: { path: dist, filename: 'cli.cjs', library: { type: 'commonjs2' } },
  plugins: [
    new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true }),
    new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    new CodecsBeside(),
    new ThirdPartyNotices('THIRD_PARTY_NOTICES.txt'),
  ],
};

/**
 * The engine alone, for programs of others: one ES module that runs in Node and in browsers, whatever bundles
 * it, and reads no file. Not minified: whoever uses it may want to read it.
 */
const engine = {
  ...common,
  name: 'engine',
  target: ['web', 'es2022'],
  entry: { engine: './src/engine/standalone' },
  module: {
    ...common.module,
    rules: [...common.module.rules, { test: /\.wasm$/, type: 'asset/bytes' }],
  },
  resolve: { ...common.resolve, fallback: { fs: false, path: false } },
  // The codec's loader asks for its own place in Node, and needs none.
  node: { __dirname: 'mock', __filename: 'mock' },
  experiments: { outputModule: true },
  optimization: { minimize: false },
  output: {
    path: join(dist, 'engine'),
    clean: true,
    module: true,
    library: { type: 'module' },
    filename: '[name].js',
  },
  plugins: [new ThirdPartyNotices('THIRD_PARTY_NOTICES.txt')],
};

export default [ohif, umd, ohif2, cli, engine];
