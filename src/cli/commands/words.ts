import { describeMeaning } from '../../dicom/changes/meaning';
import { describeFrames } from '../../dicom/frames';
import { type FileVerdict, isOriginal, type KeyArea } from '../../dicom/index';
import type { Carrier, Rectangle } from '../../engine/index';
import type { Output } from '../destination';
import type { Reporter } from '../results';

/** How the commands say what they did. */

/** The carriers as the options call them. */
export const CARRIER_NAMES = { vault: 'qr', surroundings: 'surroundings' } as const satisfies Record<
  Carrier,
  string
>;

type CarrierName = (typeof CARRIER_NAMES)[Carrier];

/** What `--carrier` takes: a carrier, or whichever has room. */
export type CarrierChoice = CarrierName | 'automatic';

export const carrierNamed = (name: CarrierName): Carrier => (name === 'qr' ? 'vault' : name);

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

/** What restoring and verifying tell of a file alike, as printed. */
export function findingsOf(verdict: FileVerdict) {
  const { outcome, areas, coveredAreas, carrier, pixelsVerified, fileVerified } = verdict;
  const { changedSince, meaningChanged, lostFrames, altered, unprotectedFramesAltered } = verdict;
  return {
    ...(isOriginal(outcome) ? {} : { reason: outcome }),
    regions: areas,
    coveredAreas,
    carrier: CARRIER_NAMES[carrier],
    verified: pixelsVerified,
    fileVerified,
    ...(changedSince.length > 0 ? { changedSince } : {}),
    ...(meaningChanged.length > 0 ? { meaningChanged: meaningChanged.map(({ tag }) => tag) } : {}),
    ...(lostFrames.length > 0 ? { lostFrames } : {}),
    alteredBlocks: altered,
    unprotectedFramesAltered,
    recoveredSegments: verdict.repairedSegments,
  };
}

/** What of a file is not what was protected, in words. */
export function describeAltered(verdict: FileVerdict): string {
  const { frames: restored, lostFrames, altered, unprotectedFramesAltered, meaningChanged } = verdict;
  const lost =
    lostFrames.length > 0
      ? `the key area is exact in ${restored} of ${plural(restored + lostFrames.length, 'frame')}; lost: ${describeFrames(lostFrames)}`
      : 'the key area is exact';
  const frames = altered.map(
    ({ frame, blocks, blockSize }) =>
      `${plural(blocks.length, 'block')} of ${blockSize} x ${blockSize} in frame ${frame}`,
  );
  const more = [
    ...frames,
    ...(unprotectedFramesAltered ? ['frames that are not protected'] : []),
    ...(meaningChanged.length > 0
      ? [`what says what pixels mean or where they lie: ${meaningChanged.map(describeMeaning).join(', ')}`]
      : []),
  ];
  return more.length > 0 ? `${lost}; altered: ${more.join('; ')}` : lost;
}

/** What others changed in a file since it was protected; a list of tags. */
export const describeEdits = (changedSince: readonly string[]): string =>
  changedSince.length === 0
    ? 'the file was written in another way since it was protected; no element is seen to differ'
    : `the file was edited since it was protected, and the edits are kept: ${changedSince.join(', ')}`;

/** What a result says of where its output is. */
export const outputFields = ({ name, attributesChanged }: Output) => ({
  output: name,
  ...(attributesChanged ? { attributesChanged } : {}),
});

/** Says of an output of which the server changed attributes that it did. */
export function tellChanged({ name, attributesChanged }: Output, reporter: Reporter): void {
  if (attributesChanged)
    reporter.say(`${name}: the server changed attributes of what was sent; pixels and UIDs are the same.`);
}
