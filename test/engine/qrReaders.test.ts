import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import jsQR from 'jsqr';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import {
  createKeyring,
  createProtectionJob,
  type Frame,
  openQrText,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
} from '../../src/engine';
import { signBit, valueMask } from '../../src/engine/pixels/frame';
import { testWith } from '../readers';
import { type FrameRecipe, makeFrame } from './frames';

/** The QR codes of protected pictures, as readers made by others see them on a screen. */

const passphrase = 'screen';
const report = 'Findings: ill-defined consolidation in the right middle lobe, 12 mm. Überprüft. 所見あり。';
const SCALE = 3;

/** The part of a frame around `area` as a viewer shows it with an automatic window, enlarged. */
function screenshot(frame: Frame, area: Rectangle) {
  const codes = Array.from(frame.samples, (cell) => (cell & valueMask(frame)) ^ signBit(frame));
  const minimum = codes.reduce((a, b) => Math.min(a, b));
  const maximum = codes.reduce((a, b) => Math.max(a, b));
  const width = area.width * SCALE;
  const height = area.height * SCALE;
  const gray = Uint8Array.from({ length: width * height }, (_, k) => {
    const x = area.x + Math.floor((k % width) / SCALE);
    const y = area.y + Math.floor(Math.floor(k / width) / SCALE);
    const level = Math.round(
      (255 * (codes[(y * frame.width + x) * frame.samplesPerPixel] - minimum)) / (maximum - minimum),
    );
    return frame.inverted ? 255 - level : level;
  });
  return { width, height, gray };
}

const cases: [string, FrameRecipe, Rectangle][] = [
  [
    'CT-like, 12 bits',
    { width: 300, height: 300, bitsStored: 12 },
    { x: 80, y: 80, width: 125, height: 125 },
  ],
  [
    '8 bits',
    { width: 300, height: 300, bitsAllocated: 8, noise: 0.04 },
    { x: 80, y: 80, width: 200, height: 140 },
  ],
  [
    'RGB',
    { width: 300, height: 300, bitsAllocated: 8, samplesPerPixel: 3 },
    { x: 20, y: 80, width: 130, height: 130 },
  ],
  [
    'MONOCHROME1',
    { width: 300, height: 300, bitsStored: 10, inverted: true },
    { x: 80, y: 80, width: 130, height: 130 },
  ],
  ['16 bits signed', { width: 300, height: 300, signed: true }, { x: 80, y: 80, width: 210, height: 210 }],
];

let job: ProtectionJob;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report, workFactor: 8 });
  // Without this it would fetch its wasm from the network.
  const wasmBinary = Uint8Array.from(
    readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm')),
  ).buffer;
  prepareZXingModule({ overrides: { wasmBinary } });
});

const protect = async (recipe: FrameRecipe, area: Rectangle) => {
  const result = await protectFrame(makeFrame(recipe), job, { areas: [area] });
  return { text: result.qrText, ...screenshot(result.frame, result.coveredAreas[0]) };
};

const opensToReport = async (text: string) =>
  expect(await openQrText(text, createKeyring({ passphrase }))).toBe(report);

test('a key that does not open a report is told what would', async () => {
  const frame = makeFrame({ width: 400, height: 400, bitsStored: 12 });
  const areas = [{ x: 80, y: 80, width: 240, height: 240 }];
  const { qrText } = await protectFrame(frame, job, { areas });
  await expect(openQrText(qrText, createKeyring({ passphrase: 'another' }))).rejects.toMatchObject({
    code: 'wrong-key',
    message:
      'This key does not open the report. It was protected with a passphrase. Check capitals and spaces.',
  });
  const recipient = await identityToRecipient(await generateX25519Identity());
  const forOne = await createProtectionJob({ recipients: [recipient], report });
  const { qrText: other } = await protectFrame(frame, forOne, { areas });
  const identities = [await generateX25519Identity()];
  await expect(openQrText(other, createKeyring({ identities }))).rejects.toMatchObject({
    code: 'wrong-key',
    message: 'This key does not open the report. It was protected with an identity.',
  });
});

test.each(cases)('jsQR reads %s', async (_name, recipe, area) => {
  const { gray, width, height, text } = await protect(recipe, area);
  const rgba = Uint8ClampedArray.from({ length: 4 * gray.length }, (_, k) =>
    k % 4 === 3 ? 255 : gray[k >> 2],
  );
  expect(jsQR(rgba, width, height)?.data).toBe(text);
  await opensToReport(text);
});

test.each(cases)('zxing reads %s', async (_name, recipe, area) => {
  const { gray, width, height, text } = await protect(recipe, area);
  const data = Uint8ClampedArray.from({ length: 4 * gray.length }, (_, k) =>
    k % 4 === 3 ? 255 : gray[k >> 2],
  );
  const [code] = await readBarcodes({ data, width, height, colorSpace: 'srgb' } as ImageData, {
    formats: ['QRCode'],
  });
  expect(code?.text).toBe(text);
});

testWith('zbarimg').each(cases)('zbar reads %s', async (_name, recipe, area) => {
  const { gray, width, height, text } = await protect(recipe, area);
  const folder = mkdtempSync(join(tmpdir(), 'key-area-'));
  const file = join(folder, 'picture.pgm');
  writeFileSync(file, Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), gray]));
  const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stdout.trimEnd()).toBe(text);
});
