import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import {
  createKeyring,
  createProtectionJob,
  type Frame,
  inspectFrame,
  type Keyring,
  type ProtectionJob,
  planFrame,
  protectFrame,
  type Rectangle,
  restoreFrame,
} from '../../src/engine';
import { type FrameRecipe, makeFrame, randomFrom } from './frames';

/** The surroundings carrier: a clean QR code, or none at all. */

const passphrase = 'around';
const report = 'Findings: none. 所見なし。';
const area = { x: 60, y: 70, width: 60, height: 50 };
let job: ProtectionJob;
let keyring: Keyring;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report, workFactor: 8, qr: 'notice' });
  keyring = createKeyring({ passphrase });
});

const recipes: [string, FrameRecipe][] = [
  ['12 bits', { width: 320, height: 300, bitsStored: 12, noise: 0.002 }],
  ['16 bits signed', { width: 320, height: 300, signed: true, noise: 0.0005 }],
  ['12 bits signed in 16', { width: 320, height: 300, bitsStored: 12, signed: true, noise: 0.002 }],
  ['8 bits', { width: 360, height: 340, bitsAllocated: 8, noise: 0.01 }],
  ['RGB', { width: 300, height: 300, bitsAllocated: 8, samplesPerPixel: 3, noise: 0.01 }],
  ['MONOCHROME1', { width: 320, height: 300, bitsStored: 10, inverted: true, noise: 0.004 }],
  [
    'an overlay in the upper bits',
    { width: 320, height: 300, bitsStored: 12, upperBits: 'other', noise: 0.002 },
  ],
];

describe('hidden in the surroundings', () => {
  test.each(recipes)('%s restores exactly, under a clean QR code', async (_name, recipe) => {
    const frame = makeFrame(recipe);
    const output = await protectFrame(frame, job, { areas: [area], carrier: 'surroundings' });
    expect(output.samplesChangedOutside).toBeGreaterThan(0);
    const [covered] = output.coveredAreas;
    const inside = new Set<number>();
    for (let y = covered.y; y < covered.y + covered.height; y++) {
      for (let x = covered.x; x < covered.x + covered.width; x++) {
        inside.add(output.frame.samples[(y * frame.width + x) * frame.samplesPerPixel]);
      }
    }
    expect(inside.size).toBe(2);

    const restored = await restoreFrame(output.frame, keyring);
    expect(restored.frame.samples).toEqual(frame.samples);
    expect(restored).toMatchObject({ report, carrier: 'surroundings', areas: [area] });
    expect(inspectFrame(output.frame)).toMatchObject({
      carrier: 'surroundings',
      bitsPerSample: 0,
      keys: ['passphrase'],
      qrText: output.qrText,
    });
  });

  test.each(recipes)('%s: a report alone, invisibly', async (_name, recipe) => {
    const frame = makeFrame(recipe);
    const output = await protectFrame(frame, job, { areas: [], carrier: 'surroundings' });
    expect([output.coveredAreas, output.qrText]).toEqual([[], '']);
    const restored = await restoreFrame(output.frame, keyring);
    expect(restored.frame.samples).toEqual(frame.samples);
    expect([restored.report, restored.areas]).toEqual([report, []]);
  });
});

describe('padding', () => {
  const body = makeFrame({ width: 320, height: 300, bitsStored: 12, noise: 0.002 });
  const samples = body.samples.map((cell, k) =>
    ((k % 320) - 160) ** 2 + (k / 320 - 150) ** 2 > 24000 ? 0 : cell + 8,
  );
  const frame: Frame = { ...body, samples, padding: { minimum: 0, maximum: 0 } };

  test('is left alone, and the image restores without the attribute too', async () => {
    const output = await protectFrame(frame, job, { areas: [area], carrier: 'surroundings' });
    const [covered] = output.coveredAreas;
    output.frame.samples.forEach((cell, k) => {
      const x = k % 320;
      const y = Math.floor(k / 320);
      const isCovered =
        x >= covered.x && y >= covered.y && x < covered.x + covered.width && y < covered.y + covered.height;
      if (!isCovered) expect([k, cell === 0]).toEqual([k, samples[k] === 0]);
    });
    expect((await restoreFrame(output.frame, keyring)).frame.samples).toEqual(samples);
    const { padding: _, ...stripped } = output.frame;
    expect((await restoreFrame(stripped, keyring)).frame.samples).toEqual(samples);
  });
});

