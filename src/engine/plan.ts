import { type Bands, candidateRanges, MAX_BITS_PER_SAMPLE, paddingCodes, placeBands } from './bands';
import { type Cover, coversFor, growTo, MAX_GROWTH, mergeOverlapping } from './cover';
import { KeyAreaError } from './errors';
import { type CodeRange, type Frame, type Rectangle, valueMask } from './frame';
import { headerLength } from './header';
import type { ProtectionJob } from './job';
import { countHeaderSlots } from './order';
import { TAG_LENGTH } from './saltedKey';
import { LEAST_PARITY, PARITY_SHARES, payloadRoom, planSegments, type SegmentPlan } from './segments';
import { placeSymbol, type QrSymbol, type SymbolPlace } from './symbol';
import { vaultCapacity } from './vault';
import type { CodedAreas, Encoder } from './writer';

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

interface Attempt {
  readonly symbol: QrSymbol;
  readonly coveredAreas: Rectangle[];
  readonly ranges: CodeRange[];
}

/** What is tried: covers, areas, and the value ranges for the bands, in the order of wishes. */
function* attempts(frame: Frame, covers: readonly Cover[], scramble: boolean): Generator<Attempt> {
  // Among noise the bands must span all values, so that the symbol is still seen.
  const [used, ...wider] = scramble ? [{ minimum: 0, maximum: valueMask(frame) }] : candidateRanges(frame);
  const usable = placeBands(used, 1, scramble ? undefined : paddingCodes(frame)) !== undefined;
  for (const cover of covers) {
    const { symbol } = cover;
    for (const [coveredAreas, factor] of growingAreas(frame, cover)) {
      if (usable && factor <= MAX_GROWTH) yield { symbol, coveredAreas, ranges: [used] };
    }
    for (const [coveredAreas, factor] of growingAreas(frame, cover)) {
      yield { symbol, coveredAreas, ranges: factor > MAX_GROWTH ? [used, ...wider] : wider };
    }
  }
}

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

/**
 * Finds the first plan that fits. The encoder is asked once for each set of covered areas.
 * Throws `image-too-small`, `report-too-long` and `no-room`.
 */
export async function planVault(
  frame: Frame,
  areas: readonly Rectangle[],
  job: ProtectionJob,
  scramble: boolean,
  encoder: Encoder,
): Promise<VaultPlan> {
  const covers = coversFor(frame, mergeOverlapping(areas), job);
  const padding = scramble ? undefined : paddingCodes(frame);
  const envelopesLength = job.envelopeList.length;
  const codings = new Map<string, CodedAreas>();
  const payloads = new Map<string, Uint8Array>();
  let needed = 0;
  let available = 0;

  for (const { symbol, coveredAreas, ranges } of attempts(frame, covers, scramble)) {
    const places = coveredAreas.map((area) => placeSymbol(symbol.size, area));
    const slots = countHeaderSlots(frame, places, headerLength(coveredAreas.length));
    if (slots === undefined) continue;
    const name = JSON.stringify(coveredAreas);
    const coding = codings.get(name) ?? (await encoder.code(coveredAreas));
    codings.set(name, coding);
    for (const range of ranges) {
      const options = bandsIn(range, padding).map((bands) => ({
        bands,
        capacity: vaultCapacity(frame, { bands, coveredAreas, slots }),
      }));
      available = Math.max(0, ...options.map(({ capacity }) => payloadRoom(capacity, envelopesLength)));
      needed = (payloads.get(name) ?? coding).length + TAG_LENGTH;
      if (needed > available) continue;
      const payload = payloads.get(name) ?? (await encoder.encode(coding));
      payloads.set(name, payload);
      needed = payload.length + TAG_LENGTH;
      // More parity before quieter bands; but the widest bands, which tire a QR reader, only in need.
      for (const share of PARITY_SHARES) {
        for (const { bands, capacity } of share === LEAST_PARITY ? options : options.slice(0, -1)) {
          const segments = planSegments(capacity, envelopesLength, needed, share);
          if (segments)
            return { scrambled: scramble, symbol, coveredAreas, places, bands, segments, payload };
        }
      }
    }
  }
  throw new KeyAreaError(
    'no-room',
    `The key area does not fit under its QR code: it needs ${needed} bytes, and ${available} fit even where the QR covers the whole image. Its pixels are too noisy to be packed tightly enough.`,
  );
}
