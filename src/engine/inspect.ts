import { type EnvelopeKind, kindOf } from './envelope';
import { checkFrame, type Frame, type Rectangle } from './frame';
import { locate, notProtected } from './locate';
import { toRanks } from './palette';
import { noticeOf } from './qrText';
import { readQr } from './readQr';
import { readEnvelopes } from './restore';

/** What anyone can tell of a protected frame, without a key. */
export interface FrameInspection {
  readonly carrier: 'vault';
  readonly coveredAreas: readonly Rectangle[];
  readonly bitsPerSample: number;
  /** What opens it, one entry per envelope. */
  readonly keys: readonly EnvelopeKind[];
  readonly qrText: string;
  /** The public part of the QR text. */
  readonly notice: string;
}

/**
 * Tells what protects a frame. Throws `not-protected`, `damaged`, `unsupported-version`.
 */
export function inspectFrame(frame: Frame): FrameInspection {
  checkFrame(frame);
  const { frame: upright, headers } = locate(toRanks(frame));
  const [located] = headers;
  if (located === undefined) throw notProtected();
  const qrText = readQr(upright, located.found) ?? '';
  return {
    carrier: 'vault',
    coveredAreas: located.header.coveredAreas,
    bitsPerSample: located.header.bands.bits,
    keys: readEnvelopes(upright, located).map(kindOf),
    qrText,
    notice: noticeOf(qrText),
  };
}
