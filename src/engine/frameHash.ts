import { cellBytes } from './bytes';
import { bitsAllocated, type Frame, type UpperBits, upperBitsOf, withSamples } from './frame';
import { sha256 } from './platform';

/** The frame with the bits above Bits Stored as DICOM wants them: sign extension, or zero. */
function withRegularUpperBits(frame: Frame): Frame {
  const regular = frame.signed ? 'sign' : 'zero';
  if (bitsAllocated(frame) === frame.bitsStored || upperBitsOf(frame) === regular) return frame;
  const shift = 32 - frame.bitsStored;
  const samples = frame.signed
    ? frame.samples.map((cell) => (cell << shift) >> shift)
    : frame.samples.map((cell) => (cell << shift) >>> shift);
  return withSamples(frame, samples);
}

/**
 * SHA-256 of a frame's stored values, as cells in little-endian order with regular upper bits, so
 * that a rewriting of those bits alone does not change it. Where the original's upper bits hold
 * something (`other`), of its cells as they are.
 */
export function hashFrame(frame: Frame, upperBits: UpperBits): Promise<Uint8Array<ArrayBuffer>> {
  const { samples } = upperBits === 'other' ? frame : withRegularUpperBits(frame);
  return sha256(cellBytes(samples));
}
