import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from '../../src/dicom/dataset/reader';
import { pixelLayout, readFrame } from '../../src/dicom/image/pixels';
import { type Frame, KeyAreaError, type Rectangle } from '../../src/engine/index';
import { type Suggestion, suggestAreas } from '../../src/engine/suggest/suggest';
import { type FrameRecipe, makeFrame, randomFrom } from './frames';
import boxes from './suggestBoxes.json';

const dataFolder = join(__dirname, '../../../shared/data');

/** Boxes marked by eye, before the code was written: places to point at, and burned-in text. */
interface Marked {
  file: string;
  finding?: number[][];
  text?: number[][];
}

type Decoded = Omit<Frame, 'samples'> & { file: string; raw: string; bytes: 1 | 2 };

const toRectangle = ([x, y, width, height]: number[]): Rectangle => ({ x, y, width, height });

/** Frames of the files that can be decoded here: ours where uncompressed, else by pydicom where installed. */
function decodeAll(files: readonly string[]): Map<string, Frame> {
  const frames = new Map<string, Frame>();
  for (const file of files.filter((name) => existsSync(join(dataFolder, name)))) {
    try {
      const parsed = readFile(readFileSync(join(dataFolder, file)));
      frames.set(file, readFrame(parsed.bytes, pixelLayout(parsed), 1));
    } catch (error) {
      if (!(error instanceof KeyAreaError)) throw error;
    }
  }
  const rest = files.filter((name) => !frames.has(name));
  const output = mkdtempSync(join(tmpdir(), 'suggest-'));
  const script = join(__dirname, 'suggestPixels.py');
  const run = spawnSync('/usr/bin/python3', [script, dataFolder, output, ...rest], { encoding: 'utf8' });
  for (const line of (run.stdout ?? '').split('\n').filter((text) => text.startsWith('{'))) {
    const { file, raw, bytes, ...frame }: Decoded = JSON.parse(line);
    const cells = Uint8Array.from(readFileSync(raw));
    frames.set(file, { ...frame, samples: bytes === 1 ? cells : new Uint16Array(cells.buffer) });
  }
  rmSync(output, { recursive: true });
  return frames;
}

/**
 * The files whose names' SHA-256 digests lie in the lower half: the constants of findings.ts were chosen
 * looking at these alone. The other half is what to believe. Slices of one series lie in both.
 */
function filesTunedOn(marked: readonly Marked[]): Set<string> {
  const digestOf = (file: string) => createHash('sha256').update(file).digest('hex');
  const files = marked.filter(({ finding }) => finding !== undefined).map(({ file }) => file);
  const ordered = files.sort((a, b) => (digestOf(a) < digestOf(b) ? -1 : 1));
  return new Set(ordered.slice(0, ordered.length / 2));
}

function isHit(proposed: Rectangle, marked: Rectangle): boolean {
  const share = (aStart: number, aLength: number, bStart: number, bLength: number) =>
    Math.max(0, Math.min(aStart + aLength, bStart + bLength) - Math.max(aStart, bStart));
  const common =
    share(proposed.x, proposed.width, marked.x, marked.width) *
    share(proposed.y, proposed.height, marked.y, marked.height);
  const union = proposed.width * proposed.height + marked.width * marked.height - common;
  const [x, y] = [proposed.x + proposed.width / 2, proposed.y + proposed.height / 2];
  const centreInside =
    x >= marked.x && x < marked.x + marked.width && y >= marked.y && y < marked.y + marked.height;
  return common / union > 0.1 || centreInside;
}

const testWithData = existsSync(join(dataFolder, 'ct-phantom-head')) ? test : test.skip;

