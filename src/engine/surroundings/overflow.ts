import { BitGatherer, BitSpreader, PROBABILITY_BITS, PROBABILITY_ONE, SMALLEST_PROBABILITY } from './coder';

/**
 * Samples whose tail would leave the legal codes stay where they are ("stuck"). The reader cannot tell
 * such a sample from one that moved to the same place, so the layer's own stream begins with a flag
 * for each sample that may be either, in scan order: 1 stuck, 0 moved. These samples carry no bits, so
 * the reader collects the stream first and settles them then; it needs no map elsewhere. Clean
 * backgrounds have none or all alike, and cost nothing or next to it.
 */

/** How fast the probability of a flag follows the flags seen: by 1/16 of the distance. */
const ADAPTION_SHIFT = 4;

const LARGEST_PROBABILITY = PROBABILITY_ONE - SMALLEST_PROBABILITY;

function adapt(probability: number, bit: number): number {
  const moved =
    bit === 1
      ? probability + ((PROBABILITY_ONE - probability) >> ADAPTION_SHIFT)
      : probability - (probability >> ADAPTION_SHIFT);
  return Math.min(LARGEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, moved));
}

const EVEN_ODDS = 2 ** (PROBABILITY_BITS - 1);

/** Codes flags (0 or 1 each); no bytes where none is 1. */
export function encodeFlags(flags: readonly number[]): Uint8Array<ArrayBuffer> {
  if (!flags.includes(1)) return new Uint8Array(0);
  const gatherer = new BitGatherer(flags.length);
  let probability = EVEN_ODDS;
  for (const flag of flags) {
    gatherer.add(flag, probability);
    probability = adapt(probability, flag);
  }
  const bytes = gatherer.shortest();
  // No bytes already mean no 1.
  return bytes.length > 0 ? bytes : new Uint8Array(1);
}

/** Gives the flags back one by one; any bytes give some flags. */
export function flagReader(bytes: Uint8Array): () => number {
  if (bytes.length === 0) return () => 0;
  const spreader = new BitSpreader(bytes);
  let probability = EVEN_ODDS;
  return () => {
    const flag = spreader.next(probability);
    probability = adapt(probability, flag);
    return flag;
  };
}
