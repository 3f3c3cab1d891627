import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import promises from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { examine, type FileKind } from '../../src/cli/heading';
import { run } from '../../src/cli/program';
import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { restoreFile } from '../../src/dicom/index';
import { createKeyring } from '../../src/engine/index';
import { buildImage, text } from '../dicom/builder';
import { commandLine, REGION, REPORT, slice } from './support';

const cli = commandLine();
const { path } = cli;

const image = (series: string, number: number, seed = number) =>
  buildImage({
    bitsStored: 12,
    seed,
    nodes: [
      text(0x00080018, 'UI', `1.2.3.${series}.${number}`),
      text(0x0020000e, 'UI', `1.2.3.${series}`),
      text(0x00200013, 'IS', `${number}`),
    ],
  });

function put(name: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), bytes);
}

const key = () => ['--passphrase-file', path('passphrase.txt')];
const protect = (...more: string[]) =>
  cli.run(
    ...['protect', path('in'), '-o', path('out'), '--region', '20,20,60,60', '--work-factor', '10'],
    ...['--report', path('report.txt'), '--json', ...key(), ...more],
  );
const restored = async (name: string) =>
  restoreFile(readFileSync(path(name)), createKeyring({ passphrase: 'right words' }));
const seriesOf = async (name: string) => {
  const file = (await examine(path(name))) as Extract<FileKind, { kind: 'image' }>;
  return file.heading?.series;
};

/** Two series in one tree, with other things beside them. */
function twoSeries(): void {
  put('in/a/z.dcm', image('1', 1));
  put('in/a/y', image('1', 2));
  put('in/b/x.dcm', image('2', 1));
  put('in/a/notes.txt', Buffer.from('no image'));
  put('in/b/short', Buffer.from('DICM'));
}

test('a folder: the tree is mirrored, each series keeps one key and gets one new series', async () => {
  twoSeries();
  symlinkSync(path('in'), path('in/loop'));
  expect(await protect()).toBe(0);
  expect(cli.results()).toMatchObject([
    { input: path('in/a/y'), output: path('out/a/y'), ok: true, verified: true, psnrOutside: null },
    { input: path('in/a/z.dcm'), output: path('out/a/z.dcm'), ok: true },
    { input: path('in/b/x.dcm'), output: path('out/b/x.dcm'), ok: true },
  ]);
  expect(cli.errors()).toBe('3 images: 3 protected; 2 other files skipped.\n');
  const [first, second, other] = [
    await restored('out/a/z.dcm'),
    await restored('out/a/y'),
    await restored('out/b/x.dcm'),
  ];
  // The order is that of the Instance Numbers, not of the names.
  expect([first, second, other].map(({ index, count }) => [index, count])).toEqual([
    [0, 2],
    [1, 2],
    [0, 1],
  ]);
  expect(first.jobId).toEqual(second.jobId);
  expect(first.jobId).not.toEqual(other.jobId);
  expect(await seriesOf('out/a/z.dcm')).toBe(await seriesOf('out/a/y'));
  expect(await seriesOf('out/a/z.dcm')).not.toBe(await seriesOf('out/b/x.dcm'));
  expect(readdirSync(path('out'), { recursive: true }).sort()).toEqual([
    ...['a', 'a/y', 'a/z.dcm', 'b', 'b/x.dcm'].map((name) => join(...name.split('/'))),
  ]);

  expect(await cli.run('restore', path('out'), '-o', path('back'), ...key())).toBe(0);
  expect(cli.errors()).toBe('3 images: 3 restored.\n');
  for (const name of ['a/y', 'a/z.dcm', 'b/x.dcm']) {
    expect(readFileSync(path(`back/${name}`)).equals(readFileSync(path(`in/${name}`)))).toBe(true);
  }
});

test('outputs inside the folder of the inputs are not taken for inputs', async () => {
  put('in/1.dcm', image('1', 1));
  const again = ['protect', path('in'), '-o', path('in/out'), '--region', '20,20,60,60', '--json', ...key()];
  expect(await cli.run(...again, '--work-factor', '10')).toBe(0);
  expect(await cli.run(...again, '--work-factor', '10')).toBe(0);
  expect(cli.results().map(({ input, kept }) => [input, kept])).toEqual([
    [path('in/1.dcm'), undefined],
    [path('in/1.dcm'), true],
  ]);
});

