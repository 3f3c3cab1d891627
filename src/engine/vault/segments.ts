import { ByteReader, CRC_TABLE, concatBytes } from '../bytes';
import { kernels, place, rowsTogether, workspace } from '../kernels/memory';
import { computeParity, recoverData } from './parity';

/**
 * How payload bytes lie in a vault. Of the vault's `capacity` bytes,
 *
 * - three copies of the envelope list begin at byte 0 and after one and two thirds;
 * - the bytes between them, in order, are cut into `dataSegments + paritySegments` segments of one
 *   length, each followed by its CRC-32 (over the segment's number and its bytes), the data segments
 *   first; what is left over at the end is random.
 *
 * The data segments, joined, are the encrypted payload; the parity segments let lost ones be
 * computed from the others (`parity.ts`). The checksums only tell which segments to compute: what
 * proves the payload is its authenticated encryption.
 */

const ENVELOPE_COPIES = 3;
/** Bytes of the checksum behind each segment. */
export const CRC_LENGTH = 4;
/** Segments are cut no shorter than this, their checksums included. */
const MIN_SEGMENT = 128;
const MAX_SEGMENTS = 255;

/** Shares of parity segments, the most wanted first; none is below 6 %. */
export const LEAST_PARITY = 1 / 16;
export const PARITY_SHARES = [1 / 4, 1 / 8, LEAST_PARITY];

export interface SegmentPlan {
  readonly dataSegments: number;
  readonly paritySegments: number;
  /** Bytes of a segment without its checksum. */
  readonly segmentLength: number;
}

const bytesBetweenEnvelopes = (capacity: number, envelopesLength: number): number =>
  capacity - ENVELOPE_COPIES * envelopesLength;

/** Length of the segments of a vault; undefined where its header asks for more than it has. */
export function segmentLengthOf(
  capacity: number,
  envelopesLength: number,
  segments: number,
): number | undefined {
  if (Math.floor(capacity / ENVELOPE_COPIES) < envelopesLength) return undefined;
  const length = Math.floor(bytesBetweenEnvelopes(capacity, envelopesLength) / segments) - CRC_LENGTH;
  return length >= 1 ? length : undefined;
}

/** Plans segments for `payloadLength` bytes; undefined where they do not fit with that share of parity. */
export function planSegments(
  capacity: number,
  envelopesLength: number,
  payloadLength: number,
  parityShare: number,
): SegmentPlan | undefined {
  const room = bytesBetweenEnvelopes(capacity, envelopesLength);
  const segments = Math.min(MAX_SEGMENTS, Math.floor(room / MIN_SEGMENT));
  if (segments < 2) return undefined;
  const segmentLength = segmentLengthOf(capacity, envelopesLength, segments);
  if (segmentLength === undefined) return undefined;
  const paritySegments = Math.ceil(segments * parityShare);
  const dataSegments = segments - paritySegments;
  return dataSegments * segmentLength >= payloadLength
    ? { dataSegments, paritySegments, segmentLength }
    : undefined;
}

/** Payload bytes that a vault of `capacity` holds with the least parity; 0 where it holds none. */
export function payloadRoom(capacity: number, envelopesLength: number): number {
  const segments = Math.min(
    MAX_SEGMENTS,
    Math.floor(bytesBetweenEnvelopes(capacity, envelopesLength) / MIN_SEGMENT),
  );
  const length = segments < 2 ? undefined : segmentLengthOf(capacity, envelopesLength, segments);
  return length === undefined ? 0 : length * (segments - Math.ceil(segments * LEAST_PARITY));
}

/** Where the copies of the envelope list begin. */
const envelopeOffsets = (capacity: number): number[] =>
  Array.from({ length: ENVELOPE_COPIES }, (_, copy) => copy * Math.floor(capacity / ENVELOPE_COPIES));

