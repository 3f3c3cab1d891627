import type { Frame, Rectangle } from '../../src/engine';
import { ByteReader } from '../../src/engine/bytes';
import { withSamples } from '../../src/engine/pixels/frame';
import { areaBytes, areaFrom, indicesInside } from './codes';
import { keystream } from './keystream';
import type { Method } from './method';

/**
 * A permutation scramble: the samples of the area change places, as a key says. All its values stay, so that
 * its histogram shows, and a few known images give the permutation away (Li, Li, Chen, Bourbakis, Lo, "A general
 * quantitative cryptanalysis of permutation-only multimedia ciphers against plaintext attacks", Signal
 * Processing: Image Communication 23(3), 2008).
 *
 * In its favour: the permutation is drawn evenly (Fisher-Yates) with a secure generator, not by Arnold's map.
 * Where the area lies is sent beside the image.
 */
export const permutation = (key: Uint8Array): Method => ({
  name: 'permutation scramble',

  async hide(frame, area) {
    const [from, to] = permuted(frame, area, key);
    return { marked: move(frame, from, to), sideData: areaBytes(area), coveredArea: area };
  },

  async restore(marked, sideData) {
    const [from, to] = permuted(marked, areaFrom(marked, sideData), key);
    return move(marked, to, from);
  },
});

/** The samples of an area, and where each goes. */
function permuted(frame: Frame, area: Rectangle, key: Uint8Array): [Uint32Array, Uint32Array] {
  const from = indicesInside(frame, area);
  const to = from.slice();
  const random = new ByteReader(keystream(key, 4 * to.length));
  for (let last = to.length - 1; last > 0; last--) {
    const other = Math.floor((random.uint32() / 2 ** 32) * (last + 1));
    const held = to[last];
    to[last] = to[other];
    to[other] = held;
  }
  return [from, to];
}

function move(frame: Frame, from: Uint32Array, to: Uint32Array): Frame {
  const samples = frame.samples.slice();
  for (let k = 0; k < from.length; k++) samples[to[k]] = frame.samples[from[k]];
  return withSamples(frame, samples);
}
