import type { Frame, ProtectionJob, Rectangle, Secret } from '../../../src/engine';
import { ByteReader, ByteWriter, concatBytes, crc32 } from '../../../src/engine/bytes';
import { encodeHeader, HEADER_COPIES, type Header } from '../../../src/engine/header';
import { kindOf } from '../../../src/engine/keys/envelope';
import { randomBytes } from '../../../src/engine/keys/platform';
import { SALT_LENGTH, TAG_LENGTH } from '../../../src/engine/keys/saltedKey';
import { encodeArea } from '../../../src/engine/payload/areaCodec';
import { computeBlockTags } from '../../../src/engine/payload/blockTags';
import { hashFrame } from '../../../src/engine/payload/frameHash';
import { encodePayload } from '../../../src/engine/payload/payload';
import { type UpperBits, upperBitsOf, withSamples } from '../../../src/engine/pixels/frame';
import { writeBits } from '../../../src/engine/pixels/lowestBits';
import { fromRanks, toRanks } from '../../../src/engine/pixels/palette';
import type { SymbolPlace } from '../../../src/engine/qr/symbol';
import { scrambleOutside } from '../../../src/engine/scramble';
import type { Bands } from '../../../src/engine/vault/bands';
import { headerSlots, layOutHeader } from '../../../src/engine/vault/headerSlots';
import { planVault } from '../../../src/engine/vault/plan';
import { joinVault, type SegmentPlan } from '../../../src/engine/vault/segments';
import { fillVault, paintSymbols, type VaultLayout, vaultCapacity } from '../../../src/engine/vault/vault';

/**
 * Protects like `protectFrame`, from the engine's own parts and without its checks and its proof, and
 * lies where it is told to.
 */

/** A section of a payload; `length` is what it says where that is not true. */
export interface Section {
  readonly type: number;
  readonly content: Uint8Array;
  readonly length?: number;
}

/** What is hidden, and where the forger lies. All but the first five fields are lies. */
export interface Recipe {
  readonly areas: readonly Rectangle[];
  readonly index?: number;
  readonly count?: number;
  readonly attachment?: Uint8Array;
  readonly scramble?: boolean;
  /** In place of the job's list of envelopes. */
  readonly envelopeList?: Uint8Array;
  /** The bands that are painted and that the header names. */
  readonly bands?: (bands: Bands) => Bands;
  /** The header that the payload is sealed with. */
  readonly header?: (header: Header) => Header;
  /** Its bytes; the CRC-32 is computed again. */
  readonly headerBytes?: (bytes: Uint8Array) => unknown;
  readonly sections?: (sections: Section[]) => Section[] | Promise<Section[]>;
  /** The payload's bytes before they are sealed, filled up to what the segments hold. */
  readonly plain?: (plain: Uint8Array) => unknown;
  readonly sealed?: (sealed: Uint8Array, plan: SegmentPlan) => Uint8Array;
}

export interface Forgery {
  readonly original: Frame;
  readonly frame: Frame;
  readonly job: ProtectionJob;
  readonly recipe: Recipe;
  readonly secret: Secret;
  readonly keys: string[];
  readonly header: Header;
  readonly headerBytes: Uint8Array;
  readonly places: readonly SymbolPlace[];
  readonly segments: SegmentPlan;
  readonly envelopesLength: number;
  readonly qrText: string;
  /** What a vault is written into again. */
  readonly painted: Frame;
  readonly layout: VaultLayout;
  readonly upperBits: UpperBits;
  readonly vault: Uint8Array;
}

export function joinSections(sections: readonly Section[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { type, content, length = content.length } of sections)
    writer.uint8(type).uint32(length).bytes(content);
  return writer.uint8(0).finish();
}

export function splitSections(bytes: Uint8Array): Section[] {
  const reader = new ByteReader(bytes);
  const sections: Section[] = [];
  for (let type = reader.uint8(); type !== 0; type = reader.uint8())
    sections.push({ type, content: reader.bytes(reader.uint32()) });
  return sections;
}

/** Computes the CRC-32 at the end of a header, or of a list of envelopes, again. */
export function sealChecksum(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, -4);
  bytes.set(new ByteWriter().uint32(crc32(body)).finish(), body.length);
  return bytes;
}

