import type { Frame } from '../pixels/frame';
import { chooseRules } from './chooseRules';
import { histogramOf } from './histogram';
import { predictLayer } from './predictor';

/** What is tried: sharper than the plain prediction (reconstructed slices), plain, smoother (noise). */
const CANDIDATES = [-32, 0, 20];

/** About so many samples decide. */
const SAMPLE_SIZE = 2 ** 18;

/** The smoothing that lets layer 0 carry `bits` bits with the least squared error. */
export function fitSmoothing(frame: Frame, codes: Uint16Array, carriers: Uint8Array, bits: number): number {
  const row = frame.width * frame.samplesPerPixel;
  const step = Math.max(1, Math.round(codes.length / SAMPLE_SIZE));
  const some = step === 1 ? carriers : new Uint8Array(carriers.length);
  if (step > 1) {
    for (let y = 0; y < frame.height; y += step) {
      some.set(carriers.subarray(y * row, (y + 1) * row), y * row);
    }
  }
  let best = 0;
  let bestBits = 0;
  let least = Infinity;
  for (const smoothing of CANDIDATES) {
    const layer = predictLayer(frame, codes, some, 0, smoothing);
    const chosen = chooseRules(histogramOf(frame, layer, codes), bits / step);
    const carried = Math.min(chosen.bits, bits / step);
    if (carried < bestBits || (carried === bestBits && chosen.errors >= least)) continue;
    best = smoothing;
    bestBits = carried;
    least = chosen.errors;
  }
  return best;
}
