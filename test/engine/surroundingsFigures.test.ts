import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { readNative } from '../../src/dicom/decode/native';
import { pixelLayout, readFrame } from '../../src/dicom/image/pixels';
import {
  createKeyring,
  createProtectionJob,
  type Frame,
  protectFrame,
  type Rectangle,
  restoreFrame,
} from '../../src/engine';
import { measureDistortion } from '../../src/engine/pixels/distortion';
import { embedSurroundings, extractSurroundings, sitesOf } from '../../src/engine/surroundings';
import { randomFrom } from './frames';

/**
 * The published yardsticks of reversible data hiding, where the pictures are at hand (they may not be
 * redistributed). All side information is in the picture and counts.
 */

const DATA = join(__dirname, '../../../shared/data');

const randomBytes = (length: number) => {
  const random = randomFrom(7);
  return Uint8Array.from({ length }, () => Math.floor(256 * random()));
};

/** Reads an 8-bit grayscale PNG that is not interlaced. */
function readPng(path: string): Frame {
  const file = readFileSync(path);
  const parts: Buffer[] = [];
  for (let offset = 8; offset < file.length; offset += 12 + file.readUInt32BE(offset)) {
    const type = file.toString('latin1', offset + 4, offset + 8);
    if (type === 'IDAT') parts.push(file.subarray(offset + 8, offset + 8 + file.readUInt32BE(offset)));
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const rows = inflateSync(Buffer.concat(parts));
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (width + 1)];
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? samples[y * width + x - 1] : 0;
      const above = y > 0 ? samples[(y - 1) * width + x] : 0;
      const corner = x > 0 && y > 0 ? samples[(y - 1) * width + x - 1] : 0;
      const [a, b, c] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs);
      const paeth = a <= b && a <= c ? left : b <= c ? above : corner;
      const predicted = [0, left, above, (left + above) >> 1, paeth][filter];
      samples[y * width + x] = rows[y * (width + 1) + 1 + x] + predicted;
    }
  }
  return { width, height, samplesPerPixel: 1, bitsStored: 8, signed: false, inverted: false, samples };
}

/** Embeds a payload behind `header`, proves that all comes back, and gives the marked frame. */
function mark(frame: Frame, excluded: readonly Rectangle[], header: Uint8Array, payload: Uint8Array): Frame {
  const marked = embedSurroundings(frame, excluded, header, payload);
  const site = sitesOf(marked, header)[0]!;
  const { payload: found, original } = extractSurroundings(marked, excluded, header.length, site);
  expect(found).toEqual(payload);
  expect(original.samples).toEqual(frame.samples);
  return marked;
}

const standard = join(DATA, 'standard');
const standardTest = existsSync(standard) ? test : test.skip;

standardTest.each([
  ['jetplane', 63.7],
  ['boat', 58.4],
  ['baboon', 56.0],
])('%s carries 10,000 bits at %p dB or more', (name, goal) => {
  const frame = readPng(join(standard, `${name}.png`));
  const marked = mark(frame, [], new Uint8Array(0), randomBytes(1250));
  const { psnrOutside } = measureDistortion(frame, marked, []);
  process.stdout.write(`${name}: ${psnrOutside.toFixed(2)} dB\n`);
  expect(psnrOutside).toBeGreaterThanOrEqual(goal);
});

const chest = join(DATA, 'ct-acrin-chest');
const chestTest = existsSync(chest) ? test : test.skip;

/**
 * On the scale of the image's own values, which users are told. The whole payload is carried: envelope, texts, block
 * tags and the key area as it is coded.
 */
chestTest.each(['001', '012', '024', '036'])(
  'CT slice %s carries a key area of a tenth of it at a structural similarity of 0.9998 or more',
  async (number) => {
    const { file } = await readNative(readFileSync(join(chest, `${number}.dcm`)));
    const frame = readFrame(file.bytes, pixelLayout(file), 1);
    const areas = [{ x: 175, y: 175, width: 162, height: 162 }];
    expect(areas[0].width * areas[0].height).toBeGreaterThanOrEqual(frame.width * frame.height * 0.1);
    const passphrase = 'in the pixels around';
    const job = await createProtectionJob({ passphrase, report: 'Findings: none.', workFactor: 8 });
    const marked = await protectFrame(frame, job, { areas, carrier: 'surroundings' });
    expect(marked.coveredAreas).toEqual(areas);
    const { psnrOutside, ssimOutside } = marked;
    process.stdout.write(`${number}: ${psnrOutside.toFixed(2)} dB, SSIM ${ssimOutside.toFixed(5)}\n`);
    expect(psnrOutside).toBeGreaterThanOrEqual(70);
    expect(ssimOutside).toBeGreaterThanOrEqual(0.9998);
    const { frame: restored } = await restoreFrame(marked.frame, createKeyring({ passphrase }));
    expect(restored.samples).toEqual(frame.samples);
  },
);

const few = join(DATA, 'ts', 'ct16s-EVLE.dcm');
const fewTest = existsSync(few) ? test : test.skip;

/** A background of one value far from all others: histogram shifting, whose home this is, comes to 85.99 and 75.97 dB. */
fewTest.each([
  [115, 86.5],
  [162, 76.2],
])(
  'CT with a background of one value carries a key area of %p pixels along a side at %p dB or more',
  async (side, goal) => {
    const { file } = await readNative(readFileSync(few));
    const frame = readFrame(file.bytes, pixelLayout(file), 1);
    const first = Math.floor((512 - side) / 2);
    const areas = [{ x: first, y: first, width: side, height: side }];
    const passphrase = 'in the pixels around';
    const job = await createProtectionJob({ passphrase, report: 'Findings: none.', workFactor: 8 });
    const marked = await protectFrame(frame, job, { areas, carrier: 'surroundings' });
    expect(marked.coveredAreas).toEqual(areas);
    process.stdout.write(`background, ${side} x ${side}: ${marked.psnrOutside.toFixed(2)} dB\n`);
    expect(marked.psnrOutside).toBeGreaterThanOrEqual(goal);
  },
);
