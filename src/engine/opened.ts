import { KeyAreaError } from './errors';
import type { Frame, Rectangle } from './pixels/frame';
import type { Placement } from './vault/locate';

/** Where the hidden data lie: under the QR codes, or in the pixels around them. */
export type Carrier = 'vault' | 'surroundings';

/** What a carrier gives away before any key is needed. */
export interface Opened {
  readonly carrier: Carrier;
  /** The picture as it was protected; with the surroundings carrier, as it was before, covered areas aside. */
  readonly frame: Frame;
  readonly placement: Placement;
  readonly scrambled: boolean;
  readonly bitsPerSample: number;
  readonly coveredAreas: readonly Rectangle[];
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
  /** Header and envelope list, as they were read: the associated data of the payload. */
  readonly associated: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
  /** The encrypted payload. Throws `damaged`. */
  readSealed(): SealedPayload;
}

export interface SealedPayload {
  readonly payload: Uint8Array;
  /** Segments that were damaged and computed again from the others. */
  readonly repairedSegments: number;
}

export const damaged = (cause?: unknown): KeyAreaError =>
  new KeyAreaError(
    'damaged',
    'This image was protected, but too much of the hidden data was changed since. Ask for the file as it was exported.',
    { cause },
  );
