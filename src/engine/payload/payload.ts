import { ByteReader, ByteWriter } from '../bytes';
import type { CodeRange, Rectangle, UpperBits } from '../pixels/frame';
import { paddingFields, paddingOf } from '../pixels/usedValues';
import { type BlockTags, isSide } from './blockTags';
import { deflate, inflate } from './deflate';

/**
 * What is hidden, before encryption: sections of type (1 byte), length (4 bytes, big-endian) and
 * content; type 0 ends them, zeros fill the rest.
 *
 * | type | content |
 * |---|---|
 * | 1 | job: id (16), index of the image (the file) in the job (4), count of images (4) |
 * | 2 | SHA-256 of the frame's original cells, see `hashFrame` |
 * | 3 | key areas as drawn: x, y, width, height (2 each) per area |
 * | 4 | upper bits (1: 0 zero, 1 sign, 2 other), then per covered area its length (4) and its coding |
 * | 5 | notice, UTF-8 |
 * | 6 | report, UTF-8, deflated |
 * | 7 | attachment: bytes of the file layer, deflated |
 * | 8 | tags of the blocks outside: side of a block (4), then each tag (4) |
 * | 9 | only where the picture carries another payload in its surroundings: its padding (2 + 2) |
 */
export interface Payload {
  readonly jobId: Uint8Array;
  readonly index: number;
  readonly count: number;
  readonly frameHash: Uint8Array;
  readonly areas: readonly Rectangle[];
  readonly upperBits: UpperBits;
  readonly codedAreas: readonly Uint8Array[];
  readonly notice: string;
  readonly report: string;
  readonly attachment: Uint8Array;
  readonly blockTags: BlockTags;
  /**
   * Set where the picture that this gives back carries a payload in its surroundings, which holds notice,
   * report and attachment: the padding, as codes, that was left alone there.
   */
  readonly inner?: { readonly padding: CodeRange | undefined };
}

/** Longest report, in bytes of UTF-8. */
export const MAX_REPORT_BYTES = 65536;
/** Longest notice, in bytes of UTF-8. */
export const MAX_NOTICE_BYTES = 512;
/** Longest attachment of the file layer. */
export const MAX_ATTACHMENT_BYTES = 4 * 1024 * 1024;

const HASH_LENGTH = 32;
const JOB_ID_LENGTH = 16;
const UPPER_BITS: readonly UpperBits[] = ['zero', 'sign', 'other'];

const END = 0;
const JOB = 1;
const FRAME_HASH = 2;
const AREAS = 3;
const SAMPLES = 4;
const NOTICE = 5;
const REPORT = 6;
const ATTACHMENT = 7;
const BLOCK_TAGS = 8;
const INNER = 9;

/** What of a payload is deflated: the same whatever the covered areas are. */
export interface PackedTexts {
  readonly report: Uint8Array;
  readonly attachment: Uint8Array;
}

export const packReport = (report: string): Uint8Array => deflate(new TextEncoder().encode(report));

export const packTexts = (
  { report, attachment }: Pick<Payload, 'report' | 'attachment'>,
  packedReport = packReport(report),
): PackedTexts => ({ report: packedReport, attachment: deflate(attachment) });

/** Bytes that the short sections of a payload take. */
const ABOUT_THE_REST = 1024;

export function encodePayload(payload: Payload, packed = packTexts(payload)): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const codedLength = payload.codedAreas.reduce((sum, coded) => sum + 4 + coded.length, 1);
  const tagsLength = 4 * (1 + payload.blockTags.tags.length);
  const { report, attachment } = packed;
  const writer = new ByteWriter(
    codedLength + tagsLength + report.length + attachment.length + ABOUT_THE_REST,
  );
  const section = (type: number, content: Uint8Array) =>
    writer.uint8(type).uint32(content.length).bytes(content);

  section(JOB, new ByteWriter().bytes(payload.jobId).uint32(payload.index).uint32(payload.count).finish());
  section(FRAME_HASH, payload.frameHash);
  const areas = new ByteWriter();
  for (const { x, y, width, height } of payload.areas) areas.uint16(x).uint16(y).uint16(width).uint16(height);
  section(AREAS, areas.finish());
  const samples = new ByteWriter(codedLength).uint8(UPPER_BITS.indexOf(payload.upperBits));
  for (const coded of payload.codedAreas) samples.uint32(coded.length).bytes(coded);
  section(SAMPLES, samples.finish());
  section(NOTICE, encoder.encode(payload.notice));
  section(REPORT, report);
  section(ATTACHMENT, attachment);
  const tags = new ByteWriter(tagsLength).uint32(payload.blockTags.side);
  for (const tag of payload.blockTags.tags) tags.uint32(tag);
  section(BLOCK_TAGS, tags.finish());
  if (payload.inner) {
    const [minimum, maximum] = paddingFields(payload.inner.padding);
    section(INNER, new ByteWriter().uint16(minimum).uint16(maximum).finish());
  }
  return writer.uint8(END).finish();
}

