import type { Frame, ProtectionJob, Rectangle } from '../src/engine';
import { type Distortion, measureDistortion } from '../src/engine/pixels/distortion';
import { sameCells, withSamples } from '../src/engine/pixels/frame';
import { middleArea } from './area';
import type { BenchImage } from './images';
import { medianTime } from './median';
import { seedMethods } from './seeds';
import { type Method, Refusal } from './seeds/method';
import { ours } from './seeds/ours';
import { readSymbols } from './seeds/symbol';

/** What came of one method, image and key area. */
export interface Case {
  readonly method: string;
  readonly image: string;
  /** The key area's share of the image. */
  readonly share: number;
  /** Why the method could not; undefined where it could. */
  readonly refused?: string;
  /** With all that the method says a receiver needs, the image came back bit for bit. */
  readonly exact?: boolean;
  /** It did so from the marked image and the key alone. */
  readonly blind?: boolean;
  /** Bytes beside the marked image and a key of 32 bytes. */
  readonly sideData?: number;
  /** Outside what was covered; undefined where that is everything. */
  readonly distortion?: Distortion;
  /** A QR code is read in the marked image. */
  readonly readable?: boolean;
  /** What came of one bit changed in one sample of the marked image. */
  readonly alteration?: 'noticed' | 'harmless' | 'unnoticed';
  /** Milliseconds. */
  readonly hide?: number;
  readonly restore?: number;
}

/** The largest key area, in hundredths of the image, that a method gave back exactly; 0 where none. */
export interface LargestArea {
  readonly method: string;
  readonly image: string;
  readonly hundredths: number;
}

const NOTHING = new Uint8Array(0);
const KEY = new Uint8Array(32).map((_, k) => 37 * k + 11);

/** What `restore` gives; undefined where it gives up. */
async function attempt(method: Method, marked: Frame, sideData: Uint8Array): Promise<Frame | undefined> {
  try {
    return await method.restore(marked, sideData);
  } catch {
    return undefined;
  }
}

async function givesBack(method: Method, marked: Frame, sideData: Uint8Array, original: Frame) {
  const restored = await attempt(method, marked, sideData);
  return restored !== undefined && sameCells(restored, original);
}

/** Changes one bit, in the first pixel that is not covered; of a covered image in its middle. */
function altered(marked: Frame, { x, y, width, height }: Rectangle): Frame {
  const samples = marked.samples.slice();
  const whole = width === marked.width && height === marked.height;
  const first = x > 0 || y > 0 ? 0 : Math.min(width, marked.width - 1) * marked.samplesPerPixel;
  samples[whole ? samples.length >> 1 : first] ^= 1;
  return withSamples(marked, samples);
}

async function measureCase(method: Method, { name, frame }: BenchImage, share: number): Promise<Case> {
  const base = { method: method.name, image: name, share };
  try {
    const area = middleArea(frame, share);
    const { marked, sideData, coveredArea } = await method.hide(frame, area);
    const outside = coveredArea.width * coveredArea.height < frame.width * frame.height;
    const changed = await attempt(method, altered(marked, coveredArea), sideData);
    return {
      ...base,
      exact: await givesBack(method, marked, sideData, frame),
      blind: await givesBack(method, marked, NOTHING, frame),
      sideData: sideData.length,
      ...(outside ? { distortion: measureDistortion(frame, marked, [coveredArea]) } : {}),
      readable: [...readSymbols(marked)].length > 0,
      alteration: changed === undefined ? 'noticed' : sameCells(changed, frame) ? 'harmless' : 'unnoticed',
      hide: await medianTime(() => method.hide(frame, area)),
      restore: await medianTime(() => attempt(method, marked, sideData)),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...base, refused: error.message };
  }
}

async function works(method: Method, frame: Frame, hundredths: number): Promise<boolean> {
  try {
    const { marked, sideData } = await method.hide(frame, middleArea(frame, hundredths / 100));
    return await givesBack(method, marked, sideData, frame);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return false;
  }
}

/** Looks for the largest key area by halving what is left. */
async function largestArea(method: Method, { name, frame }: BenchImage): Promise<LargestArea> {
  let [most, tooMuch] = [0, 101];
  if (await works(method, frame, 100)) most = 100;
  while (tooMuch - most > 1) {
    const middle = (most + tooMuch) >> 1;
    if (await works(method, frame, middle)) most = middle;
    else tooMuch = middle;
  }
  return { method: method.name, image: name, hundredths: most };
}

/** The methods that are measured side by side, ours first. */
export const methodsBeside = (job: ProtectionJob): Method[] => [
  ours(job, 'vault'),
  ours(job, 'surroundings'),
  ...seedMethods(KEY),
];

/** Runs this project and the seeds' methods on the same images and key areas. */
export async function measureBeside(
  methods: readonly Method[],
  images: readonly BenchImage[],
  shares: readonly number[],
  report: (done: Case) => void,
): Promise<{ cases: Case[]; largest: LargestArea[] }> {
  const cases: Case[] = [];
  const largest: LargestArea[] = [];
  for (const image of images) {
    for (const method of methods) {
      for (const share of shares) {
        const done = await measureCase(method, image, share);
        cases.push(done);
        report(done);
      }
      largest.push(await largestArea(method, image));
    }
  }
  return { cases, largest };
}
