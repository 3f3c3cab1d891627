import { ByteReader, ByteWriter } from '../bytes';
import { type Frame, valueMask } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';
import { BitGatherer, BitSpreader, entropyOf, PROBABILITY_ONE, SMALLEST_PROBABILITY } from './coder';
import { MAX_STREAM_LENGTH } from './parameters';
import { whiten } from './stream';

/**
 * Values among empty ones carry bits: a background of one value, or images of 16 bits that were made of 12. Where a
 * code occurs among free samples and those around it do not, its samples may move there: histogram shifting with
 * empty bins (Ni, Shi, Ansari and Su, "Reversible data hiding", IEEE Transactions on Circuits and Systems for Video
 * Technology 16(3), 2006), widened to several empty bins on both sides, which samples move to as improbably as odds
 * say. No other sample has to move.
 *
 * It comes before the layers and is undone after them: what it needs travels in their data.
 *
 * | size | field |
 * |---|---|
 * | 3 | length of the stream; 0: no sample moved |
 * | 1 | odds - 1 |
 * | 2 | number of codes |
 * | 3 each | code, and in 4 bits each how far its samples may move up and down |
 */
export interface ValueRules {
  /** Bytes. */
  readonly streamLength: number;
  /** As those of a layer: 1 to 256. */
  readonly odds: number;
  readonly moving: readonly MovingCode[];
}

/** A code, and how far its samples may move, 0 to 15 each. */
export interface MovingCode {
  readonly code: number;
  readonly up: number;
  readonly down: number;
}

/** A code that may move, and how many samples have it. */
export interface FrequentCode extends MovingCode {
  readonly count: number;
}

const FARTHEST = 15;
/** Samples that a code must have to be worth its three bytes. */
const FEWEST_SAMPLES = 64;

/** The codes among empty ones that free samples have often. Of the empty ones between two codes each may take half. */
export function findMovingCodes(frame: Frame, codes: Uint16Array, free: Uint8Array): FrequentCode[] {
  const mask = valueMask(frame);
  const counts = new Uint32Array(mask + 1);
  for (let i = 0; i < codes.length; i++) counts[codes[i]] += free[i];
  const padding = paddingCodes(frame) ?? { minimum: mask + 1, maximum: mask };
  const isEmpty = (code: number) => counts[code] === 0 && (code < padding.minimum || code > padding.maximum);
  /** The empty codes beside one that it may take: all of them where no code with samples is near behind them. */
  const emptyBeside = (code: number, step: 1 | -1): number => {
    let empty = 0;
    let next = code + step;
    for (; empty < 2 * FARTHEST && isEmpty(next); next += step) empty++;
    if (!(counts[next] > 0)) return Math.min(FARTHEST, empty);
    const hasMore = step === 1 ? counts[code] >= counts[next] : counts[code] > counts[next];
    return Math.min(FARTHEST, hasMore ? Math.ceil(empty / 2) : Math.floor(empty / 2));
  };
  const moving: FrequentCode[] = [];
  counts.forEach((count, code) => {
    if (count < FEWEST_SAMPLES) return;
    const [up, down] = [emptyBeside(code, 1), emptyBeside(code, -1)];
    if (up + down > 0) moving.push({ code, up, down, count });
  });
  return moving;
}

/** Where a sample may move, the nearest first, and the probability, in 1/4096, that it goes on from each: 0 from the last. */
interface Way {
  readonly offsets: readonly number[];
  readonly goesOn: readonly number[];
}

/**
 * The way of a code. A sample stays or moves by d with a weight of 65536 for d = 0, and for each next d that of the one
 * before times the share of the layers' bins (`bins.ts`): moving by one more costs 2 d + 1 in squared error.
 */
function wayOf({ up, down }: MovingCode, odds: number): Way {
  const offsets = [0];
  const weights = [65536];
  let weight = 65536;
  let share = odds * 256;
  for (let d = 1; d <= Math.max(up, down); d++) {
    weight = Math.floor((weight * share) / 65536);
    share = Math.floor((share * odds * odds) / 65536);
    for (const offset of [d, -d]) {
      if (offset > up || -offset > down) continue;
      offsets.push(offset);
      weights.push(weight);
    }
  }
  const goesOn = weights.map(() => 0);
  for (let k = weights.length - 2, beyond = 0; k >= 0; k--) {
    beyond += weights[k + 1];
    const probability = Math.floor((PROBABILITY_ONE * beyond) / Math.max(1, beyond + weights[k]));
    goesOn[k] = Math.min(PROBABILITY_ONE - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, probability));
  }
  return { offsets, goesOn };
}

/** Ways by code; codes that go the same way share it. */
function waysOf(moving: readonly MovingCode[], odds: number): Map<number, Way> {
  const ways = new Map<number, Way>();
  return new Map(
    moving.map((code) => {
      const name = 16 * code.up + code.down;
      const way = ways.get(name) ?? wayOf(code, odds);
      ways.set(name, way);
      return [code.code, way];
    }),
  );
}

