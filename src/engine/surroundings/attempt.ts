import { codesOf, type Frame, type Rectangle } from '../pixels/frame';
import { findCarriers, findFree } from './carriers';
import { type Attempt, inLayers } from './inLayers';
import { inValues } from './inValues';
import { MAX_PARAMETERS_LENGTH } from './parameters';
import { findSite, liesOutside, SITES, type Site } from './site';

/** A site for the header and the parameters outside the excluded areas. */
function chooseSite(frame: Frame, excluded: readonly Rectangle[], length: number): Site | undefined {
  for (let k = 0; k < SITES; k++) {
    const site = findSite(frame, k, 8 * (length + MAX_PARAMETERS_LENGTH));
    if (site && liesOutside(frame, site, excluded)) return site;
  }
  return undefined;
}

/** Sum of squared differences. */
function squaredError(before: Uint16Array, after: Uint16Array): number {
  let sum = 0;
  for (let i = 0; i < before.length; i++) sum += (after[i] - before[i]) ** 2;
  return sum;
}

/** Embeds as `embedSurroundings` says, or tells how much of it would fit. */
export function attempt(
  frame: Frame,
  excluded: readonly Rectangle[],
  header: Uint8Array,
  payload: Uint8Array,
): Attempt {
  const site = chooseSite(frame, excluded, header.length);
  if (site === undefined) return { fitting: 0 };
  const codes = codesOf(frame);
  const free = findFree(frame, codes, excluded, site);
  const carriers = findCarriers(frame, free);
  const ground = { frame, site, codes, free, carriers, header, payload };
  const alone = inLayers(ground, { codes });
  const together = inValues(ground, alone.codes !== undefined) ?? alone;
  if (alone.codes === undefined || together.codes === undefined) {
    return together.fitting > alone.fitting ? together : alone;
  }
  return squaredError(codes, together.codes) < squaredError(codes, alone.codes) ? together : alone;
}
