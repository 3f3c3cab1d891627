import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from '../../src/engine';
import { crc32 } from '../../src/engine/bytes';
import {
  areSame,
  areSameRows,
  codesOf,
  extend,
  isExtended,
  rangeOf,
  unionOf,
} from '../../src/engine/kernels/cells';
import { type Cells, kernels, PIECE, place, workspace } from '../../src/engine/kernels/memory';
import { fromPlanes, toPlanes } from '../../src/engine/kernels/planes';
import { ContentKey } from '../../src/engine/keys/contentKey';
import { cellMaker } from '../../src/engine/payload/areaCodec';
import { computeBlockTags } from '../../src/engine/payload/blockTags';
import { codeBits, upperBitsOf } from '../../src/engine/pixels/frame';
import { carrierBlocks } from '../../src/engine/vault/order';
import { computeParity } from '../../src/engine/vault/parity';
import { joinVault, splitVault } from '../../src/engine/vault/segments';
import { fillVault, readVault, vaultCapacity } from '../../src/engine/vault/vault';
import { fc } from '../properties';
import { type FrameRecipe, makeFrame, randomFrom } from './frames';

/** The passes over pixels do in vectors and pieces what is said here cell by cell. */

const projectFolder = join(__dirname, '../..');

test('what is compiled in is what the source compiles to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  try {
    const made = join(folder, 'wasm.ts');
    execFileSync(process.execPath, [join(projectFolder, 'scripts/kernels.mjs'), made]);
    const used = join(projectFolder, 'src/engine/kernels/wasm.ts');
    expect(readFileSync(made, 'utf8')).toBe(readFileSync(used, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Cells within a few of a vector and of a piece, of values that occur once, or all over. */
const anyCells = fc
  .record({
    isByte: fc.boolean(),
    vectors: fc.constantFrom(0, 1, 2, PIECE / 16, PIECE / 8),
    more: fc.integer({ min: 1, max: 17 }),
    offset: fc.nat(3),
    low: fc.nat(0xffff),
    spread: fc.constantFrom(1, 2, 300, 0x10000),
    seed: fc.nat(2 ** 31),
  })
  .map(({ isByte, vectors, more, offset, low, spread, seed }): Cells => {
    const random = randomFrom(seed);
    const count = vectors * (isByte ? 16 : 8) + more;
    const cells = isByte ? new Uint8Array(count + offset) : new Uint16Array(count + offset);
    // An array that begins anywhere in its memory.
    return cells.map(() => low + Math.floor(spread * random())).subarray(offset);
  });

const bitsOf = (cells: Cells): number => 8 * cells.BYTES_PER_ELEMENT;
const runs = { numRuns: 150 };

test('the bits that are set', () => {
  fc.assert(
    fc.property(anyCells, (cells) => {
      let union = 0;
      for (const cell of cells) union |= cell;
      expect(unionOf(cells)).toBe(union);
    }),
    runs,
  );
});

test('arrays are the same, unless one cell differs', () => {
  fc.assert(
    fc.property(anyCells, fc.nat(), fc.integer({ min: 1, max: 255 }), (cells, place, change) => {
      const other = cells.slice();
      expect(areSame(cells, other)).toBe(true);
      other[place % other.length] ^= change;
      expect(areSame(cells, other)).toBe(false);
      expect(areSame(cells, cells.slice(1))).toBe(false);
    }),
    runs,
  );
  expect(areSame(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  expect(areSame(new Uint8Array(2), new Uint16Array(2))).toBe(false);
});

test('rows are the same, unless one of their cells differs', () => {
  const shape = fc.record({
    isByte: fc.boolean(),
    start: fc.nat(40),
    length: fc.constantFrom(1, 7, 16, 33, 700),
    gap: fc.constantFrom(0, 1, 50),
    count: fc.constantFrom(1, 2, 5, 300),
    seed: fc.nat(2 ** 31),
  });
  fc.assert(
    fc.property(shape, fc.nat(), ({ isByte, start, length, gap, count, seed }, place) => {
      const random = randomFrom(seed);
      const stride = length + gap;
      const size = start + stride * count;
      const cells = (isByte ? new Uint8Array(size) : new Uint16Array(size)).map(() => 65536 * random());
      const rows = { start, stride, length, count };
      const other = cells.slice();
      const changed = place % size;
      other[changed] ^= 1;
      const column = (changed - start) % stride;
      const isInRows = changed >= start && column < length;
      expect(areSameRows(cells, cells.slice(), rows)).toBe(true);
      expect(areSameRows(cells, other, rows)).toBe(!isInRows);
    }),
    runs,
  );
});

test('upper bits are filled with zeros or the sign', () => {
  fc.assert(
    fc.property(anyCells, fc.integer({ min: 1, max: 16 }), fc.boolean(), (cells, bits, signed) => {
      const bitsStored = Math.min(bits, bitsOf(cells));
      const shift = 32 - bitsStored;
      const filled = cells.map((cell) => (signed ? (cell << shift) >> shift : (cell << shift) >>> shift));
      expect(isExtended(cells, bitsStored, signed)).toBe(filled.every((cell, k) => cell === cells[k]));
      const extended = cells.slice();
      extend(extended, bitsStored, signed);
      expect(areSame(extended, filled)).toBe(true);
    }),
    runs,
  );
});

test('the range of codes, without what is left out', () => {
  const anyCode = fc.integer({ min: -10, max: 0x1000a });
  fc.assert(
    fc.property(
      anyCells,
      fc.integer({ min: 3, max: 16 }),
      fc.boolean(),
      fc.option(fc.tuple(anyCode, anyCode)),
      (cells, bits, signed, ends) => {
        const bitsStored = Math.min(bits, bitsOf(cells));
        const mask = 2 ** bitsStored - 1;
        const flip = signed ? 2 ** (bitsStored - 1) : 0;
        const leftOut = ends ? { minimum: Math.min(...ends), maximum: Math.max(...ends) } : undefined;
        let minimum = Infinity;
        let maximum = -1;
        for (const cell of cells) {
          const code = (cell & mask) ^ flip;
          if (leftOut && code >= leftOut.minimum && code <= leftOut.maximum) continue;
          minimum = Math.min(minimum, code);
          maximum = Math.max(maximum, code);
        }
        expect(rangeOf(cells, { mask, flip }, leftOut)).toEqual({ minimum, maximum });
      },
    ),
    { numRuns: 300 },
  );
});

test('the code of every cell, or of every third', () => {
  fc.assert(
    fc.property(
      anyCells,
      fc.constantFrom<(1 | 3)[]>(1, 3),
      fc.nat(0xffff),
      fc.nat(0xffff),
      (cells, step, anyMask, anyFlip) => {
        const all = 2 ** bitsOf(cells) - 1;
        const [mask, flip] = [anyMask & all, anyFlip & all];
        const codes = codesOf(cells, { mask, flip }, step);
        expect(codes.constructor).toBe(cells.constructor);
        const expected = cells.filter((_, k) => k % step === 0).map((cell) => (cell & mask) ^ flip);
        expect(areSame(codes, expected)).toBe(true);
      },
    ),
    runs,
  );
});

describe('planes', () => {
  /** Codes of pixels, less their minimum or their green: what the vectorised way has to give. */
  function expectedPlanes(codes: readonly number[], group: 1 | 3, mask: number, zero: number): number[] {
    if (group === 1) return codes.map((code) => code - zero);
    const of = (offset: number) => codes.filter((_, k) => k % 3 === offset);
    const [red, green, blue] = [of(0), of(1), of(2)];
    const differences = (colour: number[]) => colour.map((code, k) => (code - green[k]! + zero) & mask);
    return [...green, ...differences(red), ...differences(blue)];
  }

  test.each([1, 3] as const)('of pixels of %i cells, and back', (group) => {
    fc.assert(
      fc.property(anyCells, fc.integer({ min: 3, max: 16 }), fc.boolean(), (any, bits, signed) => {
        const cells = any.subarray(0, any.length - (any.length % group)) as typeof any;
        const bitsStored = Math.min(bits, bitsOf(cells));
        const mask = 2 ** bitsStored - 1;
        const flip = signed ? 2 ** (bitsStored - 1) : 0;
        const codes = Array.from(cells, (cell) => (cell & mask) ^ flip);
        const minimum = codes.reduce((least, code) => Math.min(least, code), mask);
        const zero = group === 1 ? minimum : 2 ** (bitsStored - 1);
        const expected = expectedPlanes(codes, group, mask, zero);
        const isNarrow = expected.every((value) => value <= 0xff);
        const planes = new (isNarrow ? Uint8Array : Uint16Array)(cells.length);
        toPlanes(cells, planes, { group, mask, flip, zero });
        expect(
          areSame(
            planes,
            planes.map((_, k) => expected[k]!),
          ),
        ).toBe(true);

        const back = new (cells.constructor as typeof Uint16Array)(cells.length);
        const largest = fromPlanes(planes, back, { group, mask, flip, zero });
        expect(
          areSame(
            back,
            back.map((_, k) => codes[k]! ^ flip),
          ),
        ).toBe(true);
        const first = group === 1 ? codes : codes.filter((_, k) => k % 3 === 1);
        expect(largest).toBe(first.reduce((most, code) => Math.max(most, code), 0));
      }),
      runs,
    );
  });

  test('whose codes are beyond the range are told', () => {
    for (const length of [1, 100]) {
      const planes = new Uint16Array(length).fill(7);
      planes[length >> 1] = 0xffff;
      const cells = new Uint16Array(length);
      expect(fromPlanes(planes, cells, { group: 1, mask: 0xffff, flip: 0, zero: 5 })).toBe(0xffff + 5);
    }
  });
});

test('what is written behind pixels has room where the memory ends with them', () => {
  jest.isolateModules(() => {
    const fresh = require('../../src/engine/kernels/planes') as { fromPlanes: typeof fromPlanes };
    // 32,768 pixels of colour and their planes fill three pages exactly.
    const planes = new Uint8Array(3 * 32768);
    const coding = { group: 3, mask: 0xff, flip: 0, zero: 128 } as const;
    expect(fresh.fromPlanes(planes, new Uint8Array(planes.length), coding)).toBe(0);
  });
});

test('runs of finder patterns in a row', () => {
  const anyRow = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(1)), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(anyRow, fc.boolean(), fc.integer({ min: 1, max: 3 }), (random, isByte, module) => {
      // A pattern among runs that may lengthen its own.
      const pattern = [1, 1, 3, 1, 1].map((modules, k) => [modules * module, k & 1] as const);
      const pixels = [...random.slice(0, 9), ...pattern, ...random.slice(9)].flatMap(([length, value]) =>
        new Array<number>(length).fill(value),
      );
      const [low, high] = isByte ? [99, 100] : [999, 1000];
      // Bits that do not count lie above those of the codes.
      const [mask, flip] = isByte ? [0x7f, 0x40] : [0xfff, 0x800];
      const values = pixels.map((value, x) => ((value ? high : low) ^ flip) | ((x & 1) * (mask + 1)));
      const row = isByte ? Uint8Array.from(values) : Uint16Array.from(values);
      const starts = pixels.flatMap((value, x) => (x === 0 || value !== pixels[x - 1] ? [x] : []));
      const ends = [...starts, pixels.length];
      const expected = starts.flatMap((start, k) => {
        const lengths = Array.from({ length: 5 }, (_, run) => ends[k + run + 1] - ends[k + run]);
        const [unit] = lengths;
        const isPattern = lengths.join() === [1, 1, 3, 1, 1].map((modules) => modules * unit).join();
        return isPattern ? [[start, 2 * unit + pixels[start]]] : [];
      });
      const at = place(row, 0);
      const { buffer } = workspace(at + 8 * row.length);
      const count = kernels().finderRuns(0, row.length, row.BYTES_PER_ELEMENT, mask, flip, high, at);
      expect([...new Uint32Array(buffer, at, 2 * count)]).toEqual(expected.flat());
    }),
    { numRuns: 500 },
  );
});

test.each<[string, FrameRecipe, number]>([
  ['small blocks', { width: 131, height: 70, bitsStored: 12 }, 1000],
  ['RGB', { width: 90, height: 70, samplesPerPixel: 3, bitsAllocated: 8 }, 1000],
  ['blocks of more rows than are worked on at once', { width: 2100, height: 140 }, 3],
  ['signed', { width: 131, height: 70, bitsStored: 13, signed: true }, 4],
])('block tags: %s', async (_, recipe, limit) => {
  const frame = makeFrame({ ...recipe, noise: 1 });
  const { samplesPerPixel, width } = frame;
  const covered = [{ x: 33, y: 20, width: 40, height: 30 }];
  const key = (await ContentKey.fromBytes(new Uint8Array(32).fill(7))).salted(new Uint8Array(16));
  const { side, tags } = await computeBlockTags(frame, covered, 'zero', limit, key);
  const keyRow = Math.min(side, width) * samplesPerPixel;
  const stream = await key.keystream('block tags', 4 * keyRow * Math.min(side, frame.height));
  const keys = new Uint32Array(stream.buffer);
  const sums = new Map<number, bigint>();
  const columns = Math.ceil(width / side);
  const { mask, flip } = codeBits(frame);
  frame.samples.forEach((cell, i) => {
    const pixel = Math.floor(i / samplesPerPixel);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const [area] = covered;
    if (x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height) return;
    const block = Math.floor(y / side) * columns + Math.floor(x / side);
    const factor = keys[(y % side) * keyRow + (x % side) * samplesPerPixel + (i % samplesPerPixel)];
    const code = (cell & mask) ^ flip;
    sums.set(block, ((sums.get(block) ?? 0n) + BigInt(code + 1) * BigInt(factor)) % (2n ** 32n - 5n));
  });
  const expected = [...sums].sort(([a], [b]) => a - b).map(([, sum]) => Number(sum));
  expect([...tags]).toEqual(expected);
});

test('parity of shards longer than are worked on at once', () => {
  const multiply = (a: number, b: number): number => {
    let product = 0;
    for (let [left, right] = [a, b]; right > 0; right >>= 1) {
      if (right & 1) product ^= left;
      left = (left << 1) ^ (left & 0x80 ? 0x11d : 0);
    }
    return product;
  };
  const inverse = (a: number): number => {
    for (let b = 1; b < 256; b++) if (multiply(a, b) === 1) return b;
    throw new RangeError('0 has no inverse');
  };
  const random = randomFrom(3);
  const data = Array.from({ length: 5 }, () => Uint8Array.from({ length: 1100 }, () => 256 * random()));
  const parity = computeParity(data, 3);
  const expected = Array.from({ length: 3 }, (_, i) =>
    Uint8Array.from({ length: 1100 }, (_, k) =>
      data.reduce((sum, shard, j) => sum ^ multiply(shard[k], inverse((5 + i) ^ j)), 0),
    ),
  );
  expect(parity).toEqual(expected);
});

test('the checksum of a segment is the CRC-32 of its number and its bytes, however long and however many', () => {
  const random = randomFrom(4);
  const envelopes = Uint8Array.of(1, 2, 3);
  const check = (dataSegments: number, paritySegments: number, segmentLength: number): void => {
    const payload = Uint8Array.from({ length: dataSegments * segmentLength }, () => 256 * random());
    const stride = segmentLength + 4;
    const length = (dataSegments + paritySegments) * stride;
    const plan = { dataSegments, paritySegments, segmentLength };
    const vault = new Uint8Array(3 * envelopes.length + length);
    vault.set(joinVault(vault.length, envelopes, payload, plan));
    expect(splitVault(vault, envelopes.length, plan)).toEqual({ payload, damaged: 0 });
    const third = Math.floor(vault.length / 3);
    const between = Uint8Array.from([
      ...vault.subarray(3, third),
      ...vault.subarray(third + 3, 2 * third),
      ...vault.subarray(2 * third + 3),
    ]);
    const view = new DataView(between.buffer);
    for (let k = 0; k < dataSegments + paritySegments; k++) {
      const segment = between.subarray(k * stride, k * stride + segmentLength);
      expect(view.getUint32(k * stride + segmentLength)).toBe(crc32(Uint8Array.of(k, ...segment)));
    }
  };
  for (let segmentLength = 1; segmentLength < 40; segmentLength++) check(3, 2, segmentLength);
  check(200, 55, 124);
  check(200, 55, 1030);
});

test('the carrier order does not depend on what is worked on together', () => {
  const areas = [
    { x: 3, y: 2, width: 70, height: 41 },
    { x: 80, y: 9, width: 12, height: 90 },
  ];
  const orderIn = (most: number): string[] =>
    [...carrierBlocks(areas, 20, most)].flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, k) => `${x + Math.floor(k / height)},${y + (k % height)}`),
    );
  const whole = orderIn(Infinity);
  expect(new Set(whole).size).toBe(70 * 41 + 12 * 90);
  for (const most of [1, 100, 555]) expect(orderIn(most)).toEqual(whole);
});

