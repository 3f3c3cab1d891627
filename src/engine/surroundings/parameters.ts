import { ByteReader, ByteWriter } from '../bytes';
import { type LayerRules, type LevelRun, MAX_RUNS } from './bins';
import { RUN_LENGTH } from './chooseRules';

/**
 * What the reader needs besides the header, right behind it:
 *
 * | size | field |
 * |---|---|
 * | 1 | bit 0: unused bits follow the sign; bits 1-3 and 4-6: runs of layer 0 and 1; bit 7: values carry too (`emptyValues.ts`) |
 * | 1 | smoothing + 128 |
 * | 3 + 3 | length of the streams of layer 0 and 1, 0 where the layer is not used |
 * | 1 + 1 | odds - 1 of layer 0 and 1 |
 * | 2 each | runs of layer 0, then of layer 1: in 4 bits each, number of levels - 1, place of the count in `COUNTS`, start of the near and of the far side |
 * | 4 | CRC-32 of header, these fields, displaced bits and payload |
 */
export interface Parameters {
  /** Bits above Bits Stored are sign extension throughout the frame. */
  readonly signExtended: boolean;
  /** The layers' data hold rules for values, behind the displaced bits. */
  readonly valuesCarry: boolean;
  /** What `predictLayer` is told, -127 to 127. */
  readonly smoothing: number;
  readonly streamLengths: readonly [number, number];
  readonly rules: readonly [LayerRules, LayerRules];
}

const VALUES_CARRY = 0x80;
const FIXED_LENGTH = 10;
const CHECKSUM_LENGTH = 4;

/** Longest stream of a layer, in bytes. */
export const MAX_STREAM_LENGTH = 2 ** 24 - 1;

/** Bytes of the parameters, checksum and all. */
export const parametersLength = (runs: number): number => FIXED_LENGTH + RUN_LENGTH * runs + CHECKSUM_LENGTH;

export const MAX_PARAMETERS_LENGTH = parametersLength(2 * MAX_RUNS);

/** Writes all but the checksum. */
export function encodeParameters({
  signExtended,
  valuesCarry,
  smoothing,
  streamLengths,
  rules,
}: Parameters): Uint8Array<ArrayBuffer> {
  const [first, second] = rules;
  const writer = new ByteWriter()
    .uint8(
      (signExtended ? 1 : 0) |
        (first.runs.length << 1) |
        (second.runs.length << 4) |
        (valuesCarry ? VALUES_CARRY : 0),
    )
    .uint8(smoothing + 128);
  for (const length of streamLengths) writer.uint24(length);
  writer.uint8(first.odds - 1).uint8(second.odds - 1);
  for (const { runs } of rules) {
    for (const { levels, countIndex, starts } of runs) {
      writer.uint16(((levels - 1) << 12) | (countIndex << 8) | (starts[0] << 4) | starts[1]);
    }
  }
  return writer.finish();
}

function readRun(reader: ByteReader): LevelRun {
  const word = reader.uint16();
  return {
    levels: (word >> 12) + 1,
    countIndex: (word >> 8) & 15,
    starts: [(word >> 4) & 15, word & 15],
  };
}

/**
 * Reads parameters from the start of `bytes`. Any numbers make some parameters: the checksum decides.
 * Throws `RangeError` where they are longer than `bytes`.
 */
export function decodeParameters(bytes: Uint8Array): {
  parameters: Parameters;
  /** The parameters without the checksum. */
  fields: Uint8Array;
  checksum: number;
} {
  const reader = new ByteReader(bytes);
  const head = reader.uint8();
  const smoothing = reader.uint8() - 128;
  const streamLengths = [reader.uint24(), reader.uint24()] as const;
  const odds = [reader.uint8() + 1, reader.uint8() + 1] as const;
  const [first, second] = [(head >> 1) & 7, (head >> 4) & 7].map((count, layer) => ({
    odds: odds[layer],
    runs: Array.from({ length: count }, () => readRun(reader)),
  }));
  const fields = bytes.subarray(0, bytes.length - reader.remaining);
  const parameters = {
    signExtended: (head & 1) === 1,
    valuesCarry: (head & VALUES_CARRY) !== 0,
    smoothing,
    streamLengths,
    rules: [first, second] as const,
  };
  return { parameters, fields, checksum: reader.uint32() };
}
