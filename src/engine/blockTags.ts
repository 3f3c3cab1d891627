import type { ContentKey } from './contentKey';
import {
  type Frame,
  forEachRunOutside,
  overlap,
  type Rectangle,
  signBit,
  type UpperBits,
  valueMask,
} from './frame';

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

const PRIME = 2 ** 32 - 5;
const SMALLEST_SIDE = 32;
const LARGEST_SIDE = 65536;
/** Products of 17 by 32 bits that a double sums exactly. */
const EXACT_TERMS = 16;

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
      let reachesOut = !coveredAreas.some((area) => overlap(area, block));
      if (!reachesOut) {
        forEachRunOutside(block, coveredAreas, () => {
          reachesOut = true;
        });
      }
      if (reachesOut) blocks.push(block);
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

/** What runs are cut from by numbers: a view of each would cost more than its sum. */
interface Taggable {
  readonly samples: Frame['samples'];
  readonly keys: Uint32Array;
  readonly mask: number;
  readonly flip: number;
}

/** Adds the products of `length` samples, each + 1, and their keys to a sum, modulo the prime. */
function addProducts(
  sum: number,
  { samples, keys, mask, flip }: Taggable,
  firstSample: number,
  firstKey: number,
  length: number,
): number {
  let total = sum;
  for (let k = 0; k < length; ) {
    const end = Math.min(length, k + EXACT_TERMS);
    for (; k < end; k++) total += (((samples[firstSample + k] & mask) ^ flip) + 1) * keys[firstKey + k];
    total -= Math.floor(total / PRIME) * PRIME; // much faster than the remainder operator
  }
  return total;
}

interface TaggedBlocks {
  readonly blocks: readonly Rectangle[];
  readonly tags: Uint32Array;
}

async function tagBlocks(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  side: number,
  key: ContentKey,
  salt: Uint8Array,
): Promise<TaggedBlocks> {
  const { samples, samplesPerPixel } = frame;
  const keyRow = Math.min(side, frame.width) * samplesPerPixel;
  const stream = await key.keystream('block tags', salt, 4 * keyRow * Math.min(side, frame.height));
  const keys = new Uint32Array(stream.buffer);
  // Where the bits above Bits Stored hold something, they count too.
  const [mask, flip] = upperBits === 'other' ? [0xffff, 0] : [valueMask(frame), signBit(frame)];
  const taggable = { samples, keys, mask, flip };
  const blocks = blocksOf(frame, coveredAreas, side);
  const tags = Uint32Array.from(blocks, (block) => {
    let sum = 0;
    forEachRunOutside(block, coveredAreas, (x, y, length) => {
      const first = (y * frame.width + x) * samplesPerPixel;
      const firstKey = (y - block.y) * keyRow + (x - block.x) * samplesPerPixel;
      sum = addProducts(sum, taggable, first, firstKey, length * samplesPerPixel);
    });
    return sum;
  });
  return { blocks, tags };
}

/** Tags the blocks of a frame, of a side at which there are at most `limit`. */
export async function computeBlockTags(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  limit: number,
  key: ContentKey,
  salt: Uint8Array,
): Promise<BlockTags> {
  const side = chooseSide(frame, limit);
  const { tags } = await tagBlocks(frame, coveredAreas, upperBits, side, key, salt);
  return { side, tags };
}

/** The blocks of a frame whose tags are not the given ones. Throws `RangeError` where their number is. */
export async function alteredBlocks(
  frame: Frame,
  coveredAreas: readonly Rectangle[],
  upperBits: UpperBits,
  { side, tags }: BlockTags,
  key: ContentKey,
  salt: Uint8Array,
): Promise<Rectangle[]> {
  const now = await tagBlocks(frame, coveredAreas, upperBits, side, key, salt);
  if (now.tags.length !== tags.length) throw new RangeError('there are not as many block tags as blocks');
  return now.blocks.filter((_, k) => now.tags[k] !== tags[k]);
}
