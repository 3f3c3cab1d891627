import { type Frame, KeyAreaError, type Rectangle } from '../../src/engine';
import { embedSurroundings, extractSurroundings, headerAt, sitesOf } from '../../src/engine/surroundings';
import { fc } from '../properties';
import { makeFrame, randomFrom } from './frames';

/**
 * The surroundings carrier gives back header, payload and every sample, whatever the image; it leaves
 * excluded areas and padding alone; and it says so where there is no room.
 */

const randomBytes = (length: number, seed: number) => {
  const random = randomFrom(seed);
  return Uint8Array.from({ length }, () => Math.floor(256 * random()));
};

const codeOf = (frame: Frame, cell: number) =>
  (cell & (2 ** frame.bitsStored - 1)) ^ (frame.signed ? 2 ** (frame.bitsStored - 1) : 0);

const isPadding = ({ padding, signed, bitsStored }: Frame, code: number) => {
  const value = signed ? code - 2 ** (bitsStored - 1) : code;
  return padding !== undefined && value >= padding.minimum && value <= padding.maximum;
};

const insideAny = (frame: Frame, index: number, areas: readonly Rectangle[]) => {
  const pixel = Math.floor(index / frame.samplesPerPixel);
  const column = pixel % frame.width;
  const row = Math.floor(pixel / frame.width);
  return areas.some(
    ({ x, y, width, height }) => column >= x && column < x + width && row >= y && row < y + height,
  );
};

/** Reads as a blind reader does: the header is recognised among the candidates, then all is undone. */
function readBack(marked: Frame, excluded: readonly Rectangle[], header: Uint8Array) {
  const site = sitesOf(marked, header)[0]!;
  expect(headerAt(marked, site, header.length)).toEqual(header);
  return extractSurroundings(marked, excluded, header.length, site);
}

/** Embeds, checks every promise, and extracts. False where there was no room. */
function checkRoundTrip(
  frame: Frame,
  excluded: readonly Rectangle[],
  header: Uint8Array,
  payload: Uint8Array,
): boolean {
  const untouched = frame.samples.slice();
  let marked: Frame;
  try {
    marked = embedSurroundings(frame, excluded, header, payload);
  } catch (error) {
    if (!(error instanceof KeyAreaError) || error.code !== 'no-room') throw error;
    return false;
  } finally {
    expect(frame.samples).toEqual(untouched);
  }
  const upper = ~(2 ** frame.bitsStored - 1);
  const [shift, cellMask] = [32 - frame.bitsStored, 2 ** (8 * untouched.BYTES_PER_ELEMENT) - 1];
  const signExtension = (cell: number) => ((cell << shift) >> shift) & cellMask;
  const extended = frame.signed && untouched.every((cell) => signExtension(cell) === cell);
  marked.samples.forEach((cell, k) => {
    if (cell === untouched[k]) return;
    const [before, after] = [codeOf(frame, untouched[k]), codeOf(frame, cell)];
    const kept = extended ? signExtension(cell) === cell : (cell & upper) === (untouched[k] & upper);
    if (isPadding(frame, before) || isPadding(frame, after) || insideAny(frame, k, excluded) || !kept) {
      throw new Error(`sample ${k} must not change from ${untouched[k]} to ${cell}`);
    }
  });
  // What lies in the excluded areas is not the carrier's, and may have been overwritten in between.
  const overwritten = marked.samples.map((cell, k) => (insideAny(frame, k, excluded) ? untouched[0] : cell));
  const { payload: found, original } = readBack({ ...marked, samples: overwritten }, excluded, header);
  expect(found).toEqual(payload);
  const expected = untouched.map((cell, k) => (insideAny(frame, k, excluded) ? untouched[0] : cell));
  expect(original.samples).toEqual(expected);
  return true;
}

type Content = 'body' | 'noise' | 'extremes' | 'saturated' | 'constant' | 'ramp' | 'gaps';

const recipes = fc.record({
  width: fc.integer({ min: 12, max: 110 }),
  height: fc.integer({ min: 12, max: 110 }),
  samplesPerPixel: fc.constantFrom<1 | 3>(1, 1, 3),
  bitsAllocated: fc.constantFrom<8 | 16>(8, 16),
  spareBits: fc.integer({ min: 0, max: 8 }),
  signed: fc.boolean(),
  inverted: fc.boolean(),
  upperBits: fc.constantFrom('regular' as const, 'zero' as const, 'other' as const),
  noise: fc.constantFrom(0, 0.001, 0.01, 0.05),
  content: fc.constantFrom<Content>(
    'body',
    'body',
    'noise',
    'extremes',
    'saturated',
    'constant',
    'ramp',
    'gaps',
  ),
  padding: fc.option(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20)), { nil: undefined }),
  seed: fc.nat(),
});