/** Splits a payload into its sections. Throws `RangeError` where it is malformed. */
function readSections(bytes: Uint8Array): Map<number, Uint8Array> {
  const reader = new ByteReader(bytes);
  const sections = new Map<number, Uint8Array>();
  for (let type = reader.uint8(); type !== END; type = reader.uint8()) {
    if (type > INNER || sections.has(type)) throw new RangeError('a section is unknown or comes twice');
    sections.set(type, reader.bytes(reader.uint32()));
  }
  return sections;
}

/**
 * Reads a payload for a frame with `coveredAreas` covered areas.
 * Throws `RangeError` or `TypeError` (text that is not UTF-8) where it is malformed: whoever can
 * encrypt to a recipient can write anything here.
 */
export function decodePayload(bytes: Uint8Array, coveredAreas: number): Payload {
  const sections = readSections(bytes);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const section = (type: number): Uint8Array => {
    const content = sections.get(type);
    if (content === undefined) throw new RangeError('a section is missing');
    return content;
  };

  const job = new ByteReader(section(JOB));
  const jobId = job.bytes(JOB_ID_LENGTH).slice();
  const index = job.uint32();
  const count = job.uint32();
  const frameHash = section(FRAME_HASH);
  if (frameHash.length !== HASH_LENGTH) throw new RangeError('the hash is not whole');

  const areaReader = new ByteReader(section(AREAS));
  const areas: Rectangle[] = [];
  while (areaReader.remaining > 0) {
    const [x, y, width, height] = Array.from({ length: 4 }, () => areaReader.uint16());
    areas.push({ x, y, width, height });
  }

  const samples = new ByteReader(section(SAMPLES));
  const upperBits = UPPER_BITS[samples.uint8()];
  if (upperBits === undefined) throw new RangeError('the upper bits are not known');
  const codedAreas = Array.from({ length: coveredAreas }, () => samples.bytes(samples.uint32()));
  const tags = new ByteReader(section(BLOCK_TAGS));
  const side = tags.uint32();
  if (!isSide(side)) throw new RangeError('the blocks are of no known size');
  const blockTags = { side, tags: new Uint32Array(tags.remaining >> 2) };
  for (let k = 0; k < blockTags.tags.length; k++) blockTags.tags[k] = tags.uint32();
  if (job.remaining + samples.remaining + tags.remaining > 0) throw new RangeError('a section is too long');

  const innerBytes = sections.get(INNER);
  const inner = innerBytes && { padding: readPadding(innerBytes) };
  const noticeBytes = section(NOTICE);
  if (noticeBytes.length > MAX_NOTICE_BYTES) throw new RangeError('the notice is too long');

  return {
    jobId,
    index,
    count,
    frameHash,
    areas,
    upperBits,
    codedAreas,
    notice: decoder.decode(noticeBytes),
    report: decoder.decode(inflate(section(REPORT), MAX_REPORT_BYTES)),
    attachment: inflate(section(ATTACHMENT), MAX_ATTACHMENT_BYTES),
    blockTags,
    ...(inner ? { inner } : {}),
  };
}

/** Reads the padding of section 9. Throws `RangeError` where it is not whole. */
function readPadding(bytes: Uint8Array): CodeRange | undefined {
  const reader = new ByteReader(bytes);
  const padding = paddingOf(reader.uint16(), reader.uint16());
  if (reader.remaining > 0) throw new RangeError('a section is too long');
  return padding;
}
