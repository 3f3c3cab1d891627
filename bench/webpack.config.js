import { join } from 'node:path';
import webpack from 'webpack';
import { cacheFolder } from '../scripts/lib/project.mjs';
import { CodecsBeside, common } from '../webpack.config.js';

/** The benchmark as one file for Node, in the cache. */
export default {
  ...common,
  name: 'bench',
  target: 'node20',
  entry: './bench/index',
  output: { path: join(cacheFolder, 'bench'), filename: 'bench.cjs', library: { type: 'commonjs2' } },
  plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }), new CodecsBeside()],
};
