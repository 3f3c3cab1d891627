import { cellBytes, concatBytes } from '../../src/engine/bytes';
import { randomBytes } from '../../src/engine/keys/platform';
import { valueMask } from '../../src/engine/pixels/frame';
import { areaBytes, areaFrom, indicesInside, readCodes, withCodes } from './codes';
import type { Method } from './method';

const AREA_LENGTH = 8;

/**
 * An XOR pad (Hu, Han, "A pixel-based scrambling scheme for digital medical images protection", Journal of
 * Network and Computer Applications 32, 2009): each sample is combined with a random number by exclusive or; the
 * numbers, as many as there are samples, are the key. Here on the area alone, with the platform's random
 * numbers in place of a chaotic attractor's. The numbers serve one image, so they are counted as sent beside it.
 */
export const xorPad: Method = {
  name: 'XOR pad',

  async hide(frame, area) {
    const inside = indicesInside(frame, area);
    const bytes = randomBytes(inside.length * (frame.bitsStored > 8 ? 2 : 1));
    const pad = frame.bitsStored > 8 ? new Uint16Array(bytes.buffer) : bytes;
    const codes = readCodes(frame);
    inside.forEach((index, k) => {
      codes[index] ^= pad[k] & valueMask(frame);
    });
    return {
      marked: withCodes(frame, codes),
      sideData: concatBytes([areaBytes(area), cellBytes(pad)]),
      coveredArea: area,
    };
  },

  async restore(marked, sideData) {
    if (sideData.length === 0) return marked;
    const codes = readCodes(marked);
    const bytes = sideData.slice(AREA_LENGTH);
    const pad = marked.bitsStored > 8 ? new Uint16Array(bytes.buffer) : bytes;
    indicesInside(marked, areaFrom(marked, sideData)).forEach((index, k) => {
      codes[index] ^= pad[k] & valueMask(marked);
    });
    return withCodes(marked, codes);
  },
};
