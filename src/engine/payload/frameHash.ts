import { cellBytes } from '../bytes';
import { extend } from '../kernels/cells';
import { sha256 } from '../keys/platform';
import { bitsAllocated, type Frame, type UpperBits } from '../pixels/frame';

/**
 * SHA-256 of a frame's stored values, as cells in little-endian order with the bits above Bits Stored as
 * DICOM wants them (sign extension, or zero), so that a rewriting of those bits alone does not change it.
 * Where the original's upper bits hold something (`other`), of its cells as they are. `upperBits` is what
 * the frame's own are.
 */
export function hashFrame(frame: Frame, upperBits: UpperBits): Promise<Uint8Array<ArrayBuffer>> {
  const { samples, signed, bitsStored } = frame;
  if (!signed || upperBits !== 'zero' || bitsStored === bitsAllocated(frame))
    return sha256(cellBytes(samples));
  const extended = samples.slice();
  extend(extended, bitsStored, true);
  return sha256(cellBytes(extended));
}
