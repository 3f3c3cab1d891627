import type { ProtectionJob } from './job';
import { measureDistortion } from './pixels/distortion';
import type { Frame } from './pixels/frame';
import { toRanks } from './pixels/palette';
import type { ProtectedFrame } from './protect';
import { isSealed, type QrContent } from './qr/qrText';
import type { QrSymbol, SymbolPlace } from './qr/symbol';
import { checkRequest, type ProtectFrameOptions, prepare } from './request';
import { write } from './write';

/**
 * What protecting would come to. Random bytes move the figures of the surroundings carrier a little from
 * one time to the next: the noise ratio by about a tenth of a decibel.
 */
export interface FramePlan extends Omit<ProtectedFrame, 'frame' | 'symbolValues'> {
  /** What the QR text holds; undefined where there would be no QR code. */
  readonly qrContent: QrContent | undefined;
  /** The QR code to draw; undefined where there would be none. */
  readonly symbol: QrSymbol | undefined;
  /** Where it lies on each covered area. */
  readonly places: readonly SymbolPlace[];
}

/**
 * Tells what {@link protectFrame} would do with the same arguments, by doing it without keeping it.
 * Throws what it throws, but for `already-protected` and `proof-failed`; `no-room` with the numbers.
 */
export async function planFrame(
  original: Frame,
  job: ProtectionJob,
  options: ProtectFrameOptions,
): Promise<FramePlan> {
  checkRequest(original, options);
  const frame = toRanks(original);
  const { frame: output, bands, ...written } = await write(prepare(frame, job, options), options);
  const { carrier, coveredAreas, symbol, places, parityShare, toleratedMark } = written;
  return {
    carrier,
    coveredAreas,
    qrText: symbol?.text ?? '',
    qrContent: symbol && contentOf(symbol, job),
    symbol,
    places,
    bitsPerSample: bands.bits,
    parityShare,
    toleratedMark,
    ...measureDistortion(frame, output, coveredAreas),
  };
}

const contentOf = ({ text }: QrSymbol, { qr }: ProtectionJob): QrContent =>
  qr === 'sealed' && !isSealed(text) ? 'notice' : qr;
