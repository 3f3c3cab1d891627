import type { ErrorCode, Frame, Rectangle } from '../../../src/engine';
import {
  type Altered,
  bytesOf,
  hexSha256,
  type Inspection,
  LONGEST_REPORT,
  type Refused,
  type Restored,
  type Vector,
  type VectorImage,
} from '../vector';
import type { Forgery } from './forge';

/** A vector before its picture is laid among the others. */
export interface Draft extends Omit<Vector, 'image'> {
  readonly frame: Frame;
  readonly palette?: NonNullable<VectorImage['palette']>;
}

type Hidden = Restored['restored'];

/** What of a forgery tells what must come back, whatever carries it. */
interface Hiding extends Pick<Forgery, 'original' | 'job'> {
  readonly recipe: Pick<Forgery['recipe'], 'areas' | 'index' | 'count' | 'attachment'>;
  readonly layout: Pick<Forgery['layout'], 'coveredAreas'>;
}

const UPRIGHT = { rotated: 0, mirrored: false, x: 0, y: 0 } as const;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a forgery hides, as it must come back: from the original, not from what the engine restores. */
export function hidden(forgery: Hiding, changes: Partial<Hidden> = {}): Hidden {
  const { original, job, recipe, layout } = forgery;
  const { report } = job;
  return {
    cells: hexSha256(bytesOf(original)),
    width: original.width,
    height: original.height,
    notice: job.notice,
    ...(report.length > LONGEST_REPORT ? { reportSha256: hexSha256(report) } : { report }),
    attachment: hexSha256(recipe.attachment ?? new Uint8Array(0)),
    jobId: hex(job.id),
    index: recipe.index ?? 0,
    count: recipe.count ?? 1,
    areas: recipe.areas,
    coveredAreas: layout.coveredAreas,
    repaired: false,
    placement: UPRIGHT,
    ...changes,
  };
}

export const restored = (forgery: Hiding, changes: Partial<Hidden> = {}): Restored => ({
  restored: hidden(forgery, changes),
});

/** The covered areas come back, the rest is as in `now`. */
export const altered = (
  forgery: Hiding,
  blocks: readonly Rectangle[],
  now: Frame,
  changes: Partial<Hidden> = {},
): Altered => ({
  error: 'altered',
  blocks,
  altered: hidden(forgery, { cells: hexSha256(bytesOf(now)), ...changes }),
});

export const refused = (error: ErrorCode): Refused => ({ error });

export const inspection = (forgery: Forgery, changes: Partial<Inspection> = {}): Inspection => ({
  keys: forgery.keys,
  coveredAreas: forgery.layout.coveredAreas,
  bitsPerSample: forgery.layout.bands.bits,
  qrText: forgery.qrText,
  ...changes,
});

/** An inspection that cannot read the QR's text. */
export function withoutText(forgery: Forgery, changes: Partial<Inspection> = {}): Inspection {
  const { qrText: _, ...rest } = inspection(forgery, changes);
  return rest;
}

type Outcome = Vector['expect'] | ErrorCode;
/** `unsaid` where the format does not say what can be told. */
type Glimpse = Vector['inspect'] | ErrorCode | 'unsaid';

/** A vector of a forgery; `inspect` is what the forgery's own parts say where left out. */
export function draft(
  name: string,
  shows: string,
  forgery: Forgery,
  expect: Outcome,
  inspect: Glimpse | undefined = inspection(forgery),
  changes: Partial<Pick<Draft, 'frame' | 'secret' | 'palette'>> = {},
): Draft {
  return {
    name,
    shows,
    secret: forgery.secret,
    expect: typeof expect === 'string' ? refused(expect) : expect,
    ...(inspect === undefined || inspect === 'unsaid'
      ? {}
      : { inspect: typeof inspect === 'string' ? refused(inspect) : inspect }),
    frame: forgery.frame,
    ...changes,
  };
}

/** A vector of a picture in which nothing is found, or which is no picture. */
export const unprotected = (
  name: string,
  shows: string,
  frame: Frame,
  error: ErrorCode = 'not-protected',
  inspect: ErrorCode = error,
): Draft => ({
  name,
  shows,
  secret: { passphrase: PASSPHRASE },
  frame,
  expect: refused(error),
  inspect: refused(inspect),
});

export const PASSPHRASE = 'correct horse battery staple';
