import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProtectionTags } from '../../../src/dicom/dataset/privateBlock';
import { readFile, textOf, unsignedShortsOf } from '../../../src/dicom/dataset/reader';
import { TAG } from '../../../src/dicom/dataset/tags';
import { type ProtectedFile, protectFile } from '../../../src/dicom/index';
import { KeyAreaError, type Rectangle } from '../../../src/engine/index';
import { hasReader, run, runForEach, testWith } from '../../readers';
import { type Keys, makeKeys } from '../support';
import { hasPydicom, type Reading, readWithPydicom } from './python';
import { kinds, realFiles } from './sources';

/**
 * Every file that can be protected is: the programs of others read what comes out, agree on its pixels
 * and find no new fault in it.
 */
interface Pair {
  readonly name: string;
  readonly original: string;
  readonly sent: string;
  readonly result: ProtectedFile;
  /** In all frames. */
  readonly coveredAreas: readonly Rectangle[];
  /** The protected frames, counted from 1. */
  readonly frames: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), 'key-area-reading-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pairs: Pair[] = [];
const refused = new Map<string, number>();
/** Of long recordings two frames are protected. */
const MAX_FRAMES = 4;

/** The middle of the image, a quarter of its sides. */
function keyArea(bytes: Uint8Array) {
  const file = readFile(bytes);
  const [[width = 1], [height = 1]] = [TAG.Columns, TAG.Rows].map((tag) => unsignedShortsOf(file, tag));
  const all = Number(textOf(file, TAG.NumberOfFrames) ?? 1);
  const frames = all <= MAX_FRAMES ? Array.from({ length: all }, (_, index) => index + 1) : [1, all];
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  const x = Math.floor((width - w) / 2);
  const y = Math.floor((height - h) / 2);
  return { rectangle: { x, y, width: w, height: h }, frames };
}

async function protect(name: string, bytes: Uint8Array, { job }: Keys): Promise<void> {
  try {
    const area = keyArea(bytes);
    const result = await protectFile(bytes, job, { areas: [area] });
    const [original, sent] = ['original.dcm', 'dcm'].map((extension) => join(folder, `${name}.${extension}`));
    writeFileSync(original, bytes);
    writeFileSync(sent, result.file);
    const coveredAreas = readProtectionTags(readFile(result.file))?.coveredAreas ?? [];
    pairs.push({ name, original, sent, result, coveredAreas, frames: area.frames });
  } catch (error) {
    if (!(error instanceof KeyAreaError) || error.code === 'proof-failed') throw error;
    refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
  }
}

beforeAll(async () => {
  const keys = await makeKeys();
  for (const [name, bytes] of [...kinds(), ...realFiles()]) await protect(name, bytes, keys);
}, 1_800_000);

/** JPEG with losses and, in these files, JPEG-LS. */
const ALWAYS_LOSSY = ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.81'];

const paths = (): string[] => pairs.flatMap(({ original, sent }) => [original, sent]);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('all kinds of pixels are protected', () => {
  const reasons = [...refused].map(([code, count]) => `${count} ${code}`).join(', ');
  process.stdout.write(`independent readers: ${pairs.length} protected files, refused: ${reasons}\n`);
  for (const [name] of kinds()) expect(pairs.map((pair) => pair.name)).toContain(name);
});

const hasAll = hasPydicom() && hasReader('dcmdump');
const describeWithAll = hasAll ? describe : describe.skip;

