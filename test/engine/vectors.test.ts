import { readFileSync } from 'node:fs';
import {
  createKeyring,
  type FrameVerdict,
  inspectFrame,
  KeyAreaError,
  type RestoredFrame,
  restoreFrame,
  verifyFrame,
} from '../../src/engine';
import {
  bytesOf,
  hexSha256,
  IMAGES_FILE,
  openImages,
  type Restored,
  readVectors,
  VECTORS_FILE,
  type Vector,
} from '../vectors/vector';

/**
 * The format's vectors (test/vectors/README.md): pictures that must restore bit for bit, and pictures
 * that must be refused by name, whatever a hostile author wrote into them.
 */

const VECTORS_SHA256 = '216dbb2d25714ecad4104be210edaec18b9fb3da173347567a985c3c5786f5a2';
const IMAGES_SHA256 = '77fe230e3cd7df85c0546e1808593f3cdc2b7c4391a12515973d0d8fcfc616b2';

/**
 * The most memory that one picture took beyond the most that was used before, and the most processor time:
 * said at the end, not judged, since both are the machine's too. A bomb that goes off ends the run.
 */
const most = { megabytes: 0, seconds: 0 };
afterAll(() => {
  const { seconds, megabytes } = most;
  process.stdout.write(`The costliest vector took ${seconds.toFixed(1)} s and ${megabytes.toFixed(0)} MB.\n`);
});

type Hidden = Restored['restored'];

const vectors = readVectors();
const frameOf = openImages();

/** What came back, in the words of the vector. */
function describeRestored(restored: RestoredFrame, expected: Hidden): Hidden {
  const { frame, report, notice, attachment, jobId, index, count, areas, coveredAreas } = restored;
  return {
    cells: hexSha256(bytesOf(frame)),
    width: frame.width,
    height: frame.height,
    notice,
    ...(expected.reportSha256 === undefined ? { report } : { reportSha256: hexSha256(report) }),
    attachment: hexSha256(attachment),
    jobId: Buffer.from(jobId).toString('hex'),
    index,
    count,
    areas,
    coveredAreas,
    repaired: restored.repairedSegments > 0,
    placement: restored.placement,
  };
}

/** The result, or the code of the `KeyAreaError`; any other error fails the test. */
async function outcomeOf<T>(work: () => T | Promise<T>): Promise<T | { error: string }> {
  const memory = process.resourceUsage().maxRSS;
  const time = process.cpuUsage();
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeyAreaError) return { error: error.code };
    throw error;
  } finally {
    const { user, system } = process.cpuUsage(time);
    most.seconds = Math.max(most.seconds, (user + system) / 1e6);
    most.megabytes = Math.max(most.megabytes, (process.resourceUsage().maxRSS - memory) / 1024);
  }
}

const verdictOf = ({ expect: expected }: Vector) =>
  'restored' in expected
    ? { verified: true, alteredBlocks: [], restored: expected.restored }
    : 'altered' in expected
      ? { verified: false, alteredBlocks: expected.blocks, restored: expected.altered }
      : expected;

beforeAll(async () => {
  // What is loaded at the first use (the codec) is no vector's cost.
  const [{ image, secret }] = vectors;
  await restoreFrame(frameOf(image), createKeyring(secret));
});

test('the vectors are those that were committed', () => {
  expect(hexSha256(readFileSync(VECTORS_FILE))).toBe(VECTORS_SHA256);
  expect(hexSha256(readFileSync(IMAGES_FILE))).toBe(IMAGES_SHA256);
});

test('there are enough of them, and three quarters must fail', () => {
  expect(vectors.length).toBeGreaterThanOrEqual(110);
  const failing = vectors.filter(({ expect: expected }) => 'error' in expected).length;
  expect(failing / vectors.length).toBeGreaterThanOrEqual(0.75);
});

describe.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  const { image, secret, expect: expected } = vector;

  test(vector.shows, async () => {
    const frame = frameOf(image);
    const untouched = frame.samples.slice();

    const inspected = await outcomeOf(() => inspectFrame(frame));
    if (vector.inspect && 'error' in vector.inspect) expect(inspected).toEqual(vector.inspect);
    else if (vector.inspect) expect(inspected).toMatchObject(vector.inspect);

    const verdict = await outcomeOf(() => verifyFrame(frame, createKeyring(secret)));
    const seen = verdictOf(vector);
    if ('error' in seen || 'error' in verdict) {
      expect(verdict).toEqual(seen);
    } else {
      const { restored, verified, alteredBlocks } = verdict as FrameVerdict;
      const described = { verified, alteredBlocks, restored: describeRestored(restored, seen.restored) };
      expect(described).toEqual(seen);
    }

    const restored = await outcomeOf(() => restoreFrame(frame, createKeyring(secret)));
    if ('error' in expected) expect(restored).toEqual({ error: expected.error });
    else if ('error' in restored) expect(restored).toEqual(expected);
    else expect(describeRestored(restored, expected.restored)).toEqual(expected.restored);

    expect(frame.samples).toEqual(untouched);
  });
});
