import { TAG_LENGTH } from './contentKey';
import { coversFor, mergeOverlapping } from './cover';
import type { Frame, Rectangle } from './frame';
import { headerLength } from './header';
import type { ProtectionJob } from './job';
import type { Carrier } from './opened';
import { toRanks } from './palette';
import { planVault } from './plan';
import { isSealed, type QrContent } from './qrText';
import { checkRequest, type ProtectFrameOptions, prepare } from './request';
import { noRoomAround, planSurroundings } from './surroundings';
import { placeSymbol, type QrSymbol, type SymbolPlace } from './symbol';

/** What protecting would do. */
export interface FramePlan {
  readonly carrier: Carrier;
  /** What the QR codes would cover. */
  readonly coveredAreas: readonly Rectangle[];
  /** Empty where there would be no QR code. */
  readonly qrText: string;
  /** What that text holds; undefined where there would be no QR code. */
  readonly qrContent: QrContent | undefined;
  /** The QR code to draw; undefined where there would be none. */
  readonly symbol: QrSymbol | undefined;
  /** Where it lies on each covered area. */
  readonly places: readonly SymbolPlace[];
  /** Payload bits per sample under the QR; 0 with the surroundings carrier. */
  readonly bitsPerSample: number;
  /** Share of the hidden data's segments that may be lost, 0 to 1. */
  readonly parityShare: number;
  /** Samples that would change outside the covered areas, about. */
  readonly changedSamples: number;
  /** Peak signal-to-noise ratio of what lies outside, in decibels, about; infinite where nothing changes, 0 where it is scrambled. */
  readonly psnrOutside: number;
}

/**
 * Tells what {@link protectFrame} would do with the same arguments, without doing it.
 * Throws what it throws, but for `already-protected` and `proof-failed`; `no-room` with the numbers.
 */
export async function planFrame(
  original: Frame,
  job: ProtectionJob,
  options: ProtectFrameOptions,
): Promise<FramePlan> {
  const { carrier = 'vault', scramble = false, areas } = options;
  checkRequest(original, options);
  const frame = toRanks(original);
  const task = await prepare(frame, job, options);
  if (carrier === 'vault') {
    const { coveredAreas, places, symbol, bands, segments } = await planVault(
      frame,
      areas,
      job,
      scramble,
      task.encode,
    );
    const { dataSegments, paritySegments } = segments;
    const parityShare = paritySegments / (dataSegments + paritySegments);
    const covered = coveredAreas.reduce((sum, { width, height }) => sum + width * height, 0);
    const changedSamples = scramble ? frame.samples.length - covered * frame.samplesPerPixel : 0;
    const noise = { changedSamples, psnrOutside: scramble ? 0 : Infinity };
    const drawn = drawing(symbol, places, job);
    return { carrier, coveredAreas, ...drawn, bitsPerSample: bands.bits, parityShare, ...noise };
  }
  const [cover] = areas.length > 0 ? coversFor(frame, mergeOverlapping(areas), job) : [];
  const coveredAreas = cover?.areas ?? [];
  const length = job.envelopeList.length + (await task.encode(coveredAreas)).length + TAG_LENGTH;
  const { fits, capacityBits, changedSamples, psnr } = planSurroundings(
    frame,
    coveredAreas,
    8 * length,
    headerLength(coveredAreas.length),
  );
  if (!fits) throw noRoomAround(length, capacityBits >> 3);
  const places = cover ? coveredAreas.map((area) => placeSymbol(cover.symbol.size, area)) : [];
  return {
    carrier,
    coveredAreas,
    ...drawing(cover?.symbol, places, job),
    bitsPerSample: 0,
    parityShare: 0,
    changedSamples,
    psnrOutside: psnr,
  };
}

type Drawing = Pick<FramePlan, 'qrText' | 'qrContent' | 'symbol' | 'places'>;

function drawing(
  symbol: QrSymbol | undefined,
  places: readonly SymbolPlace[],
  { qr }: ProtectionJob,
): Drawing {
  if (symbol === undefined) return { qrText: '', qrContent: undefined, symbol, places };
  const { text } = symbol;
  return { qrText: text, qrContent: qr === 'sealed' && !isSealed(text) ? 'notice' : qr, symbol, places };
}