/** What the samples of moving codes are expected to carry together, in bits, and their squared error. */
export function yieldOf(moving: readonly FrequentCode[], odds: number): { bits: number; errors: number } {
  const ways = waysOf(moving, odds);
  let bits = 0;
  let errors = 0;
  for (const { code, count } of moving) {
    const { offsets, goesOn } = ways.get(code)!;
    let reach = count;
    offsets.forEach((offset, k) => {
      const share = goesOn[k] / PROBABILITY_ONE;
      if (share > 0) bits += reach * entropyOf(share);
      errors += reach * (1 - share) * offset * offset;
      reach *= share;
    });
  }
  return { bits, errors };
}

/** What was embedded. */
export interface EmbeddedValues {
  /** The length of their stream is how many bytes of the data it took. */
  readonly rules: ValueRules;
  /** The codes with them. */
  readonly codes: Uint16Array;
}

/** Moves samples; false where they end before `spreader` has all its bytes out. */
function spread(
  codes: Uint16Array,
  marked: Uint16Array,
  free: Uint8Array,
  ways: ReadonlyMap<number, Way>,
  spreader: BitSpreader,
): boolean {
  const waysByCode = new Array<Way | undefined>(65536);
  for (const [code, way] of ways) waysByCode[code] = way;
  for (let i = 0; i < codes.length; i++) {
    const way = free[i] === 1 ? waysByCode[codes[i]] : undefined;
    if (way === undefined) continue;
    let k = 0;
    while (way.goesOn[k] > 0 && !spreader.finished && spreader.next(way.goesOn[k]) === 1) k++;
    marked[i] = codes[i] + way.offsets[k];
    if (spreader.finished) return true;
  }
  return false;
}

/** Embeds as much of `data` as the codes take, from its start; `codes` are not written to. */
export function embedValues(
  codes: Uint16Array,
  free: Uint8Array,
  moving: readonly MovingCode[],
  odds: number,
  data: Uint8Array,
): EmbeddedValues {
  const ways = waysOf(moving, odds);
  for (let length = Math.min(data.length, MAX_STREAM_LENGTH); length > 0; ) {
    const spreader = new BitSpreader(whiten(data.subarray(0, length)));
    const marked = codes.slice();
    if (spread(codes, marked, free, ways, spreader)) {
      return { rules: { streamLength: length, odds, moving }, codes: marked };
    }
    length = Math.min(length - 1, spreader.determined);
  }
  return { rules: { streamLength: 0, odds, moving: [] }, codes };
}

/**
 * For each code the one that its samples had, -1 where they did not move.
 * Throws `RangeError` where ways meet, or lead to padding or out of the legal codes.
 */
function originsOf(frame: Frame, ways: ReadonlyMap<number, Way>): Int32Array {
  const origins = new Int32Array(valueMask(frame) + 1).fill(-1);
  const padding = paddingCodes(frame);
  for (const [code, { offsets }] of ways) {
    for (const offset of offsets) {
      const place = code + offset;
      if (origins[place] !== -1 || (padding && place >= padding.minimum && place <= padding.maximum)) {
        throw new RangeError('a value moves where none may');
      }
      origins[place] = code;
    }
  }
  return origins;
}

/**
 * Takes the data out of `codes`, which are the frame's, and restores them there.
 * Throws `RangeError` where they do not hold a stream of that length, and for rules that no writer writes.
 */
export function extractValues(
  frame: Frame,
  codes: Uint16Array,
  free: Uint8Array,
  { streamLength, odds, moving }: ValueRules,
): Uint8Array<ArrayBuffer> {
  // A sample gives at most 30 bits, each of which shifts a byte at most.
  if (streamLength > 2 * FARTHEST * codes.length)
    throw new RangeError('the stream is longer than its picture');
  const ways = waysOf(moving, odds);
  if (ways.size < moving.length) throw new RangeError('a value moves in two ways');
  const origins = originsOf(frame, ways);
  if (streamLength === 0) return new Uint8Array(0);
  const gatherer = new BitGatherer(streamLength);
  for (let i = 0; i < codes.length && !gatherer.finished; i++) {
    const code = codes[i];
    const way = free[i] === 1 && origins[code] >= 0 ? ways.get(origins[code]) : undefined;
    if (way === undefined) continue;
    const { offsets, goesOn } = way;
    codes[i] = origins[code];
    const last = offsets.indexOf(code - codes[i]);
    for (let k = 0; k <= last && goesOn[k] > 0 && !gatherer.finished; k++) {
      gatherer.add(k < last ? 1 : 0, goesOn[k]);
    }
  }
  return whiten(gatherer.finish());
}

export function encodeValueRules({ streamLength, odds, moving }: ValueRules): Uint8Array {
  const writer = new ByteWriter()
    .uint24(streamLength)
    .uint8(odds - 1)
    .uint16(moving.length);
  for (const { code, up, down } of moving) writer.uint16(code).uint8((up << 4) | down);
  return writer.finish();
}

/** Reads what `encodeValueRules` wrote from the start of `bytes`. Throws `RangeError`. */
export function decodeValueRules(bytes: Uint8Array): { rules: ValueRules; length: number } {
  const reader = new ByteReader(bytes);
  const streamLength = reader.uint24();
  const odds = reader.uint8() + 1;
  const moving = Array.from({ length: reader.uint16() }, () => {
    const code = reader.uint16();
    const way = reader.uint8();
    return { code, up: way >> 4, down: way & 15 };
  });
  return { rules: { streamLength, odds, moving }, length: bytes.length - reader.remaining };
}
