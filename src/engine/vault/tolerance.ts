import { HEADER_COPIES } from '../header';
import type { Frame, Rectangle } from '../pixels/frame';
import { symbolSide } from '../qr/symbol';
import { bandHeight, bandsIn } from './order';
import type { VaultPlan } from './plan';
import { CRC_LENGTH } from './segments';

/** Most units of length `unit` that a run of `length` touches, wherever it begins. */
const touched = (length: number, unit: number): number => Math.floor((length - 2) / unit) + 2;

/**
 * How large a mark may be: the side in pixels of the largest square that may be painted over anywhere on a
 * covered area, in any values, so that the picture still restores; 0 where nothing may.
 *
 * A square that is no wider than a third of a symbol leaves each bit of the header in two copies, a whole
 * finder pattern and a whole envelope list. What is left to see to is that it touches no more segments than
 * there is parity for, by the carrier order (`order.ts`).
 */
export function toleratedMark(frame: Frame, plan: VaultPlan): number {
  const { coveredAreas, places } = plan;
  const limits = coveredAreas.map((area) => largestSquare(frame, area, plan));
  const third = Math.min(...places.map(({ size, modulePixels }) => symbolSide(size, modulePixels)));
  return Math.min(Math.floor(third / HEADER_COPIES), ...limits);
}

function largestSquare(frame: Frame, area: Rectangle, plan: VaultPlan): number {
  const { bands, coveredAreas, segments } = plan;
  const { dataSegments, paritySegments, segmentLength } = segments;
  const count = bandsIn(area, bandHeight(coveredAreas, dataSegments + paritySegments));
  const bitsAcross = Math.ceil(area.height / count) * frame.samplesPerPixel * bands.bits;
  const segmentBits = 8 * (segmentLength + CRC_LENGTH);
  const lost = (side: number): number =>
    Math.min(count, touched(side, Math.floor(area.height / count))) * touched(side * bitsAcross, segmentBits);
  let side = 0;
  while (side < Math.min(area.width, area.height) && lost(side + 1) <= paritySegments) side++;
  return side;
}
