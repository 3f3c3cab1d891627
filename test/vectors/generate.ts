import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { aroundVectors } from './generator/around';
import type { Draft } from './generator/draft';
import { envelopeVectors } from './generator/envelopes';
import { exchangeVectors } from './generator/exchanges';
import { headerVectors } from './generator/headers';
import { payloadVectors } from './generator/payloads';
import { pictureVectors } from './generator/pictures';
import { soundVectors } from './generator/sound';
import {
  bytesOf,
  hexSha256,
  IMAGES_FILE,
  readVectors,
  VECTORS_FILE,
  type Vector,
  type VectorImage,
} from './vector';

/**
 * Writes the vectors. Run by hand, when the format has changed, as README.md says. Those that are there
 * stay as they are: the others are put behind them.
 */

function layOut(drafts: readonly Draft[], before: Uint8Array): { vectors: Vector[]; images: Buffer } {
  const places = new Map<string, number>();
  const parts = [before];
  let { length } = before;
  const vectors = drafts.map(({ frame, palette, name, shows, secret, expect, inspect }): Vector => {
    const bytes = bytesOf(frame);
    const hash = hexSha256(bytes);
    const offset = places.get(hash) ?? length;
    if (offset === length) {
      places.set(hash, length);
      parts.push(bytes);
      length += bytes.length;
    }
    const { samples, paletteRanks: _, ...shape } = frame;
    const bitsAllocated = samples instanceof Uint8Array ? 8 : 16;
    const image: VectorImage = {
      ...shape,
      bitsAllocated,
      ...(palette ? { palette } : {}),
      offset,
      bytes: bytes.length,
    };
    return { name, shows, secret, image, expect, ...(inspect ? { inspect } : {}) };
  });
  return { vectors, images: Buffer.concat(parts) };
}

test('the vectors are generated', async () => {
  const exist = existsSync(VECTORS_FILE);
  const kept = exist ? readVectors() : [];
  const before = exist ? gunzipSync(readFileSync(IMAGES_FILE)) : new Uint8Array(0);
  const drafts = [
    ...(await soundVectors()),
    ...(await headerVectors()),
    ...(await exchangeVectors()),
    ...(await envelopeVectors()),
    ...(await payloadVectors()),
    ...(await pictureVectors()),
    ...(await aroundVectors()),
  ];
  expect(new Set(drafts.map(({ name }) => name)).size).toBe(drafts.length);
  const names = new Set(kept.map(({ name }) => name));
  const { vectors, images } = layOut(
    drafts.filter(({ name }) => !names.has(name)),
    before,
  );
  writeFileSync(VECTORS_FILE, JSON.stringify([...kept, ...vectors]));
  execFileSync('npx', ['biome', 'format', '--write', VECTORS_FILE], { stdio: 'ignore' });
  writeFileSync(IMAGES_FILE, gzipSync(images, { level: 9 }));
}, 1_800_000);
