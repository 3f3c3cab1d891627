import type { Frame, ProtectionJob } from '../../src/engine';
import { concatBytes } from '../../src/engine/bytes';
import { encodeHeader, type Header } from '../../src/engine/header';
import { encodeEnvelopes } from '../../src/engine/keys/envelope';
import { randomBytes } from '../../src/engine/keys/platform';
import { TAG_LENGTH } from '../../src/engine/keys/saltedKey';
import { cellMaker } from '../../src/engine/payload/areaCodec';
import { decodePayload } from '../../src/engine/payload/payload';
import { forEachRow, signBit, type UpperBits, valueMask, withSamples } from '../../src/engine/pixels/frame';
import { fromRanks, toRanks } from '../../src/engine/pixels/palette';
import { layOutHeader } from '../../src/engine/vault/headerSlots';
import { locate } from '../../src/engine/vault/locate';
import { openVault } from '../../src/engine/vault/openVault';
import { joinVault, segmentLengthOf } from '../../src/engine/vault/segments';
import { fillVault, vaultCapacity } from '../../src/engine/vault/vault';

/** What is to be hidden in place of what is; what is left out stays. */
export interface Content {
  /** Cut, or filled up with zeros, to what the header leaves room for. */
  readonly plain?: Uint8Array;
  /** Of the same length as the one that is there, unless the header says another. */
  readonly envelopeList?: Uint8Array;
  /** Payload and vault are laid out as it says, but for the areas; the symbols stay where they are. */
  readonly header?: Partial<Header>;
  /** Changes the vault's bytes once all is sealed. */
  readonly spoil?: (vault: Uint8Array) => unknown;
}

/**
 * What a protected frame carries, opened with its job's key, to be sealed again with other content behind a
 * valid tag: as whoever may encrypt to a recipient can do.
 */
export interface Resealable {
  readonly header: Header;
  readonly envelopeList: Uint8Array;
  /** The payload, decrypted, with the zeros at its end. */
  readonly plain: Uint8Array;
  reseal(content: Content): Promise<Frame>;
}

export async function openToReseal(frame: Frame, job: ProtectionJob): Promise<Resealable> {
  const located = locate(toRanks(frame));
  const [first] = located.headers;
  const opened = openVault(located, first);
  const { payload: sealed } = opened.readSealed();
  const plain = await job.key.salted(opened.salt).open('payload', sealed, opened.associated);
  const { upperBits } = decodePayload(plain, opened.coveredAreas.length);
  const { header: honest, places } = first;
  const envelopeList = encodeEnvelopes(opened.envelopes);
  const painted = withoutPayload(located.frame, honest, upperBits);

  async function reseal(content: Content): Promise<Frame> {
    const header = { ...honest, ...content.header };
    const { bands, dataSegments, paritySegments, envelopesLength } = header;
    // Areas that are not there hold nothing: what is hidden lies where it did.
    const { coveredAreas } = honest;
    const bytes = encodeHeader(header);
    const slots = layOutHeader(painted, places, bytes);
    // Under so small a symbol no longer header fits.
    if (slots === undefined) return reseal({ ...content, header: {} });
    const output = withSamples(painted, painted.samples.slice());
    const segments = dataSegments + paritySegments;
    const layout = { bands, coveredAreas, slots, segments };
    const capacity = vaultCapacity(painted, layout);
    if (capacity < 0) return reseal({ ...content, header: {} });
    const segmentLength = segmentLengthOf(capacity, envelopesLength, segments);
    const vault = randomBytes(capacity);
    if (segmentLength !== undefined && segments <= 255 && dataSegments * segmentLength > TAG_LENGTH) {
      const room = new Uint8Array(dataSegments * segmentLength - TAG_LENGTH);
      room.set((content.plain ?? plain).subarray(0, room.length));
      const list = new Uint8Array(envelopesLength);
      list.set((content.envelopeList ?? envelopeList).subarray(0, envelopesLength));
      const payload = await job.key.salted(header.salt).seal('payload', room, concatBytes([bytes, list]));
      vault.set(joinVault(capacity, list, payload, { dataSegments, paritySegments, segmentLength }));
    }
    content.spoil?.(vault);
    fillVault(output, layout, upperBits, vault);
    return fromRanks(output);
  }
  return { header: honest, envelopeList, plain, reseal };
}

/** The frame with its symbols as they are drawn before anything is written into them. */
function withoutPayload(frame: Frame, { bands, coveredAreas }: Header, upperBits: UpperBits): Frame {
  const samples = frame.samples.slice();
  const mask = valueMask(frame);
  const flip = signBit(frame);
  const cellOf = cellMaker(frame, upperBits);
  for (const area of coveredAreas) {
    forEachRow(frame, area, (start, length) => {
      for (let i = start; i < start + length; i++) {
        const code = (samples[i] & mask) ^ flip;
        samples[i] = cellOf(code >= bands.upper ? bands.upper : bands.lower);
      }
    });
  }
  return withSamples(frame, samples);
}