testWithData(
  'overlaps what was marked by eye on real images',
  () => {
    const marked = boxes as Marked[];
    const frames = decodeAll(marked.map(({ file }) => file));
    const lines: string[] = [];
    const tunedOn = filesTunedOn(marked);
    const makeCount = (kind: Suggestion['kind'], part: string, has: (file: string) => boolean) => {
      return { kind, part, has, images: 0, first: 0, any: 0, centre: 0 };
    };
    const counts = [
      makeCount('finding', 'half tuned on', (file) => tunedOn.has(file)),
      makeCount('finding', 'half held out', (file) => !tunedOn.has(file)),
      makeCount('text', 'all', () => true),
    ];
    let withoutText = 0;
    let falseText = 0;
    for (const image of marked) {
      const frame = frames.get(image.file);
      if (frame === undefined) continue;
      const suggestions = suggestAreas(frame);
      const results: string[] = [];
      for (const count of counts.filter(({ has }) => has(image.file))) {
        const proposed = suggestions.filter(({ kind }) => kind === count.kind);
        const wanted = image[count.kind]?.map(toRectangle);
        if (wanted === undefined) {
          if (count.kind === 'text') {
            withoutText++;
            if (proposed.length > 0) falseText++;
          }
          continue;
        }
        const hits = proposed.map(({ rectangle }) => wanted.some((box) => isHit(rectangle, box)));
        const { width, height } = frame;
        const middle = { x: width / 3, y: height / 3, width: width / 3, height: height / 3 };
        count.images++;
        if (hits[0]) count.first++;
        if (hits.includes(true)) count.any++;
        if (wanted.some((box) => isHit(middle, box))) count.centre++;
        results.push(`${count.kind} ${hits.map((hit) => (hit ? '+' : '-')).join('') || 'none'}`);
      }
      lines.push(`${image.file.padEnd(40)} ${results.join(', ')}`);
    }
    for (const { kind, part, images, first, any, centre } of counts) {
      lines.push(
        `${kind}, ${part}: best proposal overlaps in ${first} of ${images} images, one of all proposed in ${any}; a box in the middle third would in ${centre}`,
      );
    }
    lines.push(`text proposed in ${falseText} of ${withoutText} images without any`);
    process.stdout.write(
      `Overlap: IoU > 0.1 or centre inside (+), in the order proposed\n${lines.join('\n')}\n`,
    );
    for (const { kind, images, first, any } of counts) {
      // The papers say 70 %. Measured: findings 16 (any: 17) of 18 tuned on, 15 (17) of 18 held out; the
      // middle third 16 and 10. Of the ten held out of no series tuned on: 7 (9), the middle third 4.
      expect(first / images).toBeGreaterThanOrEqual(kind === 'finding' ? 0.75 : 0.6);
      expect(any / images).toBeGreaterThanOrEqual(kind === 'finding' ? 0.85 : 0.7);
    }
    const findings = counts.filter(({ kind }) => kind === 'finding');
    const sum = (field: 'first' | 'centre') => findings.reduce((total, count) => total + count[field], 0);
    expect(sum('first')).toBeGreaterThan(sum('centre'));
    expect(falseText).toBeLessThanOrEqual(0.1 * withoutText);
    // Longer texts than the patient's name stand beside it.
    const ultrasound = frames.get('us-rgb-burnedin.dcm');
    if (ultrasound) {
      const name = { x: 3, y: 6, width: 226, height: 47 };
      const texts = ofKind(suggestAreas(ultrasound), 'text');
      expect(texts.some((rectangle) => isHit(rectangle, name))).toBe(true);
    }
  },
  120_000,
);

