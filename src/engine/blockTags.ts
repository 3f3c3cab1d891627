import type { ContentKey } from './contentKey';
import { type Frame, forEachRow, type Rectangle, signBit, type UpperBits, valueMask } from './frame';

/**
 * Keyed tags of square blocks of what lies outside the covered areas: they tell where a picture was
 * altered. A tag is the inner product of the block's samples (each + 1) with 32-bit keys, modulo the
 * prime 2^32 - 5 (Gilbert, MacWilliams, Sloane, "Codes which detect deception", 1974): a changed block
 * keeps its tag with probability 2^-32, whoever changed it, since the tags travel encrypted and their
 * keys serve one frame.
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

/** Marks the samples that count: 1 outside the covered areas. */
function outsideOf(frame: Frame, coveredAreas: readonly Rectangle[]): Uint8Array {
  const outside = new Uint8Array(frame.samples.length).fill(1);
  for (const area of coveredAreas)
    forEachRow(frame, area, (start, length) => outside.fill(0, start, start + length));
  return outside;
}

function isWhollyCovered(outside: Uint8Array, frame: Frame, block: Rectangle): boolean {
  let covered = true;
  forEachRow(frame, block, (start, length) => {
    covered &&= !outside.subarray(start, start + length).includes(1);
  });
  return covered;
}

/** The blocks of a frame that reach out of the covered areas, in raster order. */
function blocksOf(frame: Frame, outside: Uint8Array, side: number): Rectangle[] {
  const blocks: Rectangle[] = [];
  for (let y = 0; y < frame.height; y += side) {
    for (let x = 0; x < frame.width; x += side) {
      const block = {
        x,
        y,
        width: Math.min(side, frame.width - x),
        height: Math.min(side, frame.height - y),
      };
      if (!isWhollyCovered(outside, frame, block)) blocks.push(block);
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
  const outside = outsideOf(frame, coveredAreas);
  const blocks = blocksOf(frame, outside, side);
  const tags = Uint32Array.from(blocks, (block) => {
    let sum = 0;
    let terms = 0;
    let row = 0;
    forEachRow(frame, block, (start, length) => {
      for (let k = 0; k < length; k++) {
        if (outside[start + k] === 0) continue;
        sum += (((samples[start + k] & mask) ^ flip) + 1) * keys[row + k];
        if (++terms === EXACT_TERMS) {
          sum %= PRIME;
          terms = 0;
        }
      }
      row += keyRow;
    });
    return sum % PRIME;
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
