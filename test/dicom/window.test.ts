import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DicomFile, readFile, textOf } from '../../src/dicom/dataset/reader';
import { pixelLayout, readFrame, storedValueRange } from '../../src/dicom/image/pixels';
import {
  tellingApart,
  type VoiLutFunction,
  valueOfGrey,
  type Window,
  windowOver,
} from '../../src/dicom/image/voi';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { type Rectangle, signBit } from '../../src/engine/pixels/frame';
import { runForEach, testWith } from '../readers';
import { buildImage, type ImageOptions, type Node, text } from './builder';
import { expectSameBytes, testKeys } from './support';

const CENTER = 0x00281050;
const WIDTH = 0x00281051;
const EXPLANATION = 0x00281055;
const VOI_LUT_FUNCTION = 0x00281056;

const keys = testKeys();

const rescale = (slope: string, intercept: string): Node[] => [
  text(0x00281052, 'DS', intercept),
  text(0x00281053, 'DS', slope),
];
const window = (center: string, width: string, voiLutFunction?: string): Node[] => [
  text(CENTER, 'DS', center),
  text(WIDTH, 'DS', width),
  ...(voiLutFunction === undefined ? [] : [text(VOI_LUT_FUNCTION, 'CS', voiLutFunction)]),
];

/** Protects an image, restores it byte for byte, and gives the protected file. */
async function protect(
  options: ImageOptions,
): Promise<{ file: DicomFile; coveredAreas: readonly Rectangle[] }> {
  const original = buildImage({ bitsStored: 12, ...options });
  const areas = [{ rectangle: { x: 30, y: 40, width: 50, height: 50 } }];
  const { file, coveredAreas } = await protectFile(original, keys.job, { areas });
  const restored = await restoreFile(file, keys.keyring);
  expect(restored).toMatchObject({ fileVerified: true, changedSince: [] });
  expectSameBytes(restored.file, original);
  return { file: readFile(file), coveredAreas };
}

const firstNumber = (file: DicomFile, tag: number, absent: number): number =>
  Number((textOf(file, tag) ?? String(absent)).split('\\')[0]);

const greyOfSigmoid = ({ center, width }: { center: number; width: number }, x: number): number =>
  1 / (1 + Math.exp((-4 * (x - center)) / width));

/**
 * The grey, 0 to 1, that a stored value is shown in (PS3.3, C.11.1.1.2, C.11.2.1.2.1, C.11.2.1.3.1 and C.11.2.1.3.2);
 * without a window from the smallest value to the largest, as viewers do.
 */
function greyOf(file: DicomFile, stored: number): number {
  const rescaled = (value: number): number =>
    value * firstNumber(file, 0x00281053, 1) + firstNumber(file, 0x00281052, 0);
  const x = rescaled(stored);
  if (textOf(file, WIDTH) === undefined) {
    const { minimum, maximum } = storedValueRange(file.bytes, pixelLayout(file));
    const [low, high] = [minimum, maximum].map(rescaled).sort((a, b) => a - b);
    return (x - low) / (high - low);
  }
  const c = firstNumber(file, CENTER, Number.NaN);
  const w = firstNumber(file, WIDTH, Number.NaN);
  switch (textOf(file, VOI_LUT_FUNCTION) ?? 'LINEAR') {
    case 'LINEAR':
      expect(w).toBeGreaterThanOrEqual(1);
      if (x <= c - 0.5 - (w - 1) / 2) return 0;
      return x > c - 0.5 + (w - 1) / 2 ? 1 : (x - (c - 0.5)) / (w - 1) + 0.5;
    case 'LINEAR_EXACT':
      expect(w).toBeGreaterThan(0);
      if (x <= c - w / 2) return 0;
      return x > c + w / 2 ? 1 : (x - c) / w + 0.5;
    case 'SIGMOID':
      expect(w).toBeGreaterThan(0);
      return greyOfSigmoid({ center: c, width: w }, x);
    default:
      throw new Error('an unknown VOI LUT Function');
  }
}

/** The greys that the darkest and the lightest modules end in: those of the values on both sides of the widest gap. */
function moduleGreys({ file, coveredAreas }: Awaited<ReturnType<typeof protect>>): readonly [number, number] {
  const frame = readFrame(file.bytes, pixelLayout(file), 1);
  const zero = signBit(frame);
  const values = new Set<number>();
  for (const { x, y, width, height } of coveredAreas) {
    for (let row = y; row < y + height; row++) {
      for (const code of frame.samples.subarray(row * frame.width + x, row * frame.width + x + width))
        values.add(code - zero);
    }
  }
  const sorted = [...values].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, index) => value - sorted[index]);
  const at = gaps.indexOf(Math.max(...gaps));
  const greys = [sorted[at], sorted[at + 1]].map((value) => greyOf(file, value));
  return [Math.min(...greys), Math.max(...greys)];
}