test('one bad file stops no other, and the exit code is that of the worst', async () => {
  put('in/1.dcm', image('1', 1));
  put('in/2.dcm', image('1', 2).slice(0, -500));
  put('in/3.dcm', image('1', 3));
  expect(await protect()).toBe(3);
  expect(cli.results().map(({ ok, reason }) => [ok, reason])).toEqual([
    [true, undefined],
    [false, 'truncated'],
    [true, undefined],
  ]);
  expect(cli.errors()).toMatch(/2\.dcm: .*\(truncated\)\n3 images: 2 protected, 1 truncated\.\n$/);
});

test('a file called .dcm that is none is refused by name; what macOS leaves beside files is not', async () => {
  put('in/1.dcm', image('1', 1));
  put('in/2.DCM', Buffer.from(''));
  put('in/._1.dcm', Buffer.from('\0\x05\x16\x07'));
  expect(await protect()).toBe(3);
  expect(cli.results().map(({ input, reason }) => [input, reason])).toEqual([
    [path('in/1.dcm'), undefined],
    [path('in/2.DCM'), 'not-dicom'],
  ]);
  expect(cli.errors()).toContain('2 images: 1 protected, 1 not-dicom; 1 other file skipped.');
});

test('a folder that cannot be listed is refused by name, and stops no other', async () => {
  put('in/1.dcm', image('1', 1));
  put('in/closed/2.dcm', image('1', 2));
  const { readdir } = promises;
  jest.spyOn(promises, 'readdir').mockImplementation((async (folder: string, options: object) => {
    if (folder !== path('in/closed')) return readdir(folder, options);
    throw Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'scandir', path: folder });
  }) as unknown as typeof readdir);
  expect(await protect()).toBe(3);
  expect(cli.results()).toMatchObject([
    { input: path('in/1.dcm'), ok: true },
    { input: path('in/closed'), ok: false, code: 3, reason: 'no-permission' },
  ]);
});

test('wrong usage is said once, not of each image', async () => {
  twoSeries();
  expect(
    await cli.run(
      'protect',
      path('in'),
      '-o',
      path('out'),
      '--region',
      '20,20,60,60',
      '--recipient',
      'age1x',
    ),
  ).toBe(2);
  expect(cli.errors()).toBe(
    'Recipient 1 is not an age public key (age1...). Check that it was copied whole.\n',
  );
  expect(cli.output()).toBe('');
  expect(existsSync(path('out'))).toBe(false);
});

test('a name as long as names may be', async () => {
  const name = `${'名'.repeat(83)}.dcm`;
  put(`in/${name}`, image('1', 1));
  expect(await protect()).toBe(0);
  expect(readdirSync(path('out'))).toEqual([name]);
});

test('nothing to work on', async () => {
  mkdirSync(path('in'));
  expect(await protect()).toBe(3);
  expect(cli.errors()).toContain('There is no DICOM file in');
});

