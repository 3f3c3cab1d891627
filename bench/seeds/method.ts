import type { Frame, Rectangle } from '../../src/engine';

/** What hiding an area came to. */
export interface Hidden {
  readonly marked: Frame;
  /** What a receiver needs beside the marked image and the key; empty where those are enough. */
  readonly sideData: Uint8Array;
  /** What was overwritten: the area, or more where it had to grow. */
  readonly coveredArea: Rectangle;
}

/**
 * A way to hide an area of an image in the image, so that it comes back. A method that needs a key has
 * it: 32 bytes that both sides agreed on before, whatever the image.
 */
export interface Method {
  readonly name: string;
  /** Does not write to `frame`. Throws {@link Refusal} where the method cannot hide that area. */
  hide(frame: Frame, area: Rectangle): Promise<Hidden>;
  /** Gives back what it can from a marked image and side data, which may have been left behind (empty). */
  restore(marked: Frame, sideData: Uint8Array): Promise<Frame>;
}

/** A method cannot hide an area; says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
