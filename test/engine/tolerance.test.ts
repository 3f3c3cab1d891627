import {
  createKeyring,
  createProtectionJob,
  type Frame,
  type Keyring,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
  restoreFrame,
} from '../../src/engine';
import { type FrameRecipe, makeFrame, randomFrom } from './frames';

/** The mark that a picture is said to stand is one that it stands, wherever it lies and whatever it looks like. */

const passphrase = 'mark';
let job: ProtectionJob;
let keyring: Keyring;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report: 'A report.', workFactor: 8 });
  keyring = createKeyring({ passphrase });
});

/** A copy of a frame with a rectangle painted over. */
function paint(frame: Frame, mark: Rectangle, value: () => number): Frame {
  const samples = frame.samples.slice();
  for (let y = mark.y; y < mark.y + mark.height; y++) {
    for (let x = mark.x; x < mark.x + mark.width; x++) {
      for (let s = 0; s < frame.samplesPerPixel; s++)
        samples[(y * frame.width + x) * frame.samplesPerPixel + s] = value();
    }
  }
  return { ...frame, samples };
}

const cases: [name: string, recipe: FrameRecipe, area: Rectangle, atLeast: number][] = [
  [
    '12 bits',
    { width: 300, height: 250, bitsStored: 12, noise: 0.003 },
    { x: 70, y: 60, width: 130, height: 120 },
    20,
  ],
  [
    '8 bits',
    { width: 300, height: 250, bitsAllocated: 8, noise: 0.003 },
    { x: 40, y: 20, width: 200, height: 200 },
    30,
  ],
  [
    'RGB',
    { width: 240, height: 200, bitsAllocated: 8, samplesPerPixel: 3, noise: 0.003 },
    { x: 20, y: 20, width: 150, height: 130 },
    20,
  ],
  [
    '10 bits, a narrow area',
    { width: 300, height: 300, bitsStored: 10, noise: 0.003 },
    { x: 20, y: 20, width: 90, height: 250 },
    10,
  ],
  [
    '16 bits of which few are used',
    { width: 220, height: 220, bitsStored: 16, range: [0.01, 0.06], noise: 0.003 },
    { x: 30, y: 40, width: 110, height: 110 },
    15,
  ],
];

describe.each(cases)('%s', (_name, recipe, area, atLeast) => {
  test('a square of the side that is told restores everywhere, painted in any values', async () => {
    const original = makeFrame(recipe);
    const sent = await protectFrame(original, job, { areas: [area] });
    const side = sent.toleratedMark;
    expect(side).toBeGreaterThanOrEqual(atLeast);
    const [covered] = sent.coveredAreas;
    const { bitsStored, width } = sent.frame;
    const random = randomFrom(width);
    const legal = 2 ** bitsStored;
    const paints = [() => 0, () => legal - 1, () => Math.floor(legal * random())];
    const [right, bottom] = [covered.width - side, covered.height - side];
    const steps = 5;
    for (let k = 0; k <= steps * steps; k++) {
      const mark = {
        x: covered.x + Math.round((right * (k % steps)) / (steps - 1)),
        y: covered.y + Math.round(bottom * Math.min(1, Math.floor(k / steps) / (steps - 1))),
        width: side,
        height: side,
      };
      const marked = paint(sent.frame, mark, paints[k % paints.length]!);
      const restored = await restoreFrame(marked, keyring);
      expect(restored.frame.samples).toEqual(original.samples);
    }
  });
});

test.each(['row', 'column'] as const)('a bar along a whole %s restores, wherever it lies', async (kind) => {
  const [, recipe, area] = cases[0]!;
  const original = makeFrame(recipe);
  const sent = await protectFrame(original, job, { areas: [area] });
  const [covered] = sent.coveredAreas;
  const breadth = 10;
  const along = kind === 'row' ? covered.height : covered.width;
  for (let at = 0; at + breadth <= along; at += 3) {
    const mark =
      kind === 'row'
        ? { ...covered, y: covered.y + at, height: breadth }
        : { ...covered, x: covered.x + at, width: breadth };
    const restored = await restoreFrame(
      paint(sent.frame, mark, () => 4095),
      keyring,
    );
    expect(restored.frame.samples).toEqual(original.samples);
  }
});

test('a picture whose surroundings carry stands no mark', async () => {
  const frame = makeFrame({ width: 300, height: 300, bitsStored: 12, noise: 0.003 });
  const area = { x: 120, y: 120, width: 60, height: 60 };
  const { toleratedMark } = await protectFrame(frame, job, { areas: [area], carrier: 'surroundings' });
  expect(toleratedMark).toBe(0);
});