/** Small letters of 5 x 7 points, each row's points in a byte. */
const LETTERS = [
  [0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10],
  [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
  [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
  [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
  [0x11, 0x19, 0x19, 0x15, 0x13, 0x13, 0x11],
];

/** A body with a busy patch in it, and a line of text above, painted into any kind of pixels. */
function makeScene(recipe: Partial<FrameRecipe>): { frame: Frame; patch: Rectangle; text: Rectangle } {
  const frame = makeFrame({ width: 256, height: 256, noise: 0.005, ...recipe });
  const { samples, samplesPerPixel, width, bitsStored, signed, inverted } = frame;
  const legal = 2 ** bitsStored - 1;
  const paint = (x: number, y: number, share: number) => {
    const code = Math.round((inverted ? 1 - share : share) * legal);
    samples.fill(
      signed ? code - 2 ** (bitsStored - 1) : code,
      (y * width + x) * samplesPerPixel,
      (y * width + x + 1) * samplesPerPixel,
    );
  };
  if (inverted || samplesPerPixel === 3) {
    for (let y = 0; y < 256; y++)
      for (let x = 0; x < 256; x++) paint(x, y, Math.hypot(x - 128, y - 128) < 100 ? 0.4 : 0);
  }
  const patch = { x: 130, y: 90, width: 40, height: 40 };
  const random = randomFrom(5);
  for (let y = 0; y < 40; y += 4) {
    for (let x = 0; x < 40; x += 4) {
      const share = 0.3 + 0.4 * random();
      for (let k = 0; k < 16; k++) paint(patch.x + x + (k % 4), patch.y + y + (k >> 2), share);
    }
  }
  const text = { x: 6, y: 6, width: 12 * 10, height: 14 };
  for (let k = 0; k < 10; k++) {
    LETTERS[k % 5].forEach((row, y) => {
      for (let x = 0; x < 5; x++) {
        if ((row & (16 >> x)) === 0) continue;
        for (let p = 0; p < 4; p++) paint(text.x + 12 * k + 2 * x + (p % 2), text.y + 2 * y + (p >> 1), 0.95);
      }
    });
  }
  return { frame, patch, text };
}

const ofKind = (suggestions: readonly Suggestion[], wanted: Suggestion['kind']) =>
  suggestions.filter(({ kind }) => kind === wanted).map(({ rectangle }) => rectangle);

test.each([
  ['12 bits', { bitsStored: 12 }],
  ['16 bits signed', { signed: true }],
  ['12 bits signed', { bitsStored: 12, signed: true }],
  ['bits above Bits Stored in use', { bitsStored: 12, upperBits: 'other' }],
  ['MONOCHROME1', { bitsStored: 10, inverted: true }],
  ['8 bits', { bitsAllocated: 8 }],
  ['RGB', { bitsAllocated: 8, samplesPerPixel: 3 }],
] as [string, Partial<FrameRecipe>][])('finds the busy place and the text of %s pixels', (_, recipe) => {
  const { frame, patch, text } = makeScene(recipe);
  const before = frame.samples.slice();
  const suggestions = suggestAreas(frame);
  expect(isHit(ofKind(suggestions, 'finding')[0], patch)).toBe(true);
  expect(isHit(ofKind(suggestions, 'text')[0], text)).toBe(true);
  expect(frame.samples).toEqual(before);
});

test('a palette is seen as it is shown', () => {
  const { frame, patch } = makeScene({ bitsAllocated: 8 });
  const reversed = Uint16Array.from({ length: 256 }, (_, entry) => 255 - entry);
  const samples = frame.samples.map((cell) => 255 - cell);
  expect(suggestAreas({ ...frame, samples, paletteRanks: reversed })).toEqual(suggestAreas(frame));
  expect(isHit(ofKind(suggestAreas(frame), 'finding')[0], patch)).toBe(true);
});

test('padding does not count', () => {
  const { frame, patch } = makeScene({ bitsStored: 12, signed: true });
  const samples = frame.samples.slice();
  for (let y = 200; y < 256; y++) samples.fill(-2000, y * 256, (y + 1) * 256);
  const padded = { ...frame, samples, padding: { minimum: -2000, maximum: -2000 } };
  const [best] = ofKind(suggestAreas(padded), 'finding');
  expect(isHit(best, patch)).toBe(true);
  expect(best.y + best.height).toBeLessThanOrEqual(204);
});

test('proposals lie inside the image, do not overlap and keep to the limit, in images of any size', () => {
  for (const [width, height] of [
    [1, 1],
    [2, 300],
    [9, 7],
    [33, 65],
    [130, 1],
    [1501, 1203],
  ]) {
    const frame = makeFrame({ width, height, noise: 0.2 });
    for (const limit of [1, 3]) {
      const suggestions = suggestAreas(frame, { limit, textLimit: 2 * limit });
      expect(ofKind(suggestions, 'finding').length).toBeLessThanOrEqual(limit);
      expect(ofKind(suggestions, 'text').length).toBeLessThanOrEqual(2 * limit);
      for (const { rectangle, score } of suggestions) {
        const { x, y } = rectangle;
        expect([x, y, rectangle.width, rectangle.height].every(Number.isInteger)).toBe(true);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(rectangle.width, rectangle.height)).toBeGreaterThan(0);
        expect(x + rectangle.width).toBeLessThanOrEqual(width);
        expect(y + rectangle.height).toBeLessThanOrEqual(height);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }
  }
});

test('an empty image gets no proposal', () => {
  const constant = makeFrame({ width: 64, height: 64 });
  constant.samples.fill(7);
  expect(suggestAreas(constant)).toEqual([]);
});

test('a frame whose fields do not fit together is refused', () => {
  const frame = makeFrame({ width: 8, height: 8 });
  expect(() => suggestAreas({ ...frame, width: 9 })).toThrow(KeyAreaError);
});