type Recipe = typeof recipes extends fc.Arbitrary<infer T> ? T : never;

function frameOf({ spareBits, content, padding, ...recipe }: Recipe): Frame {
  const bitsStored = Math.max(2, recipe.bitsAllocated - spareBits);
  const legal = 2 ** bitsStored - 1;
  const frame = makeFrame({ ...recipe, bitsStored });
  const random = randomFrom(recipe.seed);
  const value = (k: number): number => {
    if (content === 'noise') return random() * (legal + 1);
    if (content === 'extremes') return random() < 0.5 ? 0 : legal;
    if (content === 'saturated') return legal * (1.6 * Math.sin(k / 40) + 0.5 + 0.02 * random());
    if (content === 'constant') return legal * 0.999;
    // Few values, of which one is the most frequent.
    if (content === 'gaps') return random() < 0.5 ? legal / 3 : 5 * Math.floor(k / 300);
    return k / 7;
  };
  const flip = recipe.signed ? 2 ** (bitsStored - 1) : 0;
  const mask = 2 ** bitsStored - 1;
  if (content !== 'body') {
    frame.samples.forEach((cell, k) => {
      const code = Math.max(0, Math.min(legal, Math.floor(value(k))));
      const stored = code ^ flip;
      const shift = 32 - bitsStored;
      frame.samples[k] =
        recipe.upperBits === 'regular' && recipe.signed
          ? (stored << shift) >> shift
          : (cell & ~mask) | stored;
    });
  }
  if (padding === undefined) return frame;
  const [share, size] = padding;
  const minimum = Math.floor(share * legal) - flip;
  return { ...frame, padding: { minimum, maximum: Math.min(legal - flip, minimum + size) } };
}

const RUNS = 100;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const rectangles = fc.array(fc.tuple(share, share, share, share), { maxLength: 2 });

const rectangleIn = (frame: Frame, [a, b, c, d]: readonly number[]): Rectangle => {
  const x = Math.floor(a * (frame.width - 1));
  const y = Math.floor(b * (frame.height - 1));
  const width = 1 + Math.floor(0.6 * c * (frame.width - 1 - x));
  return { x, y, width, height: 1 + Math.floor(0.6 * d * (frame.height - 1 - y)) };
};

test('extract gives header, payload and image back exactly, or embed says that there is no room', () => {
  let exact = 0;
  fc.assert(
    fc.property(
      recipes,
      rectangles,
      fc.integer({ min: 8, max: 40 }),
      fc.double({ min: 0, max: 0.1, noNaN: true }),
      (recipe, corners, headerLength, bitsPerSample) => {
        const frame = frameOf(recipe);
        const excluded = corners.map((corner) => rectangleIn(frame, corner));
        const length = Math.floor((frame.samples.length * bitsPerSample) / 8);
        const header = randomBytes(headerLength, recipe.seed);
        const payload = randomBytes(length, recipe.seed + 1);
        if (checkRoundTrip(frame, excluded, header, payload)) exact++;
      },
    ),
    { numRuns: RUNS },
  );
  // Many must have room: a test in which all are refused proves nothing.
  expect(exact).toBeGreaterThan(RUNS / 4);
});

test.each([0, 0xff, 0x55])('a payload that is nothing but %p comes back', (byte) => {
  const frame = makeFrame({ width: 128, height: 128, bitsStored: 12, noise: 0.002 });
  expect(checkRoundTrip(frame, [], new Uint8Array(52).fill(byte), new Uint8Array(300).fill(byte))).toBe(true);
});

test('clean backgrounds at either end of the range have room without a map', () => {
  for (const inverted of [false, true]) {
    const frame = makeFrame({ width: 128, height: 128, bitsAllocated: 8, inverted });
    frame.samples.fill(inverted ? 255 : 0);
    expect(checkRoundTrip(frame, [], randomBytes(60, 1), randomBytes(1000, 2))).toBe(true);
  }
});

/** A picture of few values far apart, and a background of one. */
function gapped(bitsStored: number, step: number): Frame {
  const frame = makeFrame({ width: 128, height: 128, bitsStored, noise: 0.1, range: [0.1, 0.9] });
  const samples = frame.samples.map((cell, k) => (k % 128 < 40 ? 3 * step : cell - (cell % step)));
  return { ...frame, samples };
}

