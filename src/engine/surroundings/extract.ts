import { concatBytes, crc32 } from '../bytes';
import { boundsOf, codesOf, contains, type Frame, type Rectangle } from '../pixels/frame';
import { readBits, writeBits } from '../pixels/lowestBits';
import { findCarriers, findFree, withCodes } from './carriers';
import { decodeValueRules, extractValues } from './emptyValues';
import { extractLayer } from './layers';
import { decodeParameters, MAX_PARAMETERS_LENGTH, type Parameters } from './parameters';
import { type Colour, predictLayer } from './predictor';
import { findSite } from './site';

/** What a blind reader takes for the first `length` bytes of a header at a site; undefined where it has fewer. */
export function headerAt(frame: Frame, site: number, length: number): Uint8Array<ArrayBuffer> | undefined {
  const found = findSite(frame, site, 8 * length);
  return found && readBits(frame.samples, found.path);
}

/** What `embedSurroundings` hid. */
export interface ExtractedSurroundings {
  readonly payload: Uint8Array<ArrayBuffer>;
  /** The frame as it was; the samples in the excluded rectangles are those given. */
  readonly original: Frame;
}

function bytesOfLayer(
  frame: Frame,
  codes: Uint16Array,
  carriers: Uint8Array,
  colour: Colour,
  { smoothing, streamLengths, rules }: Parameters,
): Uint8Array<ArrayBuffer> {
  if (streamLengths[colour] === 0) return new Uint8Array(0);
  const layer = predictLayer(frame, codes, carriers, colour, smoothing);
  return extractLayer(frame, layer, codes, rules[colour], streamLengths[colour]);
}

/** What values carry, and behind it what the layers carry of the payload. */
function withValues(
  frame: Frame,
  codes: Uint16Array,
  free: Uint8Array,
  inLayers: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { rules, length } = decodeValueRules(inLayers);
  return concatBytes([extractValues(frame, codes, free, rules), inLayers.subarray(length)]);
}

/**
 * Takes out what `embedSurroundings` hid and undoes it. `excluded`, `headerLength` and `site` are
 * those of the header that was found with `sitesOf` and `headerAt`.
 * Throws `RangeError` where the samples do not hold exactly this: they were altered, or there is
 * nothing. (A checksum decides, before any key is needed: so damage and a wrong key differ.)
 */
export function extractSurroundings(
  frame: Frame,
  excluded: readonly Rectangle[],
  headerLength: number,
  site: number,
): ExtractedSurroundings {
  if (!excluded.every((area) => contains(boundsOf(frame), area))) {
    throw new RangeError('an excluded area lies outside the frame');
  }
  const found = findSite(frame, site, 8 * (headerLength + MAX_PARAMETERS_LENGTH));
  if (found === undefined) throw new RangeError('the frame is too small for a header');
  const head = readBits(frame.samples, found.path);
  const header = head.subarray(0, headerLength);
  const { parameters, fields, checksum } = decodeParameters(head.subarray(headerLength));

  const marked = codesOf(frame);
  const codes = marked.slice();
  const free = findFree(frame, codes, excluded, found);
  const carriers = findCarriers(frame, free);
  const inSecond = bytesOfLayer(frame, codes, carriers, 1, parameters);
  const inFirst = bytesOfLayer(frame, codes, carriers, 0, parameters);
  const data = concatBytes([inFirst, inSecond]);
  const displacedLength = headerLength + fields.length + 4;
  if (data.length < displacedLength) throw new RangeError('the displaced bits are not whole');
  const displaced = data.subarray(0, displacedLength);
  const rest = data.subarray(displacedLength);
  const payload = parameters.valuesCarry ? withValues(frame, codes, free, rest) : rest.slice();
  if (crc32(payload, crc32(displaced, crc32(fields, crc32(header)))) !== checksum) {
    throw new RangeError('the checksum of the surroundings does not match');
  }

  const original = withCodes(frame, marked, codes, parameters.signExtended);
  writeBits(original.samples, found.path, displaced);
  return { payload, original };
}
