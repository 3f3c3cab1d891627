import type { Rectangle } from '../../engine/pixels/frame';
import type { FilePlan, PlanRequest } from '../../viewer/service';

/** Whether a sealed report needs more than the key areas have, so that one of the two gives way. */
export function isTight(
  { coveredAreas, qrContent }: FilePlan,
  { qr, fit, report, areas }: PlanRequest,
): boolean {
  if (qr !== 'sealed' || report === '') return false;
  if (fit === 'area') return qrContent === 'notice';
  return (
    qrContent === 'sealed' &&
    coveredAreas.some((area) => !areas.some((drawn) => isEqual(area, drawn.rectangle)))
  );
}

const isEqual = (a: Rectangle, b: Rectangle): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
