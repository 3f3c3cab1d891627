import type { Bands } from './bands';
import type { ContentKey } from './contentKey';
import { KeyAreaError } from './errors';
import type { Frame, Rectangle, UpperBits } from './frame';
import type { ProtectionJob } from './job';

/** What a carrier is given to hide. */
export interface Task {
  /** The frame, in ranks where it has a palette. It is not written to. */
  readonly frame: Frame;
  readonly upperBits: UpperBits;
  /** The key areas, none where a report alone is hidden. */
  readonly areas: readonly Rectangle[];
  readonly job: ProtectionJob;
  readonly key: ContentKey;
  readonly salt: Uint8Array;
  /** The payload for the given covered areas. */
  encode(coveredAreas: readonly Rectangle[]): Promise<Uint8Array>;
}

/** What a carrier made of it. */
export interface Written {
  readonly frame: Frame;
  readonly coveredAreas: readonly Rectangle[];
  /** What the symbols are drawn with. */
  readonly bands: Bands;
  readonly parityShare: number;
  readonly qrText: string;
}

export const proofFailed = (cause?: unknown): KeyAreaError =>
  new KeyAreaError(
    'proof-failed',
    'The protected image did not restore exactly in the check, so it was discarded. The original is untouched. Please report this.',
    { cause },
  );
