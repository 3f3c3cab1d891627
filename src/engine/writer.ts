import { KeyAreaError } from './errors';
import type { ProtectionJob } from './job';
import type { SaltedKey } from './keys/saltedKey';
import type { Payload } from './payload/payload';
import type { Frame, Rectangle, UpperBits } from './pixels/frame';
import type { QrSymbol, SymbolPlace } from './qr/symbol';
import type { Bands } from './vault/bands';

/** What a payload says whatever covers the key areas, which are none where a report alone is hidden. */
export type TaskContent = Pick<
  Payload,
  'areas' | 'index' | 'count' | 'attachment' | 'notice' | 'report' | 'inner'
>;

/** Covered areas, and their samples coded. */
export interface CodedAreas {
  readonly coveredAreas: readonly Rectangle[];
  /** Of each area. */
  readonly coded: readonly Uint8Array[];
  /** Bytes of all together: a payload is longer. */
  readonly length: number;
}

/** Makes payloads, in two steps: what is too long after the first is not worth the second. */
export interface Encoder {
  code(coveredAreas: readonly Rectangle[]): Promise<CodedAreas>;
  /** The payload for the covered areas. */
  encode(areas: CodedAreas): Promise<Uint8Array>;
}

/** What a carrier is given to hide. */
export interface Task extends Encoder {
  /** The frame, in ranks where it has a palette. It is not written to. */
  readonly frame: Frame;
  readonly upperBits: UpperBits;
  /** SHA-256 of the frame, on its way. */
  readonly frameHash: Promise<Uint8Array>;
  readonly content: TaskContent;
  readonly job: ProtectionJob;
  /** Of the frame's own salt. */
  readonly key: SaltedKey;
}

/** What a carrier made of it. */
export interface Written {
  readonly frame: Frame;
  readonly coveredAreas: readonly Rectangle[];
  /** What the symbols are drawn with. */
  readonly bands: Bands;
  readonly parityShare: number;
  /** Side, in pixels, of the largest square that may be painted over anywhere on a covered area. */
  readonly toleratedMark: number;
  /** Undefined where there is no QR code. */
  readonly symbol: QrSymbol | undefined;
  /** Where it lies on each covered area. */
  readonly places: readonly SymbolPlace[];
}

export const proofFailed = (cause?: unknown): KeyAreaError =>
  new KeyAreaError(
    'proof-failed',
    'The protected image did not restore exactly in the check, so it was discarded. The original is untouched. Please report this.',
    { cause },
  );
