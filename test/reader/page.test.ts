import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProtectionJob, type Frame, protectFrame } from '../../src/engine';
import { decodeJpegLs } from '../../src/engine/payload/jpegLs';
import { type FrameRecipe, makeFrame } from '../engine/frames';
import { hasReader } from '../readers';

/** The page of code in FORMAT.md, run as it stands there: age and it open a payload without this software. */

const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const folder = mkdtempSync(join(tmpdir(), 'key-area-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string): string => join(folder, name);

function hasLibraries(): boolean {
  const found = spawnSync(PYTHON, ['-c', 'import numpy, cryptography']).status === 0;
  if (!found && process.env.KEY_AREA_REQUIRE_READERS)
    throw new Error('numpy and cryptography are required here and not installed');
  return found;
}

const ready = [PYTHON, 'age', 'age-keygen'].every(hasReader) && hasLibraries();
const testWithPython = ready ? test : test.skip;

const page = readFileSync(join(__dirname, '../../FORMAT.md'), 'utf8');
const [, code] = /\n```python\n([\s\S]*?)\n```\n/.exec(page) ?? [];

const bytesOf = ({ buffer, byteOffset, byteLength }: Frame['samples']): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const recipes: [string, FrameRecipe][] = [
  ['12 bits', { width: 200, height: 190, bitsStored: 12 }],
  ['16 bits signed', { width: 200, height: 190, signed: true }],
  ['8 bits RGB', { width: 200, height: 190, bitsAllocated: 8, samplesPerPixel: 3 }],
];

testWithPython.each(recipes)('%s: report, hash and samples', async (_name, recipe) => {
  rmSync(place('identity'), { force: true });
  spawnSync('age-keygen', ['--output', place('identity')]);
  const recipient = spawnSync('age-keygen', ['-y', place('identity')], { encoding: 'utf8' }).stdout.trim();
  const report = 'Befund: 12 mm. 所見あり。';
  const job = await createProtectionJob({ recipients: [recipient], report });
  const original = makeFrame(recipe);
  const { frame, coveredAreas } = await protectFrame(original, job, {
    areas: [{ x: 50, y: 40, width: 101, height: 110 }],
  });
  writeFileSync(place('cells'), bytesOf(frame.samples));
  writeFileSync(place('page.py'), code);
  const { samplesPerPixel, bitsStored, signed, samples } = original;
  const shape = [frame.width, samplesPerPixel, 8 * samples.BYTES_PER_ELEMENT, bitsStored, Number(signed)];
  const options = ['page.py', 'cells', ...shape.map(String), '--identity', 'identity'];
  const { stdout, stderr } = spawnSync(PYTHON, options, { cwd: folder, encoding: 'utf8' });

  const hash = createHash('sha256').update(bytesOf(samples)).digest('hex');
  expect({ stdout: stdout.split('\n')[0], stderr }).toEqual({
    stdout: `SHA-256 of the original: ${hash}`,
    stderr: '',
  });
  expect(readFileSync(place('report.txt'), 'utf8')).toBe(report);
  const [, smallest, precision] = (/area: (\d+) precision: (\d+)/.exec(stdout) ?? []).map(Number);
  const [area] = coveredAreas;
  const planes = await decodeJpegLs(new Uint8Array(readFileSync(place('area.jls'))), {
    width: area.width,
    height: area.height,
    bitsPerSample: precision,
    componentCount: samplesPerPixel,
  });
  // The first sample: of colour pictures, the green one.
  const first = samples[(area.y * frame.width + area.x) * samplesPerPixel + (samplesPerPixel === 3 ? 1 : 0)];
  const flipped = first ^ (signed ? 2 ** (bitsStored - 1) : 0);
  expect(planes[0] + smallest).toBe(flipped & (2 ** bitsStored - 1));
});