const shownBy = (file: DicomFile): (string | undefined)[] =>
  [CENTER, WIDTH, EXPLANATION, VOI_LUT_FUNCTION].map((tag) => textOf(file, tag));

/** What 16 characters cannot say of a window. */
const ROUNDING = 1e-6;

function expectReadable(result: Awaited<ReturnType<typeof protect>>): void {
  const [dark, light] = moduleGreys(result);
  expect(dark).toBeLessThanOrEqual(1 / 5 + ROUNDING);
  expect(light).toBeGreaterThanOrEqual(4 / 5 - ROUNDING);
  for (const tag of [CENTER, WIDTH])
    expect((textOf(result.file, tag) ?? '').split('\\').every((value) => value.length <= 16)).toBe(true);
}

/** An image of a few values in the lower half of what is legal: its QR code goes beyond them. */
const NARROW: Node = {
  tag: 0x7fe00010,
  vr: 'OW',
  value: new Uint8Array(
    Uint16Array.from({ length: 128 * 128 }, (_, index) => 900 + ((index * 7919) % 11)).buffer,
  ),
};

const SLOPES = [
  ['1', '0'],
  ['0.01', '0'],
  ['1e-4', '0'],
  ['1e-6', '-0.001'],
  ['-3.3333333e-10', '-1.2345678901e-6'],
  ['-1e-4', '0.2'],
  ['3.0517578125e-05', '1234.5678901'],
  ['0.0123456789012', '-98765.432109876'],
] as const;

const FUNCTIONS = [undefined, 'LINEAR', 'LINEAR_EXACT', 'SIGMOID'] as const;

describe.each(SLOPES)('rescaled by %s and %s', (slope, intercept) => {
  const value = (stored: number): number => stored * Number(slope) + Number(intercept);
  const decimal = (number: number): string => Number(number.toPrecision(9)).toExponential();

  test.each(['MONOCHROME2', 'MONOCHROME1'])(
    '%s without a window: the QR code is readable',
    async (photometric) => {
      for (const nodes of [[], [NARROW]]) {
        expectReadable(await protect({ photometric, nodes: [...rescale(slope, intercept), ...nodes] }));
      }
    },
  );

  test('without a window: the smallest value is black and the largest white', async () => {
    const options = { bitsStored: 12, nodes: rescale(slope, intercept) };
    const { file } = await protect(options);
    const original = buildImage(options);
    const { minimum, maximum } = storedValueRange(original, pixelLayout(readFile(original)));
    const greys = [minimum, maximum].map((stored) => greyOf(file, stored)).sort((a, b) => a - b);
    expect(greys[0]).toBeCloseTo(0, 6);
    expect(greys[1]).toBeCloseTo(1, 6);
  });

  // The halves of LINEAR are more than an image of small values.
  const functions = Math.abs(Number(slope)) < 0.01 ? FUNCTIONS.slice(2) : FUNCTIONS;
  test.each(functions)('with a window that shows the image, %s: the window stays', async (voiLutFunction) => {
    const [center, width] = [decimal(value(2000)), decimal(Math.abs(3000 * Number(slope)))];
    const nodes = window(center, `${width}\\${width}`, voiLutFunction);
    const result = await protect({ nodes: [...rescale(slope, intercept), ...nodes] });
    expect(shownBy(result.file)).toEqual([center, `${width}\\${width}`, undefined, voiLutFunction]);
    expectReadable(result);
  });

  test.each(FUNCTIONS)(
    'with a window that shows nothing of the QR code, %s: it is readable',
    async (voiLutFunction) => {
      for (const [center, width] of [
        [4000, 10],
        [10, 20],
        [905, 10],
        [2000, 40000],
      ]) {
        const nodes = window(
          decimal(value(center)),
          decimal(Math.abs(width * Number(slope))),
          voiLutFunction,
        );
        expectReadable(await protect({ nodes: [...rescale(slope, intercept), NARROW, ...nodes] }));
      }
    },
  );
});