/** The checksums of segments that lie one behind the other, each with room behind it for its own. */
function checksumsOf(segments: Uint8Array, segmentLength: number): Uint32Array {
  const stride = segmentLength + CRC_LENGTH;
  const sums = new Uint32Array(Math.floor(segments.length / stride));
  const from = place(CRC_TABLE, 0);
  const together = rowsTogether(stride);
  for (let first = 0; first < sums.length; first += together) {
    const count = Math.min(together, sums.length - first);
    const to = place(segments.subarray(first * stride, (first + count) * stride), from);
    const { buffer } = workspace(to + 4 * count);
    kernels().checksums(from, stride, segmentLength, first, count, 0, to);
    sums.set(new Uint32Array(buffer, to, count), first);
  }
  return sums;
}

/** The parts of a vault that lie between the copies of the envelope list, as views. */
const betweenEnvelopes = (vault: Uint8Array, envelopesLength: number): Uint8Array[] =>
  envelopeOffsets(vault.length).map((offset, copy, offsets) =>
    vault.subarray(offset + envelopesLength, offsets[copy + 1] ?? vault.length),
  );

/**
 * Joins envelopes and an encrypted payload of exactly `dataSegments * segmentLength` bytes. Gives a vault's bytes
 * without what is left over at the end.
 */
export function joinVault(
  capacity: number,
  envelopes: Uint8Array,
  payload: Uint8Array,
  plan: SegmentPlan,
): Uint8Array<ArrayBuffer> {
  const { dataSegments, paritySegments, segmentLength } = plan;
  const data = Array.from({ length: dataSegments }, (_, k) =>
    payload.subarray(k * segmentLength, (k + 1) * segmentLength),
  );
  const stride = segmentLength + CRC_LENGTH;
  const between = new Uint8Array((dataSegments + paritySegments) * stride);
  const view = new DataView(between.buffer);
  for (const [k, segment] of [...data, ...computeParity(data, paritySegments)].entries())
    between.set(segment, k * stride);
  for (const [k, sum] of checksumsOf(between, segmentLength).entries())
    view.setUint32(k * stride + segmentLength, sum);
  const rest = new ByteReader(between);
  const vault = new Uint8Array(capacity);
  const end = ENVELOPE_COPIES * envelopes.length + rest.remaining;
  for (const offset of envelopeOffsets(capacity)) vault.set(envelopes, offset);
  for (const part of betweenEnvelopes(vault, envelopes.length)) {
    part.set(rest.bytes(Math.min(part.length, rest.remaining)));
  }
  return vault.subarray(0, end);
}

/** The copies of the envelope list in a vault's bytes. */
export function envelopeCopies(vault: Uint8Array, envelopesLength: number): Uint8Array[] {
  return envelopeOffsets(vault.length).map((offset) => vault.subarray(offset, offset + envelopesLength));
}

/** The encrypted payload, lost segments computed from the others. */
export interface JoinedSegments {
  /** Undefined where more segments are lost than there is parity for. */
  readonly payload: Uint8Array | undefined;
  /** Data and parity segments whose checksum was wrong. */
  readonly damaged: number;
}

export function splitVault(vault: Uint8Array, envelopesLength: number, plan: SegmentPlan): JoinedSegments {
  const { dataSegments, paritySegments, segmentLength } = plan;
  const stride = segmentLength + CRC_LENGTH;
  const between = concatBytes(betweenEnvelopes(vault, envelopesLength));
  const view = new DataView(between.buffer);
  const sums = checksumsOf(between.subarray(0, (dataSegments + paritySegments) * stride), segmentLength);
  const isWhole = (sum: number, k: number): boolean => sum === view.getUint32(k * stride + segmentLength);
  const segmentAt = (k: number): Uint8Array => between.subarray(k * stride, k * stride + segmentLength);
  if (sums.every(isWhole)) {
    const payload = new Uint8Array(dataSegments * segmentLength);
    for (let k = 0; k < dataSegments; k++) payload.set(segmentAt(k), k * segmentLength);
    return { payload, damaged: 0 };
  }
  const segments = Array.from(sums, (sum, k) => (isWhole(sum, k) ? segmentAt(k) : undefined));
  const data = recoverData(segments, dataSegments);
  return { payload: data && concatBytes(data), damaged: segments.filter((segment) => !segment).length };
}