describe('run again', () => {
  beforeEach(twoSeries);

  test('it goes on where it stopped, with the same job', async () => {
    await protect();
    const before = readFileSync(path('out/a/y'));
    rmSync(path('out/a/z.dcm'));
    cli.output();
    cli.errors();
    expect(await protect()).toBe(0);
    expect(cli.results().map(({ verified, kept }) => [verified, kept])).toEqual([
      [true, true],
      [true, undefined],
      [true, true],
    ]);
    expect(cli.errors()).toBe('3 images: 2 there already, 1 protected; 2 other files skipped.\n');
    expect(readFileSync(path('out/a/y')).equals(before)).toBe(true);
    expect((await restored('out/a/z.dcm')).jobId).toEqual((await restored('out/a/y')).jobId);
    expect(await seriesOf('out/a/z.dcm')).toBe(await seriesOf('out/a/y'));
  });

  test.each<[string, () => void, string[]]>([
    ['an input that changed', () => put('in/b/x.dcm', image('2', 1, 99)), []],
    ['another file in its place', () => put('out/b/x.dcm', Buffer.from('mine')), []],
    ['one more area', () => undefined, ['--region', '10,10,20,20']],
    ['another notice', () => undefined, ['--notice', 'Another notice.']],
    ['a QR code that says more', () => undefined, ['--qr', 'open']],
  ])('%s is told, and nothing is replaced', async (_, change, options) => {
    await protect();
    change();
    const before = readFileSync(path('out/b/x.dcm'));
    cli.output();
    expect(await protect(...options)).toBe(3);
    expect(cli.results().find(({ input }) => input === path('in/b/x.dcm'))).toMatchObject({
      ok: false,
      reason: 'output-exists',
    });
    expect(readFileSync(path('out/b/x.dcm')).equals(before)).toBe(true);
  });

  test('for recipients, an identity opens what was left', async () => {
    const identity = await generateX25519Identity();
    writeFileSync(path('key.txt'), `${identity}\n`);
    const recipient = await identityToRecipient(identity);
    const start = ['protect', path('in'), '-o', path('out'), '--region', '20,20,60,60', '--json'];
    const toRecipient = [...start, '--recipient', recipient];
    expect(await cli.run(...toRecipient)).toBe(0);
    rmSync(path('out/a/y'));
    cli.output();
    expect(await cli.run(...toRecipient)).toBe(3);
    const refused = cli.results().slice(0, 2);
    const toDo = expect.stringMatching(/give the --identity of one of them; .* choose another folder/);
    expect(refused).toMatchObject(Array(2).fill({ reason: 'output-exists', message: toDo }));
    expect(existsSync(path('out/a/y'))).toBe(false);
    expect(await cli.run(...toRecipient, '--identity', path('key.txt'))).toBe(0);
    expect(cli.results().map(({ kept }) => kept)).toEqual([undefined, true, true]);
    const keyring = createKeyring({ identities: [identity] });
    const [one, two] = await Promise.all(
      ['out/a/y', 'out/a/z.dcm'].map((name) => restoreFile(readFileSync(path(name)), keyring)),
    );
    expect(one?.jobId).toEqual(two?.jobId);
  });

  test('for more readers or fewer it is refused: the images that are left would have other ones', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => identityToRecipient(await generateX25519Identity())),
    );
    await protect('--recovery', first);
    rmSync(path('out/a/y'));
    cli.output();
    for (const readers of [[], ['--recovery', first, '--recovery', second]]) {
      expect(await protect(...readers)).toBe(3);
      expect(cli.results().map(({ reason }) => reason)).toEqual(Array(3).fill('output-exists'));
      expect(cli.errors()).toContain('protected for other readers');
    }
    expect(existsSync(path('out/a/y'))).toBe(false);
    expect(await protect('--recovery', first)).toBe(0);
  });

  test('restoring compares with what is there', async () => {
    await protect();
    const restore = () => cli.run('restore', path('out'), '-o', path('back'), '--json', ...key());
    expect(await restore()).toBe(0);
    rmSync(path('back/a/y'));
    writeFileSync(path('back/b/x.dcm'), 'mine');
    cli.output();
    expect(await restore()).toBe(3);
    expect(cli.results().map(({ ok, reason }) => [ok, reason])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, 'output-exists'],
    ]);
    expect(existsSync(path('back/a/y'))).toBe(true);
    expect(readFileSync(path('back/b/x.dcm'), 'utf8')).toBe('mine');
  });
});

