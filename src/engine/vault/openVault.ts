import { concatBytes } from '../bytes';
import { KeyAreaError } from '../errors';
import { decodeEnvelopes } from '../keys/envelope';
import { TAG_LENGTH } from '../keys/saltedKey';
import { damaged, type Opened } from '../opened';
import type { Frame } from '../pixels/frame';
import { layOutHeader } from './headerSlots';
import { type Located, type LocatedHeader, majority } from './locate';
import { envelopeCopies, type SegmentPlan, segmentLengthOf, splitVault } from './segments';
import { readVault, vaultCapacity } from './vault';

/** The vault's bytes, and the length of their segments. */
function readLocatedVault(frame: Frame, { header, bytes, places }: LocatedHeader) {
  const slots = layOutHeader(frame, places, bytes);
  if (slots === undefined) throw damaged();
  const segments = header.dataSegments + header.paritySegments;
  const layout = { bands: header.bands, coveredAreas: header.coveredAreas, slots, segments };
  const segmentLength = segmentLengthOf(vaultCapacity(frame, layout), header.envelopesLength, segments);
  if (segmentLength === undefined) throw damaged();
  return { vault: readVault(frame, layout), segmentLength };
}

/** Any whole copy of the envelope list, or the majority of all three: its bytes, and what is in it. */
function envelopesIn(vault: Uint8Array, length: number): { list: Uint8Array; envelopes: Uint8Array[] } {
  const copies = envelopeCopies(vault, length);
  for (const list of [...copies, majority(copies)]) {
    const envelopes = decodeEnvelopes(list);
    if (envelopes) return { list, envelopes };
  }
  throw damaged();
}

/** The error for a vault of which more was lost than its parity makes good. */
const beyondRepair = (lost: number, { dataSegments, paritySegments }: SegmentPlan): KeyAreaError =>
  new KeyAreaError(
    'damaged',
    `This image was protected, but of the ${dataSegments + paritySegments} parts of its hidden data ${lost} were changed since; ${paritySegments} could be computed from the others. The key area cannot come back from this copy. Ask for the file as it was exported.`,
  );

/** Reads the vault that a header announces. Throws `damaged`. */
export function openVault({ frame, placement }: Located, located: LocatedHeader): Opened {
  const { header, bytes } = located;
  const { envelopesLength, dataSegments, paritySegments } = header;
  const { vault, segmentLength } = readLocatedVault(frame, located);
  const { list, envelopes } = envelopesIn(vault, envelopesLength);
  return {
    carrier: 'vault',
    frame,
    placement,
    scrambled: header.scrambled,
    bitsPerSample: header.bands.bits,
    coveredAreas: header.coveredAreas,
    salt: header.salt,
    commitment: header.commitment,
    associated: concatBytes([bytes, list]),
    envelopes,
    readSealed() {
      const plan = { dataSegments, paritySegments, segmentLength };
      const { payload, damaged: lost } = splitVault(vault, envelopesLength, plan);
      if (payload === undefined) throw beyondRepair(lost, plan);
      if (payload.length < TAG_LENGTH) throw damaged();
      return { payload, repairedSegments: lost };
    },
  };
}
