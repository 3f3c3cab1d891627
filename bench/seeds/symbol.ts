import { type Frame, type Rectangle, upperBitsOf, withSamples } from '../../src/engine/pixels/frame';
import { usedRange } from '../../src/engine/pixels/usedValues';
import { findSymbols } from '../../src/engine/qr/finder';
import { drawSymbol, placeSymbol, type QrSegment } from '../../src/engine/qr/symbol';
import { readQr } from '../../src/engine/scan/readQr';
import { paintSymbols } from '../../src/engine/vault/vault';
import { Refusal } from './method';

/** What the seeds' QR codes say in clear, as the student project's does. */
export const REPORT = 'Findings: ill-defined consolidation in the right middle lobe, 12 mm.';

const LARGEST_VERSION = 40;

/** Covers an area with a QR code, as large as fits, in the image's darkest and lightest values. */
export function coverWithSymbol(frame: Frame, area: Rectangle, segments: readonly QrSegment[]): Frame {
  const symbol = drawSymbol(segments, 'L', 1, LARGEST_VERSION);
  const place = symbol && placeSymbol(symbol.size, area);
  if (symbol === undefined || place === undefined || place.modulePixels === 0) {
    throw new Refusal('the area is too small for its QR code');
  }
  const covered = withSamples(frame, frame.samples.slice());
  const { minimum, maximum } = usedRange(frame);
  const bands = { lower: minimum, upper: maximum, bits: 0 };
  paintSymbols(covered, bands, [area], upperBitsOf(frame), symbol, [place]);
  return covered;
}

/** Covers an area with a QR code of the report. */
export const coverWithReport = (frame: Frame, area: Rectangle): Frame =>
  coverWithSymbol(frame, area, [{ text: REPORT, mode: 'byte' }]);

/** The texts of the QR codes that are seen in a frame. */
export function* readSymbols(frame: Frame): Generator<string> {
  for (const symbols of findSymbols(frame, 'rows')) {
    for (const symbol of symbols) {
      const text = readQr(frame, symbol);
      if (text !== undefined) yield text;
    }
  }
}