/** Bit 7 of the parameters behind a header of so many bytes: values carry too. */
const valuesCarry = ({ samples }: Frame, headerLength: number): boolean =>
  (samples[8 * headerLength] & 1) === 1;

test.each([
  [12, 16],
  [16, 5],
  [16, 40],
])('values among empty ones carry, of %p bits in steps of %p', (bitsStored, step) => {
  const frame = gapped(bitsStored, step);
  const header = randomBytes(60, 1);
  for (const length of [0, 1, 300, 1500]) {
    const payload = randomBytes(length, 2);
    expect(checkRoundTrip(frame, [{ x: 60, y: 60, width: 30, height: 30 }], header, payload)).toBe(true);
  }
  expect(valuesCarry(embedSurroundings(frame, [], header, randomBytes(1500, 2)), header.length)).toBe(true);
});

/** Values 16 apart around a middle: nearly all samples are of codes that may move. */
function spacedNoise(side: number, spread: number): Frame {
  const random = randomFrom(9);
  const gauss = () => Array.from({ length: 12 }, random).reduce((sum, share) => sum + share) - 6;
  const frame = makeFrame({ width: side, height: side, bitsStored: 16 });
  frame.samples.forEach((_, k) => {
    frame.samples[k] = 16 * Math.round(1000 + 3 * spread * Math.sin(k / side / 20) + spread * gauss());
  });
  return frame;
}

test.each([
  [96, 6, [200, 300, 450, 1000]],
  [128, 30, [100, 250]],
])('where layers have little room, values carry (%p pixels, noise of %p)', (side, spread, lengths) => {
  for (const length of lengths) {
    expect(checkRoundTrip(spacedNoise(side, spread), [], randomBytes(64, 1), randomBytes(length, 2))).toBe(
      true,
    );
  }
});

test('samples that cannot move are told from those that did', () => {
  const frame = makeFrame({ width: 160, height: 160, bitsAllocated: 8, noise: 0.2, range: [0, 1] });
  frame.samples.forEach((cell, k) => {
    frame.samples[k] = cell < 14 ? 0 : cell;
  });
  expect(checkRoundTrip(frame, [], randomBytes(60, 1), randomBytes(500, 2))).toBe(true);
});

test.each([0.02, 0.2])('a refusal names about what fits (noise %p)', (noise) => {
  const frame = makeFrame({ width: 160, height: 160, bitsAllocated: 8, noise });
  const excluded = [{ x: 60, y: 60, width: 40, height: 40 }];
  const named = (length: number): number => {
    try {
      embedSurroundings(frame, excluded, randomBytes(100, 5), randomBytes(length, 6));
    } catch (error) {
      const [, has, fitting] = /it has (\d+) bytes, and about (\d+) fit/.exec(`${error}`) ?? [];
      expect(Number(has)).toBe(length);
      return Number(fitting);
    }
    throw new Error('it fits');
  };
  const fitting = named(3200);
  expect(fitting).toBeGreaterThan(400);
  const most = randomBytes(Math.floor(fitting * 0.9), 6);
  expect(checkRoundTrip(frame, excluded, randomBytes(100, 5), most)).toBe(true);
  expect(named(Math.ceil(fitting * 1.3))).toBeGreaterThan(fitting * 0.7);
});

test('the header is found wherever an excluded area leaves one of the sites free', () => {
  const frame = makeFrame({ width: 120, height: 120, bitsStored: 12, noise: 0.002 });
  const free: Rectangle[] = [
    { x: 40, y: 40, width: 40, height: 40 },
    { x: 0, y: 0, width: 120, height: 60 },
    { x: 0, y: 60, width: 120, height: 60 },
    { x: 0, y: 0, width: 60, height: 120 },
  ];
  for (const area of free)
    expect(checkRoundTrip(frame, [area], randomBytes(60, 1), randomBytes(100, 2))).toBe(true);
  const corners = [0, 110].flatMap((x) => [0, 110].map((y) => ({ x, y, width: 10, height: 10 })));
  expect(checkRoundTrip(frame, corners, randomBytes(60, 1), randomBytes(100, 2))).toBe(false);
});

