import type { KeyArea } from '../../dicom/index';
import type { Carrier, Rectangle } from '../../engine/index';

/** How the commands say what they did. */

/** The carriers as the options call them. */
export const CARRIER_NAMES: Record<Carrier, string> = { vault: 'qr', surroundings: 'surroundings' };

/** Where the hidden data lie. */
export const describeCarrier = (carrier: Carrier, bitsPerSample: number): string =>
  carrier === 'vault' ? `${bitsPerSample} bits per sample under the QR` : 'carried by the pixels around';

const describeArea = ({ x, y, width, height }: Rectangle): string => `${width} x ${height} at ${x}, ${y}`;

/** Rectangles in words. */
export const describeAreas = (areas: readonly Rectangle[]): string =>
  areas.length === 0 ? 'nothing, the report alone is hidden' : areas.map(describeArea).join('; ');

/** Key areas as printed: rectangles, with their frames where not all are meant. */
export const regionOf = ({ rectangle, frames }: KeyArea) => ({ ...rectangle, ...(frames ? { frames } : {}) });

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
