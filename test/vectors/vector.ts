import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ErrorCode, type Frame, type Rectangle, rankPalette, type Secret } from '../../src/engine';

/** What one vector says; README.md beside this file describes the layout for other implementations. */
export interface Vector {
  readonly name: string;
  readonly shows: string;
  readonly secret: Secret;
  readonly image: VectorImage;
  /** What restoring comes to. */
  readonly expect: Restored | Altered | Refused;
  /** What anyone can tell without a key; left out where the format does not say. */
  readonly inspect?: Inspection | Refused;
}

export interface VectorImage extends Omit<Frame, 'samples' | 'paletteRanks'> {
  readonly bitsAllocated: 8 | 16;
  /** The shown colours of the palette's entries, from 0 on. */
  readonly palette?: { readonly red: number[]; readonly green: number[]; readonly blue: number[] };
  /** Where the cells begin in the inflated images, and how many bytes they have. */
  readonly offset: number;
  readonly bytes: number;
}

export interface Refused {
  readonly error: ErrorCode;
}

interface Hidden {
  /** SHA-256 of the cells that come back, little-endian. */
  readonly cells: string;
  readonly width: number;
  readonly height: number;
  readonly notice: string;
  readonly report?: string;
  /** In place of long reports: SHA-256 of their UTF-8. */
  readonly reportSha256?: string;
  /** SHA-256 of the inflated attachment. */
  readonly attachment: string;
  readonly jobId: string;
  readonly index: number;
  readonly count: number;
  readonly areas: readonly Rectangle[];
  readonly coveredAreas: readonly Rectangle[];
  /** Segments had to be computed from others. */
  readonly repaired: boolean;
  /** How the picture lay in what was protected. */
  readonly placement: { rotated: 0 | 90 | 180 | 270; mirrored: boolean; x: number; y: number };
}

export interface Restored {
  readonly restored: Hidden;
}

/** The key area came back, but the rest was changed: in `blocks`, and to `altered`. */
export interface Altered extends Refused {
  readonly error: 'altered';
  readonly blocks: readonly Rectangle[];
  readonly altered: Hidden;
}

export interface Inspection {
  readonly keys: readonly string[];
  readonly coveredAreas: readonly Rectangle[];
  readonly bitsPerSample: number;
  /** Left out where the symbol itself is damaged. */
  readonly qrText?: string;
}

/** Longer reports are given by their hash. */
export const LONGEST_REPORT = 500;

export const VECTORS_FILE = join(__dirname, 'vectors.json');
export const IMAGES_FILE = join(__dirname, 'images.bin.gz');

export const hexSha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Cells as the bytes they are hashed and stored as. */
export const bytesOf = ({ samples }: Pick<Frame, 'samples'>): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

export const readVectors = (): Vector[] => JSON.parse(readFileSync(VECTORS_FILE, 'utf8'));

/** Gives a reader of the committed images. */
export function openImages(): (image: VectorImage) => Frame {
  const images = gunzipSync(readFileSync(IMAGES_FILE));
  return ({ offset, bytes, bitsAllocated, palette, ...shape }) => {
    const cells = new Uint8Array(images.subarray(offset, offset + bytes));
    const samples = bitsAllocated === 8 ? cells : new Uint16Array(cells.buffer);
    const { red, green, blue } = palette ?? {};
    const paletteRanks =
      red && green && blue
        ? rankPalette(Uint16Array.from(red), Uint16Array.from(green), Uint16Array.from(blue))
        : undefined;
    return { ...shape, samples, ...(paletteRanks ? { paletteRanks } : {}) };
  };
}
