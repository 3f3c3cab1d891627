import { ByteReader, ByteWriter } from '../../src/engine/bytes';
import { deflate, inflate } from '../../src/engine/payload/deflate';
import { type Frame, overlap, type Rectangle, valueMask } from '../../src/engine/pixels/frame';
import { decodeBase45, encodeBase45 } from '../../src/engine/qr/base45';
import { arnoldMap } from './arnold';
import { BitReader, BitWriter } from './bits';
import { indicesInside, readArea, readCodes, withCodes, writeArea } from './codes';
import { type Method, Refusal } from './method';
import {
  BLOCK,
  blocksAcross,
  carries,
  embed,
  extract,
  fits,
  forEachSample,
  predict,
} from './predictionErrorExpansion';
import { coverWithReport, coverWithSymbol, REPORT, readSymbols } from './symbol';

/**
 * The base paper of the student project (Li, Zhang, Li, Benton, Huang, Kasukurthi, Li, Lin, Borchert, Tan, Ma,
 * Yang, Huang, "Reversible data hiding based key region protection method in medical images", IEEE BIBM 2019,
 * doi:10.1109/BIBM47256.2019.8983086): the key region, 160 x 160 there, is scrambled with Arnold's map and
 * embedded, by reversible data hiding, in blocks around it whose texture is above a threshold; a QR code of
 * basic information and the parameters for decrypting takes its place. Here any area may be the key region.
 *
 * What its summary leaves open is chosen in its favour: prediction-error expansion with errors from -3 to 3;
 * texture is the standard deviation of a block of 8 x 8; the threshold is the highest at which the region
 * fits; the region's values take only as many bits as they span; which blocks carry, and what could not be
 * expanded, travels in the QR code as far as it has room for it, else beside the image.
 */

/** What the parameters begin with in the QR code, on a line of their own. */
const MARK = 'P:';
const MAX_PARAMETERS = 1 << 26;

interface Parameters {
  readonly area: Rectangle;
  /** The smallest code of the area, and the bits of each sample counted from there. */
  readonly minimum: number;
  readonly precision: number;
  readonly rounds: number;
  /** For each block 1 where it carries bits. */
  readonly blockMap: Uint8Array;
  readonly skipped: readonly number[];
}

function packParameters({ area, minimum, precision, rounds, blockMap, skipped }: Parameters): Uint8Array {
  const map = new BitWriter();
  for (const used of blockMap) map.bit(used);
  const writer = writeArea(new ByteWriter(), area).uint16(minimum).uint8(precision).uint8(rounds);
  writer.uint32(blockMap.length).bytes(map.finish());
  // Places as distances from one to the next, which pack better.
  skipped.forEach((place, k) => {
    writer.uint32(place - (skipped[k - 1] ?? 0));
  });
  return deflate(writer.finish());
}

function unpackParameters(packed: Uint8Array): Parameters {
  const reader = new ByteReader(inflate(packed, MAX_PARAMETERS));
  const area = readArea(reader);
  const [minimum, precision, rounds, blocks] = [
    reader.uint16(),
    reader.uint8(),
    reader.uint8(),
    reader.uint32(),
  ];
  const bits = new BitReader(reader.bytes(Math.ceil(blocks / 8)));
  const blockMap = Uint8Array.from({ length: blocks }, () => bits.bit());
  const skipped: number[] = [];
  while (reader.remaining > 0) skipped.push(reader.uint32() + (skipped.at(-1) ?? 0));
  return { area, minimum, precision, rounds, blockMap, skipped };
}

/** A block that is clear of the area. */
interface Block {
  readonly number: number;
  readonly texture: number;
  /** Bits that it carries. */
  readonly room: number;
}

/** The blocks clear of the area, the one with the most texture first. */
function blocksByTexture(frame: Frame, codes: Uint16Array, area: Rectangle): Block[] {
  const across = blocksAcross(frame.width);
  const blocks: Block[] = [];
  for (let number = 0; number < across * Math.ceil(frame.height / BLOCK); number++) {
    const [x, y] = [(number % across) * BLOCK, Math.floor(number / across) * BLOCK];
    if (overlap({ x, y, width: BLOCK, height: BLOCK }, area)) continue;
    let [count, sum, squares, room] = [0, 0, 0, 0];
    forEachSample(frame, number, (index) => {
      const code = codes[index];
      const prediction = predict(frame, codes, index);
      count++;
      sum += code;
      squares += code * code;
      if (carries(code - prediction) && fits(code, prediction, valueMask(frame))) room++;
    });
    blocks.push({ number, texture: squares / count - (sum / count) ** 2, room });
  }
  return blocks.sort((a, b) => b.texture - a.texture);
}

