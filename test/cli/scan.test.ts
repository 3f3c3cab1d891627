import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { createProtectionJob, protectFrame } from '../../src/engine/index';
import { makeFrame } from '../engine/frames';
import { run, testWith } from '../readers';
import { commandLine, REPORT, slice } from './support';

const cli = commandLine();
const { path } = cli;

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

let picture: Rgba;
let noticeOnly: Rgba;
beforeAll(async () => {
  picture = await screenshot('sealed');
  noticeOnly = await screenshot('notice');
});

/** A protected picture as a screen shows it, twice as large. */
async function screenshot(qr: 'sealed' | 'notice'): Promise<Rgba> {
  const job = await createProtectionJob({ passphrase: 'right words', report: REPORT, qr, workFactor: 10 });
  const original = makeFrame({ width: 300, height: 260, bitsAllocated: 8 });
  const areas = [{ x: 60, y: 40, width: 180, height: 180 }];
  const { frame } = await protectFrame(original, job, { areas });
  const [width, height] = [2 * frame.width, 2 * frame.height];
  const data = new Uint8Array(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const x = (pixel % width) >> 1;
    const y = Math.floor(pixel / width) >> 1;
    data.fill(frame.samples[y * frame.width + x], 4 * pixel, 4 * pixel + 3);
    data[4 * pixel + 3] = 255;
  }
  return { width, height, data };
}

const png = ({ width, height, data }: Rgba): Buffer =>
  PNG.sync.write(Object.assign(new PNG({ width, height }), { data: Buffer.from(data) }));
const jpeg = ({ width, height, data }: Rgba): Buffer =>
  Buffer.from(encodeJpeg({ width, height, data: Buffer.from(data) }, 80).data);

const scan = (bytes: Uint8Array, ...more: string[]) => {
  writeFileSync(path('picture'), bytes);
  return cli.run('scan', path('picture'), '--passphrase-file', path('passphrase.txt'), ...more);
};

test.each([
  ['PNG', png],
  ['JPEG', jpeg],
])('the report is read from a %s', async (_, encode) => {
  expect(await scan(encode(picture))).toBe(0);
  expect(cli.output()).toBe(`${REPORT}\n`);
  expect(await scan(encode(picture), '--json')).toBe(0);
  expect(cli.results()).toEqual([
    expect.objectContaining({ input: path('picture'), ok: true, code: 0, report: REPORT }),
  ]);
});

testWith('dcm2pnm')('the report is read from the PNG that dcmtk makes, which is interlaced', async () => {
  const key = ['--passphrase-file', path('passphrase.txt')];
  const protect = ['protect', slice(10), '-o', path('protected.dcm'), '--region', '60,60,130,130', ...key];
  expect(await cli.run(...protect, '--report', path('report.txt'), '--work-factor', '10')).toBe(0);
  cli.output();
  run('dcm2pnm', '--quiet', '+Wm', '--scale-x-factor', '2', '+on', path('protected.dcm'), path('shown.png'));
  expect(readFileSync(path('shown.png'))[28]).toBe(1);
  expect(await cli.run('scan', path('shown.png'), ...key)).toBe(0);
  expect(cli.output()).toBe(`${REPORT}\n`);
});

test('the report goes to a file, and is not printed', async () => {
  expect(await scan(png(picture), '--report-out', path('out.txt'))).toBe(0);
  expect(readFileSync(path('out.txt'), 'utf8')).toBe(REPORT);
  expect(cli.output()).not.toContain(REPORT);
});

test('another key, no report, no QR code, no picture', async () => {
  writeFileSync(path('passphrase.txt'), 'wrong words');
  expect(await scan(png(picture))).toBe(4);
  expect(await scan(png(noticeOnly))).toBe(6);
  const blank = { width: 200, height: 200, data: new Uint8Array(160_000).fill(255) };
  expect(await scan(png(blank))).toBe(6);
  expect(cli.errors()).toContain('No QR code can be read');
  expect(await scan(Buffer.from('GIF89a'))).toBe(3);
  expect(await scan(jpeg(picture).subarray(0, 300))).toBe(3);
  expect(await scan(png(picture).subarray(0, 300))).toBe(3);
});

describe('a picture that would cost too much is refused before it is unpacked', () => {
  /** A PNG of the given chunks; nobody gets as far as their checksums. */
  const chunks = (...parts: [string, Buffer][]): Buffer =>
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      ...parts.flatMap(([type, data]) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(data.length);
        return [length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)];
      }),
    ]);
  const header = (width: number, height: number, interlace = 0): [string, Buffer] => {
    const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, interlace]);
    data.writeUInt32BE(width, 0);
    data.writeUInt32BE(height, 4);
    return ['IHDR', data];
  };
  const bomb: [string, Buffer] = ['IDAT', deflateSync(Buffer.alloc(64 * 1024 * 1024))];

  test.each([
    ['too many pixels', () => chunks(header(60_000, 60_000), bomb), 'million pixels'],
    ['more in an interlaced one than its size says', () => chunks(header(100, 100, 1), bomb), 'damaged'],
    ['two headers', () => chunks(header(100, 100), header(60_000, 60_000), bomb), 'damaged'],
  ])('%s', async (_, bytes, words) => {
    expect(await scan(bytes())).toBe(3);
    expect(cli.errors()).toContain(words);
  });

  test('too many pixels in a JPEG', async () => {
    const bytes = jpeg(picture);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(60_000, frame + 5);
    bytes.writeUInt16BE(60_000, frame + 7);
    expect(await scan(bytes)).toBe(3);
    expect(cli.errors()).toContain('million pixels');
  });
});