describe('what goes wrong has its name', () => {
  const frame = makeFrame(recipes[0][1]);
  const protect = () => protectFrame(frame, job, { areas: [area], carrier: 'surroundings' });

  test('wrong key, and damage, are told apart', async () => {
    const { frame: output } = await protect();
    const wrong = createKeyring({ passphrase: 'not it' });
    await expect(restoreFrame(output, wrong)).rejects.toMatchObject({ code: 'wrong-key' });
    const touched = { ...output, samples: output.samples.slice() };
    touched.samples[160 * 320 + 250] ^= 1;
    await expect(restoreFrame(touched, keyring)).rejects.toMatchObject({
      code: expect.stringMatching(/^(altered|damaged)$/),
    });
    for (let k = 30 * 320; k < 60 * 320; k += 3) output.samples[k] ^= 1;
    await expect(restoreFrame(output, keyring)).rejects.toMatchObject({ code: 'damaged' });
    await expect(restoreFrame(output, wrong)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('protected already, whichever carrier comes second', async () => {
    const { frame: output } = await protect();
    for (const carrier of ['vault', 'surroundings'] as const) {
      await expect(protectFrame(output, job, { areas: [area], carrier })).rejects.toMatchObject({
        code: 'already-protected',
      });
    }
    // This is said first even of what could not be protected either.
    const whole = { x: 0, y: 0, width: 320, height: 200 };
    await expect(
      protectFrame(output, job, { areas: [whole], carrier: 'surroundings' }),
    ).rejects.toMatchObject({ code: 'already-protected' });
  });

  test('no room, no area', async () => {
    const options = { areas: [{ x: 0, y: 0, width: 320, height: 200 }], carrier: 'surroundings' } as const;
    await expect(protectFrame(frame, job, options)).rejects.toMatchObject({ code: 'no-room' });
    for (const carrier of ['vault', 'surroundings'] as const) {
      const none = { areas: [], carrier, scramble: true };
      await expect(protectFrame(frame, job, none)).rejects.toMatchObject({ code: 'no-key-area' });
    }
    await expect(protectFrame(frame, job, { areas: [], carrier: 'vault' })).rejects.toMatchObject({
      code: 'no-key-area',
    });
  });
});

describe('scrambled', () => {
  const padding = { minimum: 40, maximum: 40 };
  const scrambledRecipes: [string, FrameRecipe][] = [
    ...recipes,
    ['padding inside the picture alone', { ...recipes[0][1], padding }],
  ];

  test.each(scrambledRecipes)('%s restores exactly, in one go', async (_name, recipe) => {
    const frame = makeFrame(recipe);
    const options = { areas: [area], carrier: 'surroundings', scramble: true } as const;
    const attachment = Uint8Array.of(1, 2, 3);
    const output = await protectFrame(frame, job, { ...options, attachment, index: 2, count: 5 });
    expect(output.carrier).toBe('surroundings');
    expect(output.psnrOutside).toBeLessThan(20);
    expect(output.ssimOutside).toBeLessThan(0.2);

    // Whoever scrambles removes the padding attribute: among noise nothing is padding.
    const { padding: _, ...sent } = output.frame;
    const restored = await restoreFrame(sent, keyring);
    expect(restored.frame.samples).toEqual(frame.samples);
    expect(restored).toMatchObject({ report, carrier: 'surroundings', areas: [area], attachment });
    expect(restored).toMatchObject({ index: 2, count: 5, coveredAreas: output.coveredAreas });

    expect(inspectFrame(sent)).toMatchObject({
      coveredAreas: output.coveredAreas,
      keys: ['passphrase'],
      qrText: output.qrText,
    });
  });

  test('a mark on the QR code is repaired; one beside it destroys what lies there', async () => {
    const frame = makeFrame(recipes[0][1]);
    const wide = { x: 60, y: 70, width: 120, height: 110 };
    const options = { areas: [wide], carrier: 'surroundings', scramble: true } as const;
    const { frame: sent, coveredAreas } = await protectFrame(frame, job, options);
    const [covered] = coveredAreas;
    const marked = (left: number, top: number): Frame => {
      const samples = sent.samples.slice();
      for (let y = top; y < top + 9; y++) samples.fill(0, y * 320 + left, y * 320 + left + 9);
      return { ...sent, samples };
    };
    const repaired = await restoreFrame(marked(covered.x + 55, covered.y + 50), keyring);
    expect(repaired.frame.samples).toEqual(frame.samples);
    expect(repaired.repairedSegments).toBeGreaterThan(0);
    const beside = marked(250, 150);
    await expect(restoreFrame(beside, keyring)).rejects.toMatchObject({
      code: expect.stringMatching(/^(altered|damaged)$/),
    });
  });
});

describe('where no carrier is asked for', () => {
  test('it is the vault', async () => {
    const frame = makeFrame(recipes[0][1]);
    expect(await planFrame(frame, job, { areas: [area] })).toMatchObject({ carrier: 'vault' });
    expect(await protectFrame(frame, job, { areas: [area] })).toMatchObject({ carrier: 'vault' });
  });

  test('without key areas, the surroundings', async () => {
    const frame = makeFrame(recipes[0][1]);
    expect(await planFrame(frame, job, { areas: [] })).toMatchObject({ carrier: 'surroundings' });
    const { frame: sent, carrier } = await protectFrame(frame, job, { areas: [] });
    expect(carrier).toBe('surroundings');
    expect((await restoreFrame(sent, keyring)).report).toBe(report);
  });

  /**
   * Noise of three bits on a flat picture. Of three bits a sample under the QR code carries one, and the
   * envelopes lie there three times.
   */
  function noisy(area: Rectangle): Frame {
    const frame = makeFrame({ width: 230, height: 230, bitsAllocated: 8, bitsStored: 3, range: [0.4, 0.4] });
    const random = randomFrom(5);
    for (let y = area.y; y < area.y + area.height; y++) {
      for (let x = area.x; x < area.x + area.width; x++)
        frame.samples[230 * y + x] = Math.floor(8 * random());
    }
    return frame;
  }
  const middle = { x: 90, y: 90, width: 50, height: 50 };

  test('and where the vault has no room, the surroundings', async () => {
    const frame = noisy(middle);
    const identity = await generateX25519Identity();
    const recipients = new Array<string>(20).fill(await identityToRecipient(identity));
    const crowded = await createProtectionJob({ recipients, report: '', qr: 'notice' });
    const options = { areas: [middle] };
    await expect(planFrame(frame, crowded, { ...options, carrier: 'vault' })).rejects.toMatchObject({
      code: 'no-room',
    });
    expect(await planFrame(frame, crowded, options)).toMatchObject({ carrier: 'surroundings' });
    const { frame: sent, carrier } = await protectFrame(frame, crowded, options);
    expect(carrier).toBe('surroundings');
    const restored = await restoreFrame(sent, createKeyring({ identities: [identity] }));
    expect(restored.frame.samples).toEqual(frame.samples);
  });

  test('and where neither has, the numbers of both', async () => {
    const refusal = {
      code: 'no-room',
      message: expect.stringMatching(/needs \d+ bytes, and \d+ fit.* has \d+ bytes, and about \d+ fit/),
    };
    const everywhere = { x: 0, y: 0, width: 230, height: 230 };
    await expect(planFrame(noisy(everywhere), job, { areas: [middle] })).rejects.toMatchObject(refusal);
    await expect(protectFrame(noisy(everywhere), job, { areas: [middle] })).rejects.toMatchObject(refusal);
  });
});

describe('a plan tells before doing', () => {
  const frame = makeFrame(recipes[0][1]);

  test.each(['vault', 'surroundings'] as const)('%s', async (carrier) => {
    const options = { areas: [area], carrier };
    const plan = await planFrame(frame, job, options);
    const done = await protectFrame(frame, job, options);
    const { coveredAreas, qrText, bitsPerSample, parityShare } = done;
    expect(plan).toMatchObject({ carrier, coveredAreas, qrText, bitsPerSample, parityShare });
    // Other random bytes may change which rules are chosen: a tenth more or fewer samples, the same noise.
    const difference = Math.abs(plan.samplesChangedOutside - done.samplesChangedOutside);
    expect(difference).toBeLessThanOrEqual(plan.samplesChangedOutside / 4);
    expect(plan.samplesChangedOutside > 0).toBe(carrier === 'surroundings');
    for (const { psnrOutside, ssimOutside } of [plan, done]) {
      expect(psnrOutside).toBeGreaterThan(50);
      expect(psnrOutside === Infinity && ssimOutside === 1).toBe(carrier === 'vault');
      expect(ssimOutside).toBeGreaterThan(0.99);
    }
  });

  test('and refuses with the numbers', async () => {
    const areas = [{ x: 0, y: 0, width: 320, height: 200 }];
    await expect(planFrame(frame, job, { areas, carrier: 'surroundings' })).rejects.toMatchObject({
      code: 'no-room',
      message: expect.stringMatching(/has \d+ bytes, and about \d+ fit/),
    });
  });
});