describe('a series as a whole', () => {
  /** Four protected slices of one series, and one of another job. */
  beforeEach(async () => {
    for (const number of [1, 2, 3, 4]) put(`in/${number}.dcm`, image('1', number));
    await protect();
    cli.errors();
    cli.output();
  });
  const verify = () => cli.run('verify', path('out'), '--json', ...key());

  test('is whole', async () => {
    expect(await verify()).toBe(0);
    expect(cli.results()).toHaveLength(4);
    expect(cli.errors()).toBe('4 images: 4 verified.\n');
  });

  test('lacks an image, or has one twice', async () => {
    rmSync(path('out/2.dcm'));
    copyFileSync(path('out/4.dcm'), path('out/5.dcm'));
    expect(await verify()).toBe(5);
    const found = { missing: [2], duplicate: [4], foreign: [], outOfPlace: [] };
    const series = await seriesOf('out/1.dcm');
    const results = cli.results();
    expect(results.filter(({ ok }) => !ok)).toEqual([{ series, ok: false, code: 5, ...found }]);
    expect(results).toHaveLength(5);
    const errors = cli.errors();
    expect(errors).toContain('1 of 4 images missing: 2');
    expect(errors).toContain('more than one image has number 4');
    expect(await cli.run('restore', path('out'), '-o', path('back'), ...key())).toBe(5);
    expect(cli.errors()).toContain('1 of 4 images missing: 2');
    // For people, the finding is a message alone.
    expect(cli.output()).not.toContain('missing');
    expect(readFileSync(path('back/3.dcm')).equals(readFileSync(path('in/3.dcm')))).toBe(true);
  });

  test('a single image is not asked for the others', async () => {
    expect(await cli.run('verify', path('out/2.dcm'), '--json', ...key())).toBe(0);
    expect(cli.errors()).toBe('');
  });
});

test('the files of a real series, in any order', async () => {
  const inputs = [12, 10, 11].map(slice);
  const output = path('out/');
  expect(
    await run(['protect', ...inputs, '-o', output, '--region', REGION, '--work-factor', '10', ...key()]),
  ).toBe(0);
  const places = await Promise.all(
    ['brain_010.dcm', 'brain_011.dcm', 'brain_012.dcm'].map(
      async (name) => (await restored(`out/${name}`)).index,
    ),
  );
  expect(places).toEqual([0, 1, 2]);
});

test('hide: the report alone, invisibly, in a folder too', async () => {
  put('in/1.dcm', image('1', 1));
  put('in/2.dcm', buildImage({ frames: 3, bitsStored: 12 }));
  const hide = ['hide', path('in'), '-o', path('out'), '--report', path('report.txt'), '--json'];
  expect(await cli.run(...hide, '--work-factor', '10', ...key())).toBe(0);
  const results = cli.results();
  expect(results).toMatchObject([
    { ok: true, regions: [], coveredAreas: [], carrier: 'surroundings', bitsPerSample: 0, qrText: '' },
    { ok: true, regions: [], coveredAreas: [], carrier: 'surroundings' },
  ]);
  for (const { psnrOutside, samplesChangedOutside } of results) {
    expect(psnrOutside).toBeGreaterThan(50);
    expect(samplesChangedOutside).toBeGreaterThan(0);
  }
  // The original's window, or that there is none, says nothing of a report.
  const [before, after] = ['in/1.dcm', 'out/1.dcm'].map((name) => readFile(readFileSync(path(name))));
  expect(textOf(after!, TAG.WindowCenter)).toBe(textOf(before!, TAG.WindowCenter));
  expect(textOf(after!, TAG.SeriesDescription)).toBe('Axial slices - report hidden');
  expect(textOf(after!, TAG.DerivationDescription)).not.toContain('QR');

  expect(await cli.run(...hide, '--work-factor', '10', ...key())).toBe(0);
  expect(cli.results().map(({ kept }) => kept)).toEqual([true, true]);

  expect(await cli.run('inspect', path('out/2.dcm'), '--json')).toBe(0);
  expect(cli.results()[0]).toMatchObject({ frames: 3, protectedFrames: 2 });
  expect(await cli.run('restore', path('out'), '-o', path('back'), '--json', ...key())).toBe(0);
  expect(cli.results().map(({ report, fileVerified }) => [report, fileVerified])).toEqual([
    [REPORT, true],
    [REPORT, true],
  ]);
  for (const name of ['1.dcm', '2.dcm']) {
    expect(readFileSync(path(`back/${name}`)).equals(readFileSync(path(`in/${name}`)))).toBe(true);
  }
});
