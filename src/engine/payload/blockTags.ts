import { kernels, place, rowsTogether, workspace } from '../kernels/memory';
import type { SaltedKey } from '../keys/saltedKey';
import { codeBits, type Frame, partsOutside, type Rectangle, type UpperBits } from '../pixels/frame';

/**
 * Keyed tags of square blocks of what lies outside the covered areas: they tell where a picture was
 * altered. A tag is the inner product of the block's samples (each + 1) with 32-bit keys, modulo the
 * prime 2^32 - 5 (Gilbert, MacWilliams, Sloane, "Codes which detect deception", 1974): a changed block
 * keeps its tag with a probability of at most 2^-31, whoever changed it, since the tags travel encrypted and
 * their keys serve one frame.
 */
export interface BlockTags {
  /** Pixels along a side; blocks at the right and bottom edges may be cut. */
  readonly side: number;
  /** One per block in raster order, blocks that are wholly covered left out. */
  readonly tags: Uint32Array;
}

/** Bytes of a tag. */
export const BLOCK_TAG_LENGTH = 4;

const PRIME = 2 ** 32 - 5;
const SMALLEST_SIDE = 32;
const LARGEST_SIDE = 65536;

interface Block {
  readonly bounds: Rectangle;
  /** What of it lies outside the covered areas. */
  readonly parts: readonly Rectangle[];
}

/** The blocks of a frame that reach out of the covered areas, in raster order. */
function blocksOf(frame: Frame, coveredAreas: readonly Rectangle[], side: number): Block[] {
  const blocks: Block[] = [];
  for (let y = 0; y < frame.height; y += side) {
    for (let x = 0; x < frame.width; x += side) {
      const bounds = {
        x,
        y,
        width: Math.min(side, frame.width - x),
        height: Math.min(side, frame.height - y),
      };
      const parts = partsOutside(bounds, coveredAreas);
      if (parts.length > 0) blocks.push({ bounds, parts });
    }
  }
  return blocks;
}

/** The smallest side, a power of two from 32, at which there are at most `limit` blocks. */
export function chooseSide(frame: Frame, limit: number): number {
  let side = SMALLEST_SIDE;
  while (Math.ceil(frame.width / side) * Math.ceil(frame.height / side) > limit && side < LARGEST_SIDE)
    side *= 2;
  return side;
}

/** True for what `chooseSide` can give. */
export const isSide = (side: number): boolean =>
  side >= SMALLEST_SIDE && side <= LARGEST_SIDE && (side & (side - 1)) === 0;

/** Bytes of the keys of all samples of a block of that side. */
export const blockKeysLength = ({ width, height, samplesPerPixel }: Frame, side: number): number =>
  4 * Math.min(side, width) * samplesPerPixel * Math.min(side, height);

/** The keys of the samples of a block, row by row. */
async function keysOf(frame: Frame, side: number, key: SaltedKey): Promise<Uint32Array> {
  const { buffer, byteOffset, length } = await key.keystream('block tags', blockKeysLength(frame, side));
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function tagsOf(
  frame: Frame,
  blocks: readonly Block[],
  upperBits: UpperBits,
  side: number,
  keys: Uint32Array,
): Uint32Array {
  const { samples, samplesPerPixel, width } = frame;
  const keyRow = Math.min(side, width) * samplesPerPixel;
  // Where the bits above Bits Stored hold something, they count too.
  const { mask, flip } = upperBits === 'other' ? { mask: 0xffff, flip: 0 } : codeBits(frame);
  const tags = new Uint32Array(blocks.length);
  const row = width * samplesPerPixel;
  const size = samples.BYTES_PER_ELEMENT;
  const together = rowsTogether(row * size);
  let first = 0;
  for (let top = 0; top < frame.height; top += side) {
    let last = first;
    while (blocks[last]?.bounds.y === top) last++;
    const bottom = Math.min(frame.height, top + side);
    for (let y = top; y < bottom; y += together) {
      const height = Math.min(together, bottom - y);
      const keysAt = place(samples.subarray(y * row, (y + height) * row), 0);
      const end = place(keys.subarray((y - top) * keyRow, (y - top + height) * keyRow), keysAt);
      for (let k = first; k < last; k++) {
        const { bounds, parts } = blocks[k];
        for (const part of parts) {
          const from = Math.max(0, part.y - y);
          const rows = Math.min(part.y + part.height - y, height) - from;
          if (rows <= 0) continue;
          const sum = kernels().products(
            (from * row + part.x * samplesPerPixel) * size,
            row * size,
            keysAt + 4 * (from * keyRow + (part.x - bounds.x) * samplesPerPixel),
            4 * keyRow,
            part.width * samplesPerPixel,
            rows,
            size,
            mask,
            flip,
          );
          tags[k] = (tags[k] + (sum >>> 0)) % PRIME;
        }
      }
      workspace(end).fill(0, keysAt, end);
    }
    first = last;
  }
  return tags;
}

/** Tags the blocks of a frame, of a side at which there are at most `limit`. */
export async function computeBlockTags(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  limit: number,
  key: SaltedKey,
): Promise<BlockTags> {
  const side = chooseSide(frame, limit);
  const keys = await keysOf(frame, side, key);
  return { side, tags: tagsOf(frame, blocksOf(frame, coveredAreas, side), upperBits, side, keys) };
}

/** The blocks of a frame whose tags are not the given ones. Throws `RangeError` where their number is. */
export async function alteredBlocks(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  { side, tags }: BlockTags,
  key: SaltedKey,
): Promise<Rectangle[]> {
  const keys = await keysOf(frame, side, key);
  const blocks = blocksOf(frame, coveredAreas, side);
  if (blocks.length !== tags.length) throw new RangeError('there are not as many block tags as blocks');
  const now = tagsOf(frame, blocks, upperBits, side, keys);
  return blocks.filter((_, k) => now[k] !== tags[k]).map(({ bounds }) => bounds);
}