describe('hostile input', () => {
  const extractAnything = (frame: Frame, excluded: readonly Rectangle[], length: number, site: number) => {
    try {
      extractSurroundings(frame, excluded, length, site);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return 'refused';
    }
    return 'accepted';
  };

  test('frames that hold nothing are refused', () => {
    fc.assert(
      fc.property(recipes, rectangles, fc.nat(70), fc.nat(3), (recipe, corners, length, site) => {
        const frame = frameOf(recipe);
        const excluded = corners.map((corner) => rectangleIn(frame, corner));
        expect(sitesOf(frame, new Uint8Array(length)).length).toBeLessThanOrEqual(4);
        expect(extractAnything(frame, excluded, length, site)).toBe('refused');
      }),
      { numRuns: 120 },
    );
  });

  const frame = makeFrame({ width: 96, height: 96, bitsStored: 12, noise: 0.003 });
  const header = randomBytes(20, 1);
  const marked = embedSurroundings(frame, [], header, randomBytes(150, 2));

  test('altered values and rules for values are refused', () => {
    const original = gapped(16, 40);
    const valued = embedSurroundings(original, [], header, randomBytes(600, 2));
    expect(valuesCarry(valued, header.length)).toBe(true);
    expect(extractAnything(valued, [], header.length, 0)).toBe('accepted');
    fc.assert(
      fc.property(fc.nat(valued.samples.length - 1), fc.integer({ min: 1, max: 4095 }), (k, change) => {
        const samples = valued.samples.slice();
        samples[k] ^= change;
        const outcome = extractAnything({ ...valued, samples }, [], header.length, 0);
        // What lies behind the last bit belongs to nobody.
        if (samples[k] === original.samples[k] && valued.samples[k] !== samples[k])
          expect(outcome).toBe('refused');
      }),
      { numRuns: 120 },
    );
    const samples = valued.samples.slice();
    samples[8 * header.length] ^= 1;
    expect(extractAnything({ ...valued, samples }, [], header.length, 0)).toBe('refused');
  });

  test('any parameters are refused without harm', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 42, maxLength: 42 }),
        fc.nat(41),
        fc.boolean(),
        (bytes, keep, low) => {
          const samples = marked.samples.slice();
          // The parameters lie behind the header, along the first rows; the first `keep` bytes stay.
          for (let k = keep * 8; k < bytes.length * 8; k++) {
            const bit = low && k < 64 ? 0 : (bytes[k >> 3] >> (k & 7)) & 1;
            samples[header.length * 8 + k] = (samples[header.length * 8 + k] & ~1) | bit;
          }
          const same = samples.every((cell, k) => cell === marked.samples[k]);
          fc.pre(!same);
          const outcome = extractAnything({ ...marked, samples }, [], header.length, 0);
          // Bits behind the parameters belong to nobody.
          if (keep < 12) expect(outcome).toBe('refused');
        },
      ),
      { numRuns: 120 },
    );
  });

  test('altered samples, other areas, lengths and sites are refused', () => {
    expect(extractAnything(marked, [], header.length, 0)).toBe('accepted');
    // Samples that moved aside carry nothing: whether they were altered, the payload's hash tells.
    const outcomes = Array.from(marked.samples.keys(), (k) => {
      if (k < 3000 || marked.samples[k] === frame.samples[k]) return undefined;
      const samples = marked.samples.slice();
      samples[k] = frame.samples[k];
      return extractAnything({ ...marked, samples }, [], header.length, 0);
    });
    expect(outcomes.filter((outcome) => outcome === 'refused').length).toBeGreaterThan(200);
    expect(extractAnything(marked, [{ x: 40, y: 40, width: 9, height: 9 }], header.length, 0)).toBe(
      'refused',
    );
    expect(extractAnything(marked, [{ x: 90, y: 0, width: 9, height: 9 }], header.length, 0)).toBe('refused');
    expect(extractAnything(marked, [], header.length + 1, 0)).toBe('refused');
    expect(extractAnything(marked, [], 1e6, 0)).toBe('refused');
    for (const site of [1, 2, 3]) expect(extractAnything(marked, [], header.length, site)).toBe('refused');
  });

  test('a frame smaller than a header has no site', () => {
    const small = makeFrame({ width: 4, height: 4 });
    expect(sitesOf({ ...small, samples: new Uint16Array(16) }, new Uint8Array(2))).toEqual([0, 1, 2, 3]);
    expect(sitesOf({ ...small, samples: new Uint16Array(16) }, new Uint8Array(3))).toEqual([]);
    expect(headerAt(small, 0, 3)).toBeUndefined();
  });
});
