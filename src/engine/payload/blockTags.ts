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

/** The blocks of a frame that reach out of the covered areas, in raster order. */
function blocksOf(frame: Frame, coveredAreas: readonly Rectangle[], side: number): Rectangle[] {
  const blocks: Rectangle[] = [];
  for (let y = 0; y < frame.height; y += side) {
    for (let x = 0; x < frame.width; x += side) {
      const block = {
        x,
        y,
        width: Math.min(side, frame.width - x),
        height: Math.min(side, frame.height - y),
      };
      if (partsOutside(block, coveredAreas).length > 0) blocks.push(block);
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

interface TaggedBlocks {
  readonly blocks: readonly Rectangle[];
  readonly tags: Uint32Array;
}

async function tagBlocks(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  side: number,
  key: SaltedKey,
): Promise<TaggedBlocks> {
  const { samples, samplesPerPixel, width } = frame;
  const keyRow = Math.min(side, width) * samplesPerPixel;
  const stream = await key.keystream('block tags', blockKeysLength(frame, side));
  const keys = new Uint32Array(stream.buffer, stream.byteOffset, stream.length / 4);
  // Where the bits above Bits Stored hold something, they count too.
  const { mask, flip } = upperBits === 'other' ? { mask: 0xffff, flip: 0 } : codeBits(frame);
  const blocks = blocksOf(frame, coveredAreas, side);
  const tags = new Uint32Array(blocks.length);
  const row = width * samplesPerPixel;
  const size = samples.BYTES_PER_ELEMENT;
  const together = rowsTogether(row * size);
  let first = 0;
  for (let top = 0; top < frame.height; top += side) {
    let last = first;
    while (blocks[last]?.y === top) last++;
    const bottom = Math.min(frame.height, top + side);
    for (let y = top; y < bottom; y += together) {
      const height = Math.min(together, bottom - y);
      const keysAt = place(samples.subarray(y * row, (y + height) * row), 0);
      const end = place(keys.subarray((y - top) * keyRow, (y - top + height) * keyRow), keysAt);
      /** The sum over `part` of a block that begins in column `left`. */
      const sumOf = (left: number, part: Rectangle): number =>
        kernels().products(
          ((part.y - y) * row + part.x * samplesPerPixel) * size,
          row * size,
          keysAt + 4 * ((part.y - y) * keyRow + (part.x - left) * samplesPerPixel),
          4 * keyRow,
          part.width * samplesPerPixel,
          part.height,
          size,
          mask,
          flip,
        ) >>> 0;
      for (let k = first; k < last; k++) {
        for (const part of partsOutside({ ...blocks[k], y, height }, coveredAreas)) {
          tags[k] = (tags[k] + sumOf(blocks[k].x, part)) % PRIME;
        }
      }
      workspace(end).fill(0, keysAt, end);
    }
    first = last;
  }
  return { blocks, tags };
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
  const { tags } = await tagBlocks(frame, coveredAreas, upperBits, side, key);
  return { side, tags };
}

/** The blocks of a frame whose tags are not the given ones. Throws `RangeError` where their number is. */
export async function alteredBlocks(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  { side, tags }: BlockTags,
  key: SaltedKey,
): Promise<Rectangle[]> {
  const now = await tagBlocks(frame, coveredAreas, upperBits, side, key);
  if (now.tags.length !== tags.length) throw new RangeError('there are not as many block tags as blocks');
  return now.blocks.filter((_, k) => now.tags[k] !== tags[k]);
}