describe('values that span less than 1', () => {
  const small = rescale('1e-4', '0');

  test.each([
    ['none', []],
    ['one that is too narrow for LINEAR', window('0.2\\0.3', '0.3\\0.1')],
    ['one that shows the whole image black', window('50', '100')],
    ['one that shows the whole image white', window('0', '1', 'LINEAR')],
    ['one that shows the whole image in one grey', window('0.2', '400')],
  ])('have no window of LINEAR, where the original has %s', async (_, nodes) => {
    const explanation = nodes.length ? [text(EXPLANATION, 'LO', 'A')] : [];
    const result = await protect({ nodes: [...small, ...nodes, ...explanation] });
    expect(shownBy(result.file)).toEqual([undefined, undefined, undefined, undefined]);
    expectReadable(result);
  });

  test.each(['LINEAR_EXACT', 'SIGMOID'])(
    'have one of %s, where the original names it',
    async (voiLutFunction) => {
      const nodes = [...small, NARROW, text(VOI_LUT_FUNCTION, 'CS', voiLutFunction)];
      const result = await protect({ nodes });
      expect(shownBy(result.file)).toEqual([
        expect.any(String),
        expect.any(String),
        undefined,
        voiLutFunction,
      ]);
      expectReadable(result);
    },
  );
});

test('a window of LINEAR that is too narrow gives way to the extremes', async () => {
  const result = await protect({ nodes: window('40', '0.5') });
  expect(firstNumber(result.file, WIDTH, 0)).toBeGreaterThan(1000);
  expectReadable(result);
});

describe('a window that does not tell the bands apart', () => {
  const over = (voiLutFunction: VoiLutFunction): Window => {
    const window = windowOver(voiLutFunction, { minimum: 0, maximum: 100 });
    if (window === undefined) throw new Error('100 is wide enough');
    return window;
  };
  /** From black to white. */
  const shown = (voiLutFunction: VoiLutFunction, end: number, start: number): number[] => {
    const changed = tellingApart(over(voiLutFunction), end, start);
    return [0, 1].map((grey) => Number(changed && valueOfGrey(changed, grey).toFixed(6)));
  };

  test.each(['LINEAR', 'LINEAR_EXACT'] as const)('%s: is made wider where that does', (voiLutFunction) => {
    expect(shown(voiLutFunction, 20, 80)).toEqual([0, 100]);
    expect(shown(voiLutFunction, 30, 500)).toEqual([0, 150]);
    expect(shown(voiLutFunction, -400, 70)).toEqual([-50, 100]);
  });

  test.each(['LINEAR', 'LINEAR_EXACT'] as const)('%s: is made as wide as does', (voiLutFunction) => {
    expect(shown(voiLutFunction, 35, 65)).toEqual([25, 75]);
    expect(shown(voiLutFunction, 70, 190)).toEqual([30, 230]);
    expect(shown(voiLutFunction, 200, 260)).toEqual([180, 280]);
  });

  test('SIGMOID: shows them in a fifth and in four fifths', () => {
    const window = tellingApart({ voiLutFunction: 'SIGMOID', center: 50, width: 100 }, 35, 65);
    const greys = [35, 65].map((value) => window && greyOfSigmoid(window, value));
    expect(greys).toEqual([expect.closeTo(0.2), expect.closeTo(0.8)]);
  });

  test('is left alone where none does', () => {
    const window = over('LINEAR');
    expect(tellingApart(window, 60, 40)).toBe(window);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'key-area-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

testWith('dciodvfy')('dciodvfy finds no error in the windows that are written', async () => {
  const paths: string[] = [];
  // Without values: it takes a width below 1 for 0, in the original too.
  const errorsOf = (path: string): string[] =>
    readFileSync(`${path}.errors`, 'latin1').match(/^Error - [^=\n]*/gm) ?? [];
  const cases = SLOPES.flatMap(([slope, intercept]) => [
    rescale(slope, intercept),
    ...FUNCTIONS.map((voiLutFunction) => [
      ...rescale(slope, intercept),
      NARROW,
      ...window(
        (40 * Number(slope) + Number(intercept)).toExponential(8),
        Math.abs(8 * Number(slope)).toExponential(8),
        voiLutFunction,
      ),
    ]),
  ]);
  for (const [index, nodes] of cases.entries()) {
    const original = buildImage({ bitsStored: 12, nodes });
    const areas = [{ rectangle: { x: 30, y: 40, width: 50, height: 50 } }];
    const { file } = await protectFile(original, keys.job, { areas });
    for (const [name, bytes] of [
      ['original', original],
      ['sent', file],
    ] as const) {
      const path = join(folder, `${index}.${name}`);
      writeFileSync(path, bytes);
      paths.push(path);
    }
  }
  runForEach('dciodvfy -new "$1" >/dev/null 2>"$1.errors"', paths);
  for (const index of cases.keys()) {
    const before = errorsOf(join(folder, `${index}.original`));
    expect(errorsOf(join(folder, `${index}.sent`)).filter((error) => !before.includes(error))).toEqual([]);
  }
});
