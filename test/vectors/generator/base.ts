import { createProtectionJob, type JobOptions, type Rectangle } from '../../../src/engine';
import { type FrameRecipe, makeFrame } from '../../engine/frames';
import { PASSPHRASE } from './draft';
import { type Forgery, forge, type Recipe } from './forge';

/** The picture, area and job that most vectors are made of. */

export const NOTICE = 'Key area protected.';
export const REPORT = 'Findings: none.';
export const AREA: Rectangle = { x: 8, y: 6, width: 46, height: 46 };
export const PICTURE: FrameRecipe = {
  width: 64,
  height: 60,
  bitsStored: 12,
  noise: 0,
  range: [0.4, 0.6],
};

/** The blocks of a picture that reach out of its covered areas, found pixel by pixel. */
export function blocksOf({ frame, layout }: Forgery, side = 32): Rectangle[] {
  const isCovered = (x: number, y: number) =>
    layout.coveredAreas.some((a) => x >= a.x && y >= a.y && x < a.x + a.width && y < a.y + a.height);
  const blocks = new Map<string, Rectangle>();
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      if (isCovered(x, y)) continue;
      const [left, top] = [x - (x % side), y - (y % side)];
      const width = Math.min(side, frame.width - left);
      const height = Math.min(side, frame.height - top);
      blocks.set(`${top},${left}`, { x: left, y: top, width, height });
    }
  }
  return [...blocks.values()].sort((a, b) => a.y - b.y || a.x - b.x);
}

/** A small picture of one value, for vectors about what is hidden rather than about pixels. */
export const FLAT: Partial<FrameRecipe> = {
  width: 52,
  height: 50,
  bitsAllocated: 8,
  bitsStored: 8,
  range: [0.5, 0.5],
};
/** The same in 16-bit cells. */
export const FLAT_12: Partial<FrameRecipe> = { ...FLAT, bitsAllocated: 16, bitsStored: 12 };
/** Its area, which does not grow. */
export const FLAT_AREA: Partial<Recipe> = { areas: [{ x: 3, y: 4, width: 43, height: 42 }] };

/** log2 of scrypt's N: these vectors are not about cost. */
const WORK_FACTOR = 2;

export const makeJob = (options: Partial<JobOptions> = {}) =>
  createProtectionJob({
    ...(options.recipients ? {} : { passphrase: PASSPHRASE }),
    report: REPORT,
    notice: NOTICE,
    qr: 'notice',
    workFactor: WORK_FACTOR,
    ...options,
  });

/** A forgery of the base picture under a passphrase of its own job. */
export async function forgeBase(
  recipe: Partial<Recipe> = {},
  options: Partial<JobOptions> = {},
  picture: Partial<FrameRecipe> = {},
): Promise<Forgery> {
  const job = await makeJob(options);
  const secret = { passphrase: options.passphrase ?? PASSPHRASE };
  try {
    const forgery = await forge(makeFrame({ ...PICTURE, ...picture }), job, secret, {
      areas: [AREA],
      ...recipe,
    });
    const [covered] = forgery.layout.coveredAreas;
    if (recipe.areas === FLAT_AREA.areas && covered.width !== 43) throw new Error('the area has grown');
    return forgery;
  } catch (cause) {
    throw new Error(`not forged: ${JSON.stringify({ picture, options }).slice(0, 200)}: ${cause}`, { cause });
  }
}
