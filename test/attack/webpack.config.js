import { join } from 'node:path';
import webpack from 'webpack';
import { cacheFolder } from '../../scripts/lib/project.mjs';
import { CodecsBeside, common } from '../../webpack.config.js';

/** The long attack as one file for Node, in the cache. */
export default {
  ...common,
  name: 'attack',
  target: 'node20',
  entry: './test/attack/long',
  output: { path: join(cacheFolder, 'attack'), filename: 'attack.cjs', library: { type: 'commonjs2' } },
  plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }), new CodecsBeside()],
};
