import { ByteReader, ByteWriter } from '../../src/engine/bytes';
import { decodeArea, encodeArea } from '../../src/engine/payload/areaCodec';
import { upperBitsOf, valueMask } from '../../src/engine/pixels/frame';
import { BitReader, BitWriter } from './bits';
import { maskOf, readArea, readCodes, withCodes, writeArea } from './codes';
import { type Method, Refusal } from './method';
import { coverWithReport } from './symbol';

/**
 * Histogram shifting (Ni, Shi, Ansari, Su, "Reversible data hiding", IEEE Transactions on Circuits and
 * Systems for Video Technology 16(3), 2006): values between the histogram's peak and an empty value move by
 * one towards the empty one, and a sample of the peak carries a bit by moving or not. Where no value is empty, the
 * rarest takes its place, and where it occurred travels ahead of the bits. Peaks and empty values are sent
 * to the receiver beside the image.
 *
 * In its favour: the key area is coded as ours is (JPEG-LS), and passes are repeated on what the last one
 * left for as long as they gain anything.
 */

const MAX_PASSES = 255;
/** Bits of a count, and of a sample's place. */
const NUMBER = 32;
/** A pass that carries less than what it adds to the side data is not worth it. */
const LEAST_GAIN = 64;

interface Pass {
  readonly peak: number;
  readonly empty: number;
}

/** The best pass over what `outside` has, and the bits that it carries beside its own overhead. */
function choosePass(codes: Uint16Array, mask: Uint8Array, largest: number): { pass: Pass; room: number } {
  const counts = new Uint32Array(largest + 1);
  for (let i = 0; i < codes.length; i++) if (mask[i] === 0) counts[codes[i]]++;
  let peak = 0;
  for (let code = 1; code <= largest; code++) if (counts[code] > counts[peak]) peak = code;
  let empty = -1;
  for (let code = 0; code <= largest; code++) {
    const distance = Math.abs(code - peak);
    if (distance < 2 && (code === peak || counts[code] > 0)) continue;
    const better = empty < 0 || counts[code] < counts[empty];
    const nearer = counts[code] === counts[empty] && distance < Math.abs(empty - peak);
    if (better || nearer) empty = code;
  }
  return { pass: { peak, empty }, room: counts[peak] - NUMBER - NUMBER * (counts[empty] ?? 0) };
}

/** Writes bits into the peak's samples; `next` gives them. */
function shift(codes: Uint16Array, mask: Uint8Array, { peak, empty }: Pass, next: () => number): void {
  const step = Math.sign(empty - peak);
  for (let i = 0; i < codes.length; i++) {
    if (mask[i] === 1) continue;
    const distance = (codes[i] - peak) * step;
    if (distance === 0) codes[i] += step * next();
    else if (distance > 0 && distance < (empty - peak) * step) codes[i] += step;
  }
}

/** Where the value that counts as empty occurs. */
function occurrences(codes: Uint16Array, mask: Uint8Array, value: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < codes.length; i++) if (mask[i] === 0 && codes[i] === value) places.push(i);
  return places;
}

/** Takes the bits out again; undoes all but the places of the value that counted as empty. */
function unshift(codes: Uint16Array, mask: Uint8Array, { peak, empty }: Pass): BitReader {
  const step = Math.sign(empty - peak);
  const bits = new BitWriter();
  for (let i = 0; i < codes.length; i++) {
    if (mask[i] === 1) continue;
    const distance = (codes[i] - peak) * step;
    if (distance === 0 || distance === 1) bits.bit(distance);
    if (distance > 0 && distance <= (empty - peak) * step) codes[i] -= step;
  }
  return new BitReader(bits.finish(), bits.length);
}

export const histogramShifting: Method = {
  name: 'histogram shifting',

  async hide(frame, area) {
    const original = readCodes(frame);
    const codes = original.slice();
    const mask = maskOf(frame, area);
    const coded = await encodeArea(frame, area, upperBitsOf(frame));
    const payload = new BitReader(new ByteWriter().uint32(coded.length).bytes(coded).finish());
    const sideData = writeArea(new ByteWriter(), area);
    for (let passes = 0; payload.remaining > 0; passes++) {
      const { pass, room } = choosePass(codes, mask, valueMask(frame));
      if (room < LEAST_GAIN || passes === MAX_PASSES) {
        throw new Refusal(`the image around has no place for ${payload.remaining} more bits`);
      }
      const places = occurrences(codes, mask, pass.empty);
      const overhead = new BitWriter();
      overhead.number(places.length, NUMBER);
      for (const place of places) overhead.number(place, NUMBER);
      const ahead = new BitReader(overhead.finish());
      shift(codes, mask, pass, () => (ahead.remaining > 0 ? ahead : payload).bit());
      sideData.uint16(pass.peak).uint16(pass.empty);
    }
    const covered = readCodes(coverWithReport(frame, area));
    for (let i = 0; i < codes.length; i++) if (mask[i] === 1) codes[i] = covered[i];
    return { marked: withCodes(frame, codes), sideData: sideData.finish(), coveredArea: area };
  },

  async restore(marked, sideData) {
    if (sideData.length === 0) return marked;
    const codes = readCodes(marked);
    const reader = new ByteReader(sideData);
    const area = readArea(reader);
    const mask = maskOf(marked, area);
    const passes: Pass[] = [];
    while (reader.remaining > 0) passes.push({ peak: reader.uint16(), empty: reader.uint16() });
    const chunks = passes.reverse().map((pass) => {
      const bits = unshift(codes, mask, pass);
      const places = bits.number(NUMBER);
      if (places * NUMBER > bits.remaining) throw new RangeError('the image was altered');
      for (let left = places; left > 0; left--) codes[bits.number(NUMBER)] = pass.empty;
      return bits;
    });
    const payload = new BitWriter();
    for (const bits of chunks.reverse()) while (bits.remaining > 0) payload.bit(bits.bit());
    const bytes = new ByteReader(payload.finish());
    const coded = bytes.bytes(bytes.uint32());
    const restored = withCodes(marked, codes);
    await decodeArea(coded, restored, area, upperBitsOf(marked));
    return restored;
  },
};