export async function forge(
  original: Frame,
  job: ProtectionJob,
  secret: Secret,
  recipe: Recipe,
): Promise<Forgery> {
  const { areas, index = 0, count = 1, attachment = new Uint8Array(0), scramble = false } = recipe;
  const { notice, report } = job;
  const frame = toRanks(original);
  const key = job.key.salted(randomBytes(SALT_LENGTH));
  const upperBits = upperBitsOf(frame);
  const frameHash = await hashFrame(frame, upperBits);
  const envelopeList = recipe.envelopeList ?? job.envelopeList;
  const planned = {
    envelopeList,
    symbolChoices: (version: number) => job.symbolChoices(version),
  } as unknown as ProtectionJob;
  const plan = await planVault(frame, areas, planned, scramble, {
    async code(coveredAreas) {
      const coded: Uint8Array[] = [];
      for (const area of coveredAreas) coded.push(await encodeArea(frame, area, upperBits));
      return { coveredAreas, coded, length: 0 };
    },
    async encode({ coveredAreas, coded }) {
      const blockTags = await computeBlockTags(frame, coveredAreas, upperBits, 16, key);
      const hidden = {
        frameHash,
        areas,
        upperBits,
        codedAreas: coded,
        notice,
        report,
        attachment,
        blockTags,
      };
      const payload = await encodePayload({ jobId: job.id, index, count, ...hidden });
      return recipe.sections ? joinSections(await recipe.sections(splitSections(payload))) : payload;
    },
  });

  const bands = recipe.bands ? recipe.bands(plan.bands) : plan.bands;
  const { dataSegments, paritySegments, segmentLength } = plan.segments;
  const honest: Header = {
    scrambled: scramble,
    bands,
    width: frame.width,
    height: frame.height,
    salt: key.salt,
    commitment: await key.commitment(),
    envelopesLength: envelopeList.length,
    dataSegments,
    paritySegments,
    coveredAreas: plan.coveredAreas,
  };
  const header = recipe.header ? recipe.header(honest) : honest;
  const headerBytes = encodeHeader(header);
  recipe.headerBytes?.(headerBytes);
  sealChecksum(headerBytes);
  const plain = new Uint8Array(dataSegments * segmentLength - TAG_LENGTH);
  plain.set(plan.payload);
  recipe.plain?.(plain);
  const sealed = await key.seal('payload', plain, concatBytes([headerBytes, envelopeList]));

  const painted = withSamples(frame, frame.samples.slice());
  const slots = layOutHeader(painted, plan.places, headerBytes);
  if (slots === undefined) throw new Error('no room for the header');
  const segments = dataSegments + paritySegments;
  const layout = { bands, coveredAreas: plan.coveredAreas, slots, segments };
  paintSymbols(painted, layout.bands, layout.coveredAreas, upperBits, plan.symbol, plan.places);
  const content = recipe.sealed ? recipe.sealed(sealed, plan.segments) : sealed;
  // `joinVault` leaves the rest of the last segment's room away.
  const vault = randomBytes(vaultCapacity(painted, layout));
  vault.set(joinVault(vault.length, envelopeList, content, plan.segments));
  const output = withSamples(painted, painted.samples.slice());
  fillVault(output, layout, upperBits, vault);
  if (scramble) await scrambleOutside(output, plan.coveredAreas, upperBits, key);
  return {
    original,
    frame: fromRanks(output),
    job,
    recipe,
    secret,
    keys: job.envelopes.map(kindOf),
    header,
    headerBytes,
    places: plan.places,
    segments: plan.segments,
    envelopesLength: envelopeList.length,
    qrText: plan.symbol.text,
    painted,
    layout,
    upperBits,
    vault,
  };
}

/**
 * The same picture with other headers: `change` writes into a copy, or gives other bytes. The checksum
 * is the caller's.
 */
export function withHeader(
  forgery: Forgery,
  // biome-ignore lint/suspicious/noConfusingVoidType: most changes write and give nothing
  change: (bytes: Uint8Array, copy: number) => Uint8Array | void,
): Forgery {
  const samples = forgery.frame.samples.slice();
  for (const place of forgery.places) {
    for (let copy = 0; copy < HEADER_COPIES; copy++) {
      const own = forgery.headerBytes.slice();
      const bytes = change(own, copy) ?? own;
      const slots = headerSlots(forgery.frame, place, bytes.length, copy);
      if (slots === undefined) throw new Error('no room for the header');
      writeBits(samples, slots, bytes);
    }
  }
  return { ...forgery, frame: withSamples(forgery.frame, samples) };
}

/** The same picture with other bytes in its vault. Not for scrambled pictures. */
export function withVault(forgery: Forgery, change: (vault: Uint8Array) => void): Forgery {
  const vault = forgery.vault.slice();
  change(vault);
  const frame = withSamples(forgery.painted, forgery.painted.samples.slice());
  fillVault(frame, forgery.layout, forgery.upperBits, vault);
  return { ...forgery, frame };
}

/** Where the three copies of the list of envelopes begin. */
export const envelopeOffsets = ({ vault }: Forgery): number[] =>
  [0, 1, 2].map((copy) => copy * Math.floor(vault.length / 3));

/** For each byte of the segments, one after the other, its place in the vault. */
export function segmentBytes(forgery: Forgery): number[] {
  const offsets = envelopeOffsets(forgery);
  return Array.from(forgery.vault.keys()).filter(
    (k) => !offsets.some((offset) => k >= offset && k < offset + forgery.envelopesLength),
  );
}

/** The place in the vault of byte `k` of segment `segment`; its checksum follows it. */
export function segmentByte(forgery: Forgery, segment: number, k: number): number {
  return segmentBytes(forgery)[segment * (forgery.segments.segmentLength + 4) + k];
}
