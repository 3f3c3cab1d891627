import { concatBytes } from '../bytes';
import {
  announcedLength,
  decodeSurroundingsHeader,
  fitsShape,
  MAGIC_BYTES,
  PREFIX_LENGTH,
  type SurroundingsHeader,
} from '../header';
import { decodeEnvelopes } from '../keys/envelope';
import { TAG_LENGTH } from '../keys/saltedKey';
import { damaged, type Opened } from '../opened';
import { codeBits, type Frame, type ValueRange, withPadding } from '../pixels/frame';
import { UPRIGHT } from '../pixels/geometry';
import { paddingCodes } from '../pixels/usedValues';
import { extractSurroundings, headerAt, sitesOf } from '.';

/** A surroundings carrier's header, and where it was found. */
interface FoundHeader {
  readonly header: SurroundingsHeader;
  readonly bytes: Uint8Array;
  readonly site: number;
  /** The frame with the padding that the header names. */
  readonly frame: Frame;
}

/**
 * The paddings to look with, since the header's own place depends on it: what the frame says; none; and,
 * for frames whose attributes were lost, the values of the first and the last pixel.
 */
function paddingsOf(frame: Frame): (ValueRange | undefined)[] {
  const { mask, flip } = codeBits(frame);
  const single = (cell: number): ValueRange => {
    const value = ((cell & mask) ^ flip) - flip;
    return { minimum: value, maximum: value };
  };
  const { padding, samples } = frame;
  const all = [padding, undefined, single(samples[0]), single(samples[samples.length - 1])];
  const nameOf = (range: ValueRange | undefined): string =>
    range ? `${range.minimum} ${range.maximum}` : '';
  return [...new Map(all.map((range) => [nameOf(range), range])).values()];
}

/** Finds a surroundings carrier's header. Throws `unsupported-version`. */
function findHeader(frame: Frame): FoundHeader | undefined {
  for (const padding of paddingsOf(frame)) {
    const padded = withPadding(frame, padding);
    for (const site of sitesOf(padded, MAGIC_BYTES)) {
      const prefix = headerAt(padded, site, PREFIX_LENGTH);
      const length = prefix && announcedLength(prefix);
      const bytes = length === undefined ? undefined : headerAt(padded, site, length);
      const header = bytes && decodeSurroundingsHeader(bytes);
      if (bytes === undefined || header === undefined || !fitsShape(header, frame)) continue;
      const codes = paddingCodes(padded);
      const same = codes?.minimum === header.padding?.minimum && codes?.maximum === header.padding?.maximum;
      if (same) return { header, bytes, site, frame: padded };
    }
  }
  return undefined;
}

/** True where a frame carries hidden data in its surroundings. */
export const hasSurroundings = (frame: Frame): boolean => findHeader(frame) !== undefined;

/** Takes out what lies in the surroundings of a frame; undefined where nothing does. Throws `damaged`. */
export function openSurroundings(frame: Frame): Opened | undefined {
  const found = findHeader(frame);
  if (found === undefined) return undefined;
  const { header, bytes, site } = found;
  const { coveredAreas, salt, commitment, envelopesLength } = header;
  try {
    const { payload, original } = extractSurroundings(found.frame, coveredAreas, bytes.length, site);
    const list = payload.subarray(0, envelopesLength);
    const envelopes = decodeEnvelopes(list);
    const sealed = payload.subarray(envelopesLength);
    if (envelopes === undefined || sealed.length < TAG_LENGTH)
      throw new RangeError('the payload is not whole');
    return {
      carrier: 'surroundings',
      frame: withPadding(original, frame.padding),
      placement: { ...UPRIGHT, x: 0, y: 0 },
      scrambled: false,
      bitsPerSample: 0,
      coveredAreas,
      salt,
      commitment,
      associated: concatBytes([bytes, list]),
      envelopes,
      readSealed: () => ({ payload: sealed, repairedSegments: 0 }),
    };
  } catch (error) {
    throw damaged(error);
  }
}
