import { concatBytes, crc32 } from '../bytes';
import { type Frame, upperBitsOf } from '../pixels/frame';
import { readBits, writeBits } from '../pixels/lowestBits';
import { type LayerRules, NO_START } from './bins';
import { withCodes } from './carriers';
import { chooseRules } from './chooseRules';
import { type EmbeddedValues, encodeValueRules } from './emptyValues';
import { fitSmoothing } from './fitSmoothing';
import { histogramOf } from './histogram';
import { type EmbeddedLayer, embedLayer } from './layers';
import { encodeParameters, MAX_PARAMETERS_LENGTH, parametersLength } from './parameters';
import { type Layer, predictLayer } from './predictor';
import type { Site } from './site';

/** The share of the bits that layer 0 is to carry, next to try where layer 1 has no room for the rest. */
const SHARES = [0.5, 0.7, 0.85];

/** Bits beyond those wanted that a layer's rules must promise: coding ends on whole bytes. */
export const SLACK_BITS = 16;

/**
 * A layer that does not carry what its rules promise is given others this often. The promise leaves out
 * the flags of stuck samples, hundreds of bytes in some images; each try comes closer.
 */
const MAX_TRIES = 10;

const UNUSED: LayerRules = { odds: 1, runs: [] };

/** Embeds all of `data` in a layer, or as much as it takes with its most capacious rules. */
function embedRest(
  frame: Frame,
  layer: Layer,
  codes: Uint16Array,
  marked: Uint16Array,
  data: Uint8Array,
  maximumRuns: number,
): EmbeddedLayer & { rules: LayerRules } {
  const histogram = histogramOf(frame, layer, codes);
  let bits = 8 * data.length + SLACK_BITS;
  for (let tries = 1; ; tries++) {
    const chosen = chooseRules(histogram, bits, maximumRuns);
    const embedded = embedLayer(frame, layer, codes, marked, chosen.rules, data);
    const missing = data.length - embedded.taken;
    if (missing === 0 || chosen.bits < bits || tries === MAX_TRIES) {
      return { ...embedded, rules: chosen.rules };
    }
    bits += 9 * missing + SLACK_BITS;
  }
}

/** What all attempts have in common. */
export interface Ground {
  readonly frame: Frame;
  readonly site: Site;
  /** Of the frame. */
  readonly codes: Uint16Array;
  readonly free: Uint8Array;
  readonly carriers: Uint8Array;
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

/** What came of an attempt. */
export interface Attempt {
  /** Undefined where there is no room. */
  readonly frame?: Frame;
  /** How many payload bytes found room. */
  readonly fitting: number;
}

/** What came of an attempt, and the codes. */
export interface Marked extends Attempt {
  readonly codes?: Uint16Array;
}

/** What values carry of the payload; nothing where they carry nothing. */
type CarriedByValues = Pick<EmbeddedValues, 'codes'> & Partial<EmbeddedValues>;

/** Embeds in both layers what values do not carry. */
export function inLayers(
  { frame, site, codes: before, carriers, header, payload }: Ground,
  { codes, rules: valueRules }: CarriedByValues,
): Marked {
  const taken = valueRules?.streamLength ?? 0;
  const inside = payload.subarray(taken);
  const content = valueRules ? concatBytes([encodeValueRules(valueRules), inside]) : inside;
  const wantedBits = (share: number) => 8 * share * (header.length + MAX_PARAMETERS_LENGTH + content.length);
  const smoothing = fitSmoothing(frame, codes, carriers, wantedBits(SHARES[0]));
  const first = predictLayer(frame, codes, carriers, 0, smoothing);
  const histogram = histogramOf(frame, first, codes);
  const signExtended = upperBitsOf(frame) === 'sign';

  let fitting = 0;
  for (const share of SHARES) {
    const wanted = wantedBits(share);
    const chosen = chooseRules(histogram, wanted);
    const slots = Math.max(1, chosen.rules.runs.length);
    const length = header.length + parametersLength(chosen.rules.runs.length + slots);
    const displaced = readBits(frame.samples, site.path.subarray(0, 8 * length));
    const data = concatBytes([displaced, content]);

    const marked = codes.slice();
    const inFirst = embedLayer(frame, first, codes, marked, chosen.rules, data);
    const rest = data.subarray(inFirst.taken);
    const second = predictLayer(frame, marked, carriers, 1, smoothing);
    const inSecond =
      rest.length === 0
        ? { streamLength: 0, taken: 0, rules: UNUSED }
        : embedRest(frame, second, codes, marked, rest, slots);

    if (inSecond.taken === rest.length) {
      const empty = { levels: 1, countIndex: 0, starts: [NO_START, NO_START] as const };
      const runs = Array.from({ length: slots }, (_, k) => inSecond.rules.runs[k] ?? empty);
      const fields = encodeParameters({
        signExtended,
        valuesCarry: valueRules !== undefined,
        smoothing,
        streamLengths: [inFirst.streamLength, inSecond.streamLength],
        rules: [chosen.rules, { odds: inSecond.rules.odds, runs }],
      });
      const checksum = new Uint8Array(4);
      new DataView(checksum.buffer).setUint32(
        0,
        crc32(payload, crc32(displaced, crc32(fields, crc32(header)))),
      );
      const result = withCodes(frame, before, marked, signExtended);
      writeBits(result.samples, site.path, concatBytes([header, fields, checksum]));
      return { frame: result, fitting: payload.length, codes: marked };
    }
    const carried = inFirst.taken + inSecond.taken - displaced.length - (content.length - inside.length);
    // What values carry is nothing to a reader without their rules.
    fitting = Math.max(fitting, carried < 0 ? 0 : taken + carried);
    if (chosen.bits < wanted) break; // layer 0 holds no more
  }
  return { fitting };
}
