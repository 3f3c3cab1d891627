import {
  decodeValueRules,
  embedValues,
  encodeValueRules,
  extractValues,
  findMovingCodes,
  type MovingCode,
  yieldOf,
} from '../../src/engine/surroundings/emptyValues';
import { fc } from '../properties';
import { makeFrame, randomFrom } from './frames';

/** Values among empty ones give their codes and their bytes back, whatever rules say. */

/** Codes from a few values, what they are free for, and bytes. */
const recipes = fc.record({
  values: fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 12 }),
  step: fc.integer({ min: 2, max: 60 }),
  share: fc.constantFrom(1, 0.5),
  odds: fc.integer({ min: 1, max: 256 }),
  length: fc.nat(900),
  seed: fc.nat(2 ** 31),
});

type Recipe = typeof recipes extends fc.Arbitrary<infer T> ? T : never;

function picture({ values, step, share, length, seed }: Recipe) {
  const random = randomFrom(seed);
  const codes = Uint16Array.from({ length: 4000 }, () => step * values[Math.floor(values.length * random())]);
  const free = Uint8Array.from(codes, () => (random() < share ? 1 : 0));
  const data = Uint8Array.from({ length }, () => Math.floor(256 * random()));
  const frame = { ...makeFrame({ width: 80, height: 50, bitsStored: 14 }), samples: codes.slice() };
  return { codes, free, data, frame };
}

test('what is embedded comes back with the codes, as much as they take', () => {
  let whole = 0;
  fc.assert(
    fc.property(recipes, (recipe) => {
      const { codes, free, data, frame } = picture(recipe);
      const before = codes.slice();
      const moving = findMovingCodes(frame, codes, free);
      const { rules, codes: marked } = embedValues(codes, free, moving, recipe.odds, data);
      const taken = rules.streamLength;
      expect(codes).toEqual(before);
      if (taken === data.length) whole++;
      const written = encodeValueRules(rules);
      const behind = Uint8Array.from([...written, 1, 2, 3]);
      const uncounted = moving.map(({ code, up, down }) => ({ code, up, down }));
      const expected = { ...rules, moving: rules.moving.length > 0 ? uncounted : [] };
      expect(decodeValueRules(behind)).toEqual({ rules: expected, length: written.length });
      expect(marked.every((code, i) => free[i] === 1 || code === before[i])).toBe(true);
      const restored = marked.slice();
      expect(extractValues(frame, restored, free, rules)).toEqual(data.subarray(0, taken));
      expect(restored).toEqual(before);
    }),
    { numRuns: 200 },
  );
  expect(whole).toBeGreaterThan(50);
});

test('of the empty codes between two each takes half, the more frequent one what is over; none takes padding', () => {
  const samples = new Uint16Array(8000);
  samples.fill(10, 0, 3000).fill(14, 3000, 5000).fill(200, 5000, 7950);
  const frame = { ...makeFrame({ width: 100, height: 80, bitsStored: 8 }), samples };
  const free = new Uint8Array(8000).fill(1);
  expect(findMovingCodes({ ...frame, padding: { minimum: 205, maximum: 220 } }, samples, free)).toEqual([
    // 50 samples of code 0 are not worth it.
    { code: 10, up: 2, down: 5, count: 3000 },
    { code: 14, up: 15, down: 1, count: 2000 },
    { code: 200, up: 4, down: 15, count: 2950 },
  ]);
  expect(findMovingCodes(frame, samples, new Uint8Array(8000))).toEqual([]);
});

test('they carry and cost about what is expected', () => {
  const { codes, free, frame } = picture({ values: [7], step: 60, share: 1, odds: 0, length: 0, seed: 1 });
  const random = randomFrom(5);
  const data = Uint8Array.from({ length: 4000 }, () => Math.floor(256 * random()));
  const moving = findMovingCodes(frame, codes, free);
  for (const odds of [40, 128, 220, 256]) {
    const { bits, errors } = yieldOf(moving, odds);
    const { rules, codes: marked } = embedValues(codes, free, moving, odds, data);
    expect(Math.abs(8 * rules.streamLength - bits)).toBeLessThan(0.05 * bits + 40);
    const squares = marked.reduce((sum, code, i) => sum + (code - codes[i]) ** 2, 0);
    expect(Math.abs(squares - errors)).toBeLessThan(0.15 * errors);
  }
});

test('any rules are carried out without harm', () => {
  const anyMoving = fc.array(
    fc.record({ code: fc.nat(65535), up: fc.nat(15), down: fc.nat(15) }) satisfies fc.Arbitrary<MovingCode>,
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(anyMoving, recipes, fc.nat(2 ** 24 - 1), (moving, recipe, streamLength) => {
      const { codes, free, frame } = picture(recipe);
      const anything = () => extractValues(frame, codes, free, { streamLength, odds: recipe.odds, moving });
      try {
        anything();
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 200 },
  );
  expect(() => decodeValueRules(Uint8Array.of(0, 0, 1, 0, 255, 255, 1))).toThrow(RangeError);
});

test.each<[string, MovingCode[]]>([
  [
    'a code twice',
    [
      { code: 10, up: 5, down: 0 },
      { code: 10, up: 1, down: 0 },
    ],
  ],
  [
    'two ways that meet',
    [
      { code: 10, up: 5, down: 0 },
      { code: 18, up: 0, down: 3 },
    ],
  ],
  ['a way beyond the largest code', [{ code: 250, up: 6, down: 0 }]],
  ['a way below 0', [{ code: 3, up: 0, down: 4 }]],
  ['a code beyond the largest', [{ code: 300, up: 0, down: 0 }]],
  ['a way to padding', [{ code: 100, up: 5, down: 0 }]],
])('rules with %s are refused', (_, moving) => {
  const frame = makeFrame({ width: 20, height: 20, bitsStored: 8 });
  const padded = { ...frame, padding: { minimum: 105, maximum: 110 } };
  const free = new Uint8Array(400).fill(1);
  const rules = { streamLength: 0, odds: 9, moving };
  expect(() => extractValues(padded, new Uint16Array(400), free, rules)).toThrow(RangeError);
});