/** Which blocks carry bits, at the highest threshold at which there is room for `bits`. */
function chooseBlocks(frame: Frame, codes: Uint16Array, area: Rectangle, bits: number): Uint8Array {
  const map = new Uint8Array(blocksAcross(frame.width) * Math.ceil(frame.height / BLOCK));
  let room = 0;
  for (const block of blocksByTexture(frame, codes, area)) {
    if (room >= bits) return map;
    map[block.number] = 1;
    room += block.room;
  }
  if (room < bits) throw new Refusal(`the area needs ${bits} bits, and the blocks around carry ${room}`);
  return map;
}

const numbersOf = (map: Uint8Array): number[] => Array.from(map.keys()).filter((number) => map[number] === 1);

/** The samples of the area, its pixels in the order that Arnold's map gives them. */
function* scrambledIndices(frame: Frame, { area, rounds }: Pick<Parameters, 'area' | 'rounds'>) {
  const { samplesPerPixel } = frame;
  const inside = indicesInside(frame, area);
  for (const pixel of arnoldMap(area.width, area.height, rounds)) {
    for (let k = 0; k < samplesPerPixel; k++) yield inside[pixel * samplesPerPixel + k];
  }
}

/** Codes with the area blanked: neither direction may predict from it. */
function blank(frame: Frame, codes: Uint16Array, area: Rectangle): Uint16Array {
  const blanked = codes.slice();
  for (const index of indicesInside(frame, area)) blanked[index] = 0;
  return blanked;
}

/** The parameters in the QR code of a marked image; undefined where it has none that unpack. */
function findParameters(marked: Frame): Parameters | undefined {
  for (const text of readSymbols(marked)) {
    const [, packed] = text.split(`\n${MARK}`);
    if (packed !== undefined) return unpackParameters(decodeBase45(packed));
  }
  return undefined;
}

/** The method with a key, which says how many rounds of Arnold's map. */
export const keyRegion = (key: Uint8Array): Method => ({
  name: 'prediction-error expansion, Arnold',

  async hide(frame, area) {
    const original = readCodes(frame);
    const inside = indicesInside(frame, area);
    const values = inside.map((index) => original[index]);
    const minimum = values.reduce((least, value) => Math.min(least, value), 65535);
    const maximum = values.reduce((most, value) => Math.max(most, value), 0);
    const precision = 32 - Math.clz32(maximum - minimum);
    const rounds = 1 + (key[0] % 16);
    const codes = blank(frame, original, area);
    const count = inside.length * precision;
    const blockMap = chooseBlocks(frame, codes, area, count);

    const bits = new BitWriter();
    for (const index of scrambledIndices(frame, { area, rounds }))
      bits.number(original[index] - minimum, precision);
    const payload = new BitReader(bits.finish());
    const skipped: number[] = [];
    const carriers = { shape: frame, codes, blocks: numbersOf(blockMap), largest: valueMask(frame) };
    const embedded = embed(carriers, count, () => payload.bit(), skipped);

    const parameters = packParameters({ area, minimum, precision, rounds, blockMap, skipped });
    const around = withCodes(frame, embedded);
    try {
      const marked = coverWithSymbol(around, area, [
        { text: `${REPORT}\n`, mode: 'byte' },
        { text: MARK + encodeBase45(parameters), mode: 'alphanumeric' },
      ]);
      return { marked, sideData: new Uint8Array(0), coveredArea: area };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { marked: coverWithReport(around, area), sideData: parameters, coveredArea: area };
    }
  },

  async restore(marked, sideData) {
    const parameters = sideData.length > 0 ? unpackParameters(sideData) : findParameters(marked);
    if (parameters === undefined) return marked;
    const { area, minimum, precision, blockMap, skipped } = parameters;
    const codes = blank(marked, readCodes(marked), area);
    const count = area.width * area.height * marked.samplesPerPixel * precision;
    const bits = new BitWriter();
    const carriers = { shape: marked, codes, blocks: numbersOf(blockMap), largest: valueMask(marked) };
    extract(carriers, count, (bit) => bits.bit(bit), new Set(skipped));
    const payload = new BitReader(bits.finish());
    for (const index of scrambledIndices(marked, parameters))
      codes[index] = payload.number(precision) + minimum;
    return withCodes(marked, codes);
  },
});