describe('bits under a symbol', () => {
  const recipe = fc.record({
    width: fc.integer({ min: 1, max: 60 }),
    height: fc.integer({ min: 1, max: 60 }),
    samplesPerPixel: fc.constantFrom(1, 3),
    bitsAllocated: fc.constantFrom(8, 16),
    unused: fc.constantFrom(0, 3),
    signed: fc.boolean(),
    bits: fc.integer({ min: 1, max: 14 }),
    segments: fc.integer({ min: 1, max: 40 }),
    /** Header bits, of 100 samples. */
    slots: fc.constantFrom(0, 1, 30, 100),
    seed: fc.nat(2 ** 31),
  });

  /** A painted frame, and the samples of its covered areas in the order of the payload. */
  function painted(of: FrameRecipe & { unused: number; bits: number; segments: number; slots: number }) {
    const bitsStored = (of.bitsAllocated ?? 16) - of.unused;
    const bits = Math.min(of.bits, bitsStored - 2);
    const signed = of.signed === true && of.samplesPerPixel === 1;
    const frame = makeFrame({ ...of, width: of.width + 9, height: of.height + 5, bitsStored, signed });
    const random = randomFrom(of.seed ?? 1);
    const upper = 2 ** bitsStored - 2 ** bits;
    const lower = Math.min(2 * Math.floor(40 * random()), upper - 3 * 2 ** bits);
    const bands = { lower: Math.max(0, lower), upper, bits };
    const coveredAreas = [{ x: 4, y: 3, width: of.width, height: of.height }];
    const group = frame.samplesPerPixel;
    const cellOf = cellMaker(frame, upperBitsOf(frame));
    const order = [...carrierBlocks(coveredAreas, of.segments, Infinity)].flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height * group }, (_, k) => ({
        y: y + (Math.floor(k / group) % height),
        column: (x + Math.floor(k / group / height)) * group + (k % group),
        mark: random() * 100 < of.slots ? 1 + Math.floor(2 * random()) : 0,
        base: random() < 0.5 ? bands.lower : bands.upper,
      })),
    );
    const samples = order.map((sample) => ({
      ...sample,
      at: sample.y * frame.width * group + sample.column,
    }));
    for (const { at, base } of samples) frame.samples[at] = cellOf(base);
    const runs = order
      .filter(({ mark }) => mark !== 0)
      .map(({ y, column, mark }) => ({ y, column, marks: Uint8Array.of(mark) }));
    const slots = { runs, count: runs.length };
    return { frame, samples, layout: { bands, coveredAreas, slots, segments: of.segments }, random };
  }

  const bitsOfNumber = (value: number, count: number): string =>
    count === 0 ? '' : value.toString(2).padStart(count, '0');

  /** What the samples say, one by one. */
  function readPlainly({ frame, samples, layout: { bands } }: ReturnType<typeof painted>): string {
    const { mask, flip } = codeBits(frame);
    return samples
      .map(({ at, mark }) => {
        const code = (frame.samples[at]! & mask) ^ flip;
        const offset = code - (code >= bands.upper ? bands.upper : bands.lower);
        const payload = offset >= 0 && offset < 2 ** bands.bits ? offset : 0;
        return mark === 0 ? bitsOfNumber(payload, bands.bits) : bitsOfNumber(payload >> 1, bands.bits - 1);
      })
      .join('');
  }

  test('go in and come out in the order of the payload', () => {
    fc.assert(
      fc.property(recipe, (any) => {
        const made = painted(any as FrameRecipe & typeof any);
        const { frame, samples, layout, random } = made;
        const { mask, flip } = codeBits(frame);
        const upperBits = upperBitsOf(frame);
        const before = frame.samples.slice();
        const payload = new Uint8Array(vaultCapacity(frame, layout)).map(() => 256 * random());
        const inBits = (bytes: Uint8Array) => Array.from(bytes, (byte) => bitsOfNumber(byte, 8)).join('');

        fillVault(frame, layout, upperBits, payload);
        expect(readPlainly(made).slice(0, 8 * payload.length)).toBe(inBits(payload));
        const isRight = samples.every(({ at, mark, base }) => {
          const offset = ((frame.samples[at]! & mask) ^ flip) - base;
          return offset >= 0 && offset < 2 ** layout.bands.bits && (mark === 0 || (offset & 1) === mark - 1);
        });
        expect(isRight).toBe(true);
        expect(upperBitsOf(frame)).toBe(upperBits);
        for (const { at } of samples) before[at] = frame.samples[at]!;
        expect(areSame(before, frame.samples)).toBe(true);

        for (const { at } of samples) if (random() < 0.1) frame.samples[at] = cellOfAny(frame, random());
        expect(inBits(readVault(frame, layout))).toBe(readPlainly(made).slice(0, 8 * payload.length));
      }),
      runs,
    );
  });

  const cellOfAny = (frame: Frame, share: number): number =>
    cellMaker(frame, upperBitsOf(frame))(Math.floor(share * 2 ** frame.bitsStored));
});
