import type { Rectangle } from '../../engine/pixels/frame';
import type { Picture } from '../../viewer/port';
import type { FilePlan } from '../../viewer/service';

/** Light modules around a symbol (ISO/IEC 18004). */
const QUIET_ZONE = 4;
/** More of the picture around a covered area than this share of its longer side helps nobody. */
const MARGIN = 0.35;

/** What to show around what is covered: the first covered area with some of the picture around it. */
export function cropAround({ coveredAreas: [area], width, height }: FilePlan): Rectangle {
  if (area === undefined) return { x: 0, y: 0, width, height };
  const side = Math.round(Math.max(area.width, area.height) * (1 + 2 * MARGIN));
  const place = (start: number, length: number, limit: number): [number, number] => {
    const shown = Math.min(limit, side);
    return [Math.min(Math.max(0, Math.round(start + length / 2 - shown / 2)), limit - shown), shown];
  };
  const [x, shownWidth] = place(area.x, area.width, width);
  const [y, shownHeight] = place(area.y, area.height, height);
  return { x, y, width: shownWidth, height: shownHeight };
}

/**
 * Draws what protecting would do over a picture of a `region` of the image: the QR codes, light around
 * them, and noise where the rest is scrambled. Changes of the surroundings are too small to be seen.
 */
export function paintPlan(picture: Picture, region: Rectangle, plan: FilePlan, scrambled: boolean): void {
  const { data } = picture;
  const step = region.width / picture.width;
  for (let row = 0, target = 0; row < picture.height; row++) {
    const y = region.y + Math.floor(row * step);
    for (let column = 0; column < picture.width; column++, target += 4) {
      const level = levelAt(region.x + Math.floor(column * step), y, plan, scrambled);
      if (level !== undefined) data.fill(level, target, target + 3);
    }
  }
}

/** 0 to 255; undefined where the picture stays as it is. */
function levelAt(x: number, y: number, plan: FilePlan, scrambled: boolean): number | undefined {
  const index = plan.coveredAreas.findIndex(
    (area) => x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height,
  );
  if (index < 0) return scrambled ? Math.floor(256 * Math.random()) : undefined;
  const place = plan.places[index];
  if (plan.symbol === undefined || place === undefined) return 255;
  const { size, modules } = plan.symbol;
  const column = Math.floor((x - place.x) / place.modulePixels) - QUIET_ZONE;
  const row = Math.floor((y - place.y) / place.modulePixels) - QUIET_ZONE;
  const inside = column >= 0 && row >= 0 && column < size && row < size;
  return inside && modules[row * size + column] === 1 ? 0 : 255;
}
