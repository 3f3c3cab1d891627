import { KeyAreaError } from '../errors';
import { headerLength } from '../header';
import type { ProtectionJob } from '../job';
import { TAG_LENGTH } from '../keys/saltedKey';
import { residualBits } from '../payload/residuals';
import { type CodeRange, type Frame, pixelsIn, type Rectangle, valueMask } from '../pixels/frame';
import { paddingCodes } from '../pixels/usedValues';
import { placeSymbol, type QrSymbol, type SymbolPlace } from '../qr/symbol';
import type { CodedAreas, Encoder } from '../writer';
import { type Bands, candidateRanges, MAX_BITS_PER_SAMPLE, placeBands } from './bands';
import { type Cover, coversFor, growTo, MAX_GROWTH, mergeOverlapping } from './cover';
import { countHeaderSlots } from './headerSlots';
import { LEAST_PARITY, PARITY_SHARES, payloadRoom, planSegments, type SegmentPlan } from './segments';
import { vaultCapacity } from './vault';

/**
 * Planning: which area is covered, by which symbol, with which bands. The covered area is the key
 * area, grown until symbol and payload fit.
 */

/** Sides grow by this factor from one try to the next. */
const GROWTH_STEP = 1.15;

export interface CoverPlan {
  readonly symbol: QrSymbol;
  readonly coveredAreas: readonly Rectangle[];
  readonly places: readonly SymbolPlace[];
}

export interface VaultPlan extends CoverPlan {
  readonly scrambled: boolean;
  readonly bands: Bands;
  readonly segments: SegmentPlan;
  readonly payload: Uint8Array;
}

/** Ever larger covered areas, from those the symbol needs to the whole image. */
function* growingAreas(frame: Frame, cover: Cover): Generator<[Rectangle[], number]> {
  for (let factor = 1; ; factor *= GROWTH_STEP) {
    const grown = mergeOverlapping(
      cover.areas.map((area) => growTo(area, area.width * factor, area.height * factor, frame)),
    );
    const longest = Math.max(...grown.map(({ width, height }) => Math.max(width, height)));
    if (factor > 1 && longest > cover.maximumSide) return;
    yield [grown, factor];
    if (grown.some(({ width, height }) => width === frame.width && height === frame.height)) return;
  }
}

/** What a range of values has room for. */
interface Choice {
  /** Of 1, 2, ... payload bits, and the bytes of a vault that is written with them. */
  readonly options: readonly { readonly bands: Bands; readonly capacity: number }[];
  /** Payload bytes that the roomiest of them holds. */
  readonly room: number;
}

interface Attempt extends CoverPlan {
  readonly choices: readonly Choice[];
}

const roomOf = (choices: readonly Choice[]): number => Math.max(...choices.map(({ room }) => room));

/** The bands of 1, 2, ... payload bits that a range has room for. */
function bandsIn(range: CodeRange, padding: CodeRange | undefined): Bands[] {
  const all: Bands[] = [];
  for (let bits = 1; bits <= MAX_BITS_PER_SAMPLE; bits++) {
    const bands = placeBands(range, bits, padding);
    if (bands === undefined) break;
    all.push(bands);
  }
  return all;
}

/** Bytes of a coding that are spent before it has come to know the image, about. */
const LEARNING = 150;

/** An area may well take so much less than what is expected of it. */
const HOPE = 0.93;

/** What is known of covered areas so far. */
interface Known {
  readonly coveredAreas: readonly Rectangle[];
  residualBits?: number;
  coding?: CodedAreas;
  payload?: Uint8Array;
}

/** Covered areas coded, each once, and what others would come to. */
class Codings {
  readonly #frame: Frame;
  readonly #encoder: Encoder;
  readonly #known = new Map<string, Known>();
  /** What was coded last. */
  #latest: Known | undefined;

  constructor(frame: Frame, encoder: Encoder) {
    this.#frame = frame;
    this.#encoder = encoder;
  }

  #of(coveredAreas: readonly Rectangle[]): Known {
    if (this.#latest?.coveredAreas === coveredAreas) return this.#latest;
    const name = JSON.stringify(coveredAreas);
    const known = this.#known.get(name) ?? { coveredAreas };
    this.#known.set(name, known);
    return known;
  }

  async code(areas: readonly Rectangle[]): Promise<CodedAreas> {
    const known = this.#of(areas);
    known.coding ??= await this.#encoder.code(areas);
    this.#latest = known;
    return known.coding;
  }

  async payloadOf(areas: readonly Rectangle[]): Promise<Uint8Array> {
    const known = this.#of(areas);
    known.payload ??= await this.#encoder.encode(await this.code(areas));
    return known.payload;
  }