describeWithAll('pydicom, dcmtk and gdcm', () => {
  let readings: Reading[];
  beforeAll(() => {
    readings = readWithPydicom(pairs.map(({ sent }) => ({ path: sent })));
  });

  test('read the same pixels in every protected file', () => {
    run('dcmdump', '--quiet', '+W', folder, ...pairs.map(({ sent }) => sent));
    for (const [index, { name, sent }] of pairs.entries()) {
      const { error, pixelData, length, byGdcm = pixelData } = readings[index];
      const byDcmtk = sha256(readFileSync(`${sent}.0.raw`).subarray(0, length));
      expect([name, error, byDcmtk, byGdcm]).toEqual([name, undefined, pixelData, pixelData]);
    }
  });

  test('see a derived image with an identity of its own', () => {
    for (const [index, { name, result }] of pairs.entries()) {
      const { elements = {}, instance } = readings[index];
      expect([name, elements['00080018'], instance ?? result.sopInstanceUID]).toEqual([
        name,
        result.sopInstanceUID,
        result.sopInstanceUID,
      ]);
      expect([name, /DERIVED|MIXED/.test(String(elements['00080008']))]).toEqual([name, true]);
    }
  });

  test('see that pixels once lost something, wherever they did', () => {
    const lossy = pairs.filter(({ original }) => {
      const { transferSyntax } = readFile(readFileSync(original));
      return ALWAYS_LOSSY.includes(transferSyntax.uid);
    });
    for (const { name } of lossy) {
      const { elements = {} } = readings[pairs.findIndex((pair) => pair.name === name)];
      expect([name, elements['00282110']]).toEqual([name, '01']);
    }
    expect(lossy.length).toBeGreaterThan(0);
  });

  test('see no more samples change outside the covered areas than is said', () => {
    // Decoders of lossy codings and conversions of colours differ.
    const exact = pairs.filter(({ name }) => !/ybr|YBR|jpeg|JPEG5|jls_lossy|dcmtk/.test(name));
    const differences = readWithPydicom(
      exact.map(({ sent, original, coveredAreas, frames }) => ({
        path: sent,
        original,
        covered: frames.flatMap((frame) =>
          coveredAreas.map(({ x, y, width, height }) => [frame, x, y, width, height] as const),
        ),
      })),
    );
    let compared = 0;
    for (const [index, { name, result }] of exact.entries()) {
      const { error, outside, inside = 0 } = differences[index];
      // pydicom decodes no HTJ2K.
      if (error?.includes('1.2.840.10008.1.2.4.20')) continue;
      expect([name, error, outside, inside > 0]).toEqual([
        name,
        undefined,
        result.samplesChangedOutside,
        true,
      ]);
      compared++;
    }
    process.stdout.write(`nothing changed outside: ${compared} of ${pairs.length} originals compared\n`);
  });
});

testWith('dcmdump')('dcmdump finds nothing in a protected file to warn of that its original has not', () => {
  runForEach('dcmdump --quiet "$1" >/dev/null 2>"$1.warnings"', paths());
  for (const { name, original, sent } of pairs) {
    const warnings = (file: string): string[] =>
      readFileSync(`${file}.warnings`, 'latin1').match(/^[WE]: .*$/gm) ?? [];
    expect([name, warnings(sent)]).toEqual([name, warnings(original)]);
  }
});

testWith('dciodvfy')('dciodvfy finds no error in a protected file that its original has not', () => {
  // It does not inflate: of deflated files it is given the same uncompressed.
  for (const { original } of pairs) {
    if (readFile(readFileSync(original)).transferSyntax.deflated)
      run('dcmconv', '--write-xfer-little', original, original);
  }
  runForEach('dciodvfy -new "$1" >/dev/null 2>"$1.errors"', paths());
  let before = 0;
  let after = 0;
  for (const { name, original, sent } of pairs) {
    const errors = (file: string): string[] =>
      readFileSync(`${file}.errors`, 'latin1').match(/^Error - .*$/gm) ?? [];
    const [old, now] = [errors(original), errors(sent)];
    before += old.length;
    after += now.length;
    expect([name, now.filter((error) => !old.includes(error))]).toEqual([name, []]);
  }
  process.stdout.write(
    `dciodvfy: ${pairs.length} files, ${before} errors before, ${after} after, none new\n`,
  );
});

const hasScanner = ['dcm2pnm', 'zbarimg'].every(hasReader);
(hasScanner ? test : test.skip)('zbar reads the QR code in the picture that dcmtk shows', () => {
  // Of a series the first slice stands for the others, of the codings of one picture the first.
  const shown = pairs.filter(({ name }) => !/_(?!001)\d{3}\.dcm$|^ts_(?!.*RLE)/.test(name));
  for (const [scale, isLarge] of [
    ['3', false],
    ['1', true],
  ] as const) {
    const files = shown.filter(
      ({ result }) => result.coveredAreas.some(({ width }) => width > 200) === isLarge,
    );
    runForEach(
      `dcm2pnm --quiet +Wm -i +Sxf ${scale} +on "$1" "$1.png" && zbarimg --quiet --raw "$1.png" >"$1.qr"`,
      files.map(({ sent }) => sent),
    );
  }
  for (const { name, sent, result } of shown) {
    expect([name, readFileSync(`${sent}.qr`, 'utf8').trimEnd()]).toEqual([name, result.qrText]);
  }
  process.stdout.write(`zbar: the QR codes of ${shown.length} pictures\n`);
});
