import { type EnvelopeKind, kindOf } from './keys/envelope';
import type { Carrier } from './opened';
import { checkFrame, type Frame, type Rectangle } from './pixels/frame';
import { toRanks } from './pixels/palette';
import { noticeOf } from './qr/qrText';
import { openCarriers } from './restore';
import { readQr } from './scan/readQr';

/** What anyone can tell of a protected frame, without a key. */
export interface FrameInspection {
  /** Where the hidden data lie. */
  readonly carrier: Carrier;
  /** None where a report alone is hidden. */
  readonly coveredAreas: readonly Rectangle[];
  /** Payload bits per sample under the QR; 0 with the surroundings carrier. */
  readonly bitsPerSample: number;
  /** What opens it, one entry per envelope. */
  readonly keys: readonly EnvelopeKind[];
  /** Empty where there is no QR code, or none that can be read. */
  readonly qrText: string;
  /** The public part of the QR text. */
  readonly notice: string;
}

/**
 * Tells what protects a frame. Throws `not-protected`, `stored-with-loss`, `damaged`, `unsupported-version`.
 */
export function inspectFrame(frame: Frame): FrameInspection {
  checkFrame(frame);
  const { located, carriers } = openCarriers(toRanks(frame));
  const { carrier, coveredAreas, bitsPerSample, envelopes } = carriers[0]();
  const symbol = located.headers[0]?.found ?? located.foreign;
  const qrText = (symbol && coveredAreas.length > 0 ? readQr(located.frame, symbol) : undefined) ?? '';
  return {
    carrier,
    coveredAreas,
    bitsPerSample,
    keys: envelopes.map(kindOf),
    qrText,
    notice: noticeOf(qrText),
  };
}