  /** Bytes that a payload takes at least; expected, where its areas are not coded yet. */
  leastOf(areas: readonly Rectangle[]): number {
    const known = this.#of(areas);
    const exact = known.payload ?? known.coding;
    if (exact) return exact.length + TAG_LENGTH;
    if (this.#latest?.coding === undefined) return 0;
    const growth = this.#bitsOf(known) / this.#bitsOf(this.#latest);
    return HOPE * (LEARNING + (this.#latest.coding.length - LEARNING) * growth) + TAG_LENGTH;
  }

  #bitsOf(known: Known): number {
    known.residualBits ??= residualBits(this.#frame, known.coveredAreas);
    return known.residualBits;
  }
}

/**
 * What is tried: covers, areas, and the value ranges for the bands, in the order of wishes. Only areas that will hardly
 * fit with the values in use come after wider bands at the same sizes, since coding takes long.
 */
function* attempts(
  frame: Frame,
  covers: readonly Cover[],
  envelopesLength: number,
  scramble: boolean,
  codings: Codings,
): Generator<Attempt> {
  const padding = scramble ? undefined : paddingCodes(frame);
  // Among noise the bands must span all values, so that the symbol is still seen.
  const [used, ...wider] = scramble ? [{ minimum: 0, maximum: valueMask(frame) }] : candidateRanges(frame);
  const usable = placeBands(used, 1, padding) !== undefined;

  /** None where a symbol is too small for a header. */
  function* attempt(symbol: QrSymbol, coveredAreas: Rectangle[], ranges: CodeRange[]): Generator<Attempt> {
    const places = coveredAreas.map((area) => placeSymbol(symbol.size, area));
    const slots = countHeaderSlots(frame, places, headerLength(coveredAreas.length));
    if (slots === undefined || ranges.length === 0) return;
    const choices = ranges.map((range) => {
      const options = bandsIn(range, padding).map((bands) => ({
        bands,
        capacity: vaultCapacity(frame, { bands, coveredAreas, slots }),
      }));
      const room = Math.max(0, ...options.map(({ capacity }) => payloadRoom(capacity, envelopesLength)));
      return { options, room };
    });
    yield { symbol, coveredAreas, places, choices };
  }

  for (const cover of covers) {
    const { symbol } = cover;
    const growing = [...growingAreas(frame, cover)];
    const small = growing.filter(([, factor]) => factor <= MAX_GROWTH);
    const unlikely: Attempt[] = [];
    for (const [coveredAreas] of usable ? small : []) {
      for (const tried of attempt(symbol, coveredAreas, [used])) {
        if (codings.leastOf(coveredAreas) > roomOf(tried.choices)) unlikely.push(tried);
        else yield tried;
      }
    }
    for (const [coveredAreas] of small) yield* attempt(symbol, coveredAreas, wider);
    yield* unlikely;
    for (const [coveredAreas] of growing.slice(small.length)) {
      yield* attempt(symbol, coveredAreas, [used, ...wider]);
    }
  }
}

/** Finds the first plan that fits. Throws `image-too-small`, `report-too-long` and `no-room`. */
export async function planVault(
  frame: Frame,
  areas: readonly Rectangle[],
  job: ProtectionJob,
  scramble: boolean,
  encoder: Encoder,
): Promise<VaultPlan> {
  const covers = coversFor(frame, mergeOverlapping(areas), job);
  const envelopesLength = job.envelopeList.length;
  const codings = new Codings(frame, encoder);
  let largest = { pixels: 0, needed: 0, room: 0 };

  const all = attempts(frame, covers, envelopesLength, scramble, codings);
  for (const { choices, ...cover } of all) {
    const { coveredAreas } = cover;
    await codings.code(coveredAreas);
    for (const { options, room } of choices) {
      if (codings.leastOf(coveredAreas) > room) continue;
      const payload = await codings.payloadOf(coveredAreas);
      const needed = payload.length + TAG_LENGTH;
      // More parity before quieter bands; but the widest bands, which tire a QR reader, only in need.
      for (const share of PARITY_SHARES) {
        for (const { bands, capacity } of share === LEAST_PARITY ? options : options.slice(0, -1)) {
          const segments = planSegments(capacity, envelopesLength, needed, share);
          if (segments) return { ...cover, scrambled: scramble, bands, segments, payload };
        }
      }
    }
    const pixels = pixelsIn(coveredAreas);
    const room = roomOf(choices);
    if (pixels > largest.pixels || (pixels === largest.pixels && room > largest.room))
      largest = { pixels, needed: codings.leastOf(coveredAreas), room };
  }
  throw new KeyAreaError(
    'no-room',
    `The key area does not fit under its QR code: it needs ${largest.needed} bytes, and ${largest.room} fit even where the QR covers the whole image. Its pixels are too noisy to be packed tightly enough.`,
  );
}
