import {
  createProtectionJob,
  KeyAreaError,
  keyringForJob,
  protectFrame,
  restoreFrame,
  sha256,
  suggestAreas,
} from '../src/engine';
import { cellBytes } from '../src/engine/bytes';
import { randomBytes } from '../src/engine/keys/platform';
import type { SaltedKey } from '../src/engine/keys/saltedKey';
import { SALT_LENGTH } from '../src/engine/keys/saltedKey';
import { decodeArea, encodeArea } from '../src/engine/payload/areaCodec';
import { upperBitsOf, withSamples } from '../src/engine/pixels/frame';
import { middleArea } from './area';
import type { BenchImage } from './images';
import { medianTime, medianTimes, WARM_UP } from './median';
import { REPORT } from './seeds/symbol';

/** Times of one image and one key area, milliseconds each. */
export interface Measurement {
  readonly image: string;
  readonly megapixels: number;
  /** Of the frame's bytes. */
  readonly megabytes: number;
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
  /** Deriving the frame's keys from that of the series: those that protecting takes, which are part of its time. */
  readonly protectKeys?: number;
  /** Those that restoring takes. */
  readonly restoreKeys?: number;
  /** protect less its keys, over 3 x sha256 + 1.5 x (encode + decode): at most 1 is the aim. */
  readonly protectRatio?: number;
  /** restore less its keys, over 3 x sha256 + 1.5 x decode. */
  readonly restoreRatio?: number;
}

const round = (value: number): number => Number(value.toPrecision(3));

/** Measures one image with key areas of the given shares. */
export async function measure(
  { name, frame }: BenchImage,
  shares: readonly number[],
): Promise<Measurement[]> {
  const job = await createProtectionJob({ passphrase: 'benchmark', report: REPORT, workFactor: 10 });
  const keyring = keyringForJob(job);
  const upperBits = upperBitsOf(frame);
  /** Derives the keys of a frame. */
  const deriveKeys = (begin: (key: SaltedKey) => void): Promise<unknown> => {
    const key = job.key.salted(randomBytes(SALT_LENGTH));
    begin(key);
    return key.derived();
  };
  const suggest = round(await medianTime(async () => suggestAreas(frame)));
  const results: Measurement[] = [];
  for (const share of shares) {
    const megapixels = (frame.width * frame.height) / 1e6;
    const base = { image: name, megapixels, megabytes: frame.samples.byteLength / 1e6, share, suggest };
    const areas = [middleArea(frame, share)];
    try {
      const result = await protectFrame(frame, job, { areas });
      const [covered] = result.coveredAreas;
      const coded = await encodeArea(frame, covered, upperBits);
      const target = withSamples(frame, frame.samples.slice());
      // In turn, as the keys of the frame that was opened last are still there.
      const another = await protectFrame(frame, job, { areas });
      let [next, later] = [result, another];
      const { protect, restore, hash, encode, decode, protectKeys, restoreKeys } = await medianTimes(
        {
          protect: () => protectFrame(frame, job, { areas }),
          hash: () => sha256(cellBytes(frame.samples)),
          encode: () => encodeArea(frame, covered, upperBits),
          restore: () => {
            [next, later] = [later, next];
            return restoreFrame(next.frame, keyring);
          },
          decode: () => decodeArea(coded, target, covered, upperBits),
          protectKeys: () => deriveKeys((key) => key.prepareToSeal(0)),
          restoreKeys: () => deriveKeys((key) => key.prepareToOpen()),
        },
        WARM_UP,
      );
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
        protectKeys: round(protectKeys),
        restoreKeys: round(restoreKeys),
        protectRatio: round((protect - protectKeys) / (3 * hash + 1.5 * (encode + decode))),
        restoreRatio: round((restore - restoreKeys) / (3 * hash + 1.5 * decode)),
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
