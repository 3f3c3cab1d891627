import {
  createProtectionJob,
  KeyAreaError,
  keyringForJob,
  protectFrame,
  restoreFrame,
  sha256,
  suggestAreas,
} from '../src/engine';
import { decodeArea, encodeArea } from '../src/engine/areaCodec';
import { cellBytes } from '../src/engine/bytes';
import { type Frame, type Rectangle, upperBitsOf, withSamples } from '../src/engine/frame';
import type { BenchImage } from './images';

/** Times of one image and one key area, milliseconds each. */
export interface Measurement {
  readonly image: string;
  readonly megapixels: number;
  /** The key area's share of the image. */
  readonly share: number;
  /** Undefined where the area was protected; else why not. */
  readonly refused?: string;
  readonly coveredShare?: number;
  readonly bitsPerSample?: number;
  readonly samplesChangedOutside?: number;
  readonly protect?: number;
  readonly restore?: number;
  /** SHA-256 of the frame's bytes. */
  readonly sha256?: number;
  /** Proposing key areas, which does not depend on the share. */
  readonly suggest?: number;
  /** JPEG-LS of the covered area. */
  readonly encode?: number;
  readonly decode?: number;
  /** protect over 3 x sha256 + 1.5 x (encode + decode): at most 1 is the aim. */
  readonly protectRatio?: number;
  /** restore over 3 x sha256 + 1.5 x decode. */
  readonly restoreRatio?: number;
}

const RUNS = 9;

/** The median time of some runs; the first ones, in which code is compiled, are not counted. */
async function median(work: () => Promise<unknown>): Promise<number> {
  for (let run = 0; run < 3; run++) await work();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

/** A rectangle of the image's shape in its middle. */
function middleArea({ width, height }: Frame, share: number): Rectangle {
  const [w, h] = [width, height].map((side) => Math.round(side * Math.sqrt(share)));
  return { x: (width - w) >> 1, y: (height - h) >> 1, width: w, height: h };
}

const round = (value: number): number => Number(value.toPrecision(3));

/** Measures one image with key areas of the given shares. */
export async function measure(
  { name, frame }: BenchImage,
  shares: readonly number[],
): Promise<Measurement[]> {
  const report = 'Findings: ill-defined consolidation in the right middle lobe, 12 mm.';
  const job = await createProtectionJob({ passphrase: 'benchmark', report, workFactor: 10 });
  const keyring = keyringForJob(job);
  const upperBits = upperBitsOf(frame);
  const hash = await median(() => sha256(cellBytes(frame.samples)));
  const suggest = round(await median(async () => suggestAreas(frame)));
  const results: Measurement[] = [];
  for (const share of shares) {
    const base = { image: name, megapixels: round((frame.width * frame.height) / 1e6), share, suggest };
    const areas = [middleArea(frame, share)];
    try {
      const result = await protectFrame(frame, job, { areas });
      const [covered] = result.coveredAreas;
      const coded = await encodeArea(frame, covered, upperBits);
      const target = withSamples(frame, frame.samples.slice());
      const protect = await median(() => protectFrame(frame, job, { areas }));
      const restore = await median(() => restoreFrame(result.frame, keyring));
      const encode = await median(() => encodeArea(frame, covered, upperBits));
      const decode = await median(() => decodeArea(coded, target, covered, upperBits));
      results.push({
        ...base,
        coveredShare: round((covered.width * covered.height) / (frame.width * frame.height)),
        bitsPerSample: result.bitsPerSample,
        samplesChangedOutside: result.samplesChangedOutside,
        protect: round(protect),
        restore: round(restore),
        sha256: round(hash),
        encode: round(encode),
        decode: round(decode),
        protectRatio: round(protect / (3 * hash + 1.5 * (encode + decode))),
        restoreRatio: round(restore / (3 * hash + 1.5 * decode)),
      });
    } catch (error) {
      if (!(error instanceof KeyAreaError)) throw error;
      results.push({ ...base, refused: error.code });
    }
  }
  keyring.dispose();
  job.dispose();
  return results;
}
