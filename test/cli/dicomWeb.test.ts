import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { DicomWebClient } from '../../src/cli/dicomWeb/client';
import { serverDestination } from '../../src/cli/dicomWeb/destination';
import type { Input } from '../../src/cli/inputs';
import { compressFile } from '../../src/dicom/compress';
import { readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import { restoreFile } from '../../src/dicom/index';
import { createKeyring } from '../../src/engine/index';
import { BRAIN, brainFile, type RunningServer, startServer, withOtherPixel } from '../demo/support';
import { buildImage, EXPLICIT, encode, text } from '../dicom/builder';
import { expectSameBytes } from '../dicom/support';
import { describeWithOrthanc, type Orthanc, startOrthanc } from '../orthanc';
import { commandLine, slice } from './support';

const cli = commandLine();
const { path } = cli;

const key = () => ['--passphrase-file', path('passphrase.txt')];
const PATIENT_NAME = 0x00100010;
const secret = { passphrase: 'right words' };
/** The server is on this machine: it need not be spared. */
const FAST = ['--rate', '1000'];

/** A study of three slices in a folder. */
function study(name = 'study'): string {
  const folder = path(name);
  mkdirSync(folder);
  for (const number of [10, 11, 12]) cpSync(slice(number), join(folder, `${number}.dcm`));
  return folder;
}

/** A slice of a series of study 1.2.4, made up. */
const made = (number: number, series = '1.2.5'): Uint8Array => {
  const nodes = [
    text(0x00080018, 'UI', `${series}.${number}`),
    text(0x0020000d, 'UI', '1.2.4'),
    text(0x0020000e, 'UI', series),
    text(0x00200013, 'IS', `${number}`),
  ];
  return buildImage({ width: 160, height: 160, bitsStored: 12, seed: number, nodes });
};

/** The same as JPEG-LS Lossless. */
const jpegLs = (number: number): Promise<Uint8Array> => compressFile(readFile(made(number)), undefined);

interface Server {
  readonly root: string;
  /** The files of the series other than the original one. */
  made(): Promise<Buffer[]>;
  store(file: Uint8Array): Promise<void>;
}

const protect = (source: readonly string[], destination: readonly string[]) =>
  cli.run(
    ...['protect', ...source, ...destination, '--region', '40,50,90,80', '--work-factor', '10'],
    ...['--report', path('report.txt'), '--json', ...FAST, ...key()],
  );
const restore = (source: readonly string[], destination: readonly string[]) =>
  cli.run('restore', ...source, ...destination, '--json', ...FAST, ...key());
const on = ({ root }: Pick<Server, 'root'>) => ['--from-dicomweb', root, '--study', BRAIN.study];
const to = ({ root }: Pick<Server, 'root'>) => ['--to-dicomweb', root];

/** What holds with any server. */
function roundTrips(serve: () => Promise<Server>): void {
  test('a study is protected on the server, and restored from it, byte for byte', async () => {
    const server = await serve();
    expect(await protect(on(server), to(server))).toBe(0);
    const results = cli.results();
    expect(results.map(({ ok, samplesChangedOutside }) => [ok, samplesChangedOutside])).toEqual(
      Array(3).fill([true, 0]),
    );
    for (const { output } of results) expect(output).toMatch(/^http:.*\/studies\/.*\/instances\/2\.25\.\d+$/);
    const made = await server.made();
    const restored = await Promise.all(made.map((file) => restoreFile(file, createKeyring(secret))));
    expect(restored.map(({ index, count }) => [index, count]).sort()).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);

    cli.errors();
    expect(await restore(on(server), ['-o', path('back')])).toBe(0);
    expect(cli.errors()).toBe('3 images: 3 restored.\n');
    for (const number of [10, 11, 12]) {
      const file = path(join('back', seriesOf(results[0]?.output), `${instanceOf(results, number)}.dcm`));
      expectSameBytes(readFileSync(file), await brainFile(number));
    }
    // The originals are there already, and the same: nothing is stored twice.
    expect(await restore(on(server), to(server))).toBe(0);
    expect((await server.made()).length).toBe(3);
  });

  test('run again, it goes on with what it left', async () => {
    const server = await serve();
    const source = study();
    rmSync(join(source, '11.dcm'));
    expect(await protect([source], to(server))).toBe(0);
    const [first, second] = cli.results();
    expect(await protect([source], to(server))).toBe(0);
    expect(cli.results()).toMatchObject([
      { output: first?.output, kept: true },
      { output: second?.output, kept: true },
    ]);
    expect(await server.made()).toHaveLength(2);
  });

  test('of a run that was interrupted, the rest is stored in the same series', async () => {
    const server = await serve();
    const source = study();
    expect(await protect([source], ['-o', path('out')])).toBe(0);
    for (const file of ['10.dcm', '12.dcm']) await server.store(readFileSync(path(`out/${file}`)));
    cli.output();
    expect(await protect([source], to(server))).toBe(0);
    const results = cli.results();
    expect(results.map(({ verified, kept }) => [verified, kept])).toEqual([
      [true, true],
      [true, undefined],
      [true, true],
    ]);
    expect(new Set(results.map(({ output }) => seriesOf(output))).size).toBe(1);
  });

  test('of compressed originals, packed again, the rest too', async () => {
    const server = await serve();
    const source = path('compressed');
    mkdirSync(source);
    for (const number of [1, 2]) writeFileSync(join(source, `${number}.dcm`), await jpegLs(number));
    const packed = (destination: readonly string[]) =>
      cli.run(
        ...[
          'protect',
          source,
          ...destination,
          '--region',
          '20,20,60,60',
          '--compress',
          '--work-factor',
          '10',
        ],
        ...['--json', ...FAST, ...key()],
      );
    expect(await packed(['-o', path('out')])).toBe(0);
    await server.store(readFileSync(path('out/2.dcm')));
    cli.output();
    expect(await packed(to(server))).toBe(0);
    expect(cli.results().map(({ verified, kept }) => [verified, kept])).toEqual([
      [true, undefined],
      [true, true],
    ]);
    expect(await packed(to(server))).toBe(0);
    expect(cli.results().map(({ kept }) => kept)).toEqual([true, true]);
  });

  test('protected for another key, it is stored beside what is there', async () => {
    const server = await serve();
    const source = study();
    expect(await protect([source], to(server))).toBe(0);
    const first = cli.results();
    writeFileSync(path('passphrase.txt'), 'another one');
    cli.errors();
    expect(await protect([source], to(server))).toBe(0);
    expect(cli.errors()).toContain('a new series is made beside them');
    const second = cli.results();
    expect(new Set([...first, ...second].map(({ output }) => output)).size).toBe(6);
    expect(new Set([...first, ...second].map(({ output }) => seriesOf(output))).size).toBe(2);
    // Either is gone on with by its own key.
    for (const [passphrase, before] of [
      ['another one', second],
      ['right words', first],
    ] as const) {
      writeFileSync(path('passphrase.txt'), passphrase);
      expect(await protect([source], to(server))).toBe(0);
      expect(cli.results()).toMatchObject(before.map(({ output }) => ({ output, kept: true })));
    }
  });

  test('for recipients, it goes on with an identity, and without one stores a second series', async () => {
    const server = await serve();
    const source = study();
    const identity = await generateX25519Identity();
    writeFileSync(path('key.txt'), identity);
    const start = ['protect', source, ...to(server), '--region', '40,50,90,80', '--json', ...FAST];
    const toRecipient = [...start, '--recipient', await identityToRecipient(identity)];
    expect(await cli.run(...toRecipient)).toBe(0);
    const first = cli.results();
    expect(await cli.run(...toRecipient, '--identity', path('key.txt'))).toBe(0);
    expect(cli.results()).toMatchObject(first.map(({ output }) => ({ output, kept: true })));
    cli.errors();
    expect(await cli.run(...toRecipient)).toBe(0);
    expect(cli.errors()).toMatch(/takes the --identity of one of its recipients\): a new series is made/);
    expect(new Set([...first, ...cli.results()].map(({ output }) => seriesOf(output))).size).toBe(2);
  });

  test('another series of the study is none that was left, although its images have the same numbers', async () => {
    const server = await serve();
    for (const series of ['1.2.5', '1.2.6']) {
      mkdirSync(path(series));
      for (const number of [1, 2, 3]) {
        writeFileSync(path(join(series, `${number}.dcm`)), made(number, series));
      }
      expect(await protect([path(series)], to(server))).toBe(0);
    }
    expect(cli.results().map(({ verified, kept }) => [verified, kept])).toEqual(
      Array(6).fill([true, undefined]),
    );
  });

  test('an object that is there already, and another one, is neither replaced nor passed over', async () => {
    const server = await serve();
    const source = study();
    expect(await protect([source], ['-o', path('out')])).toBe(0);
    writeFileSync(path('other.dcm'), withOtherPixel(readFileSync(path('out/11.dcm'))));
    await server.store(readFileSync(path('other.dcm')));
    cli.output();
    // What is there has the UID that the second image would get.
    for (const file of ['10.dcm', '12.dcm']) await server.store(readFileSync(path(`out/${file}`)));
    expect(await protect([source], to(server))).toBe(3);
    expect(cli.results().map(({ ok, reason }) => [ok, reason])).toEqual([
      [true, undefined],
      [false, 'output-exists'],
      [true, undefined],
    ]);
  });
}

const seriesOf = (address: unknown): string => /series\/([0-9.]+)\//.exec(String(address))?.[1] ?? '';
/** The protected instance of a slice. */
const instanceOf = (results: readonly Record<string, unknown>[], number: number): string => {
  const result = results.find(({ input }) => String(input).endsWith(BRAIN.instance(number)));
  return String(result?.output).split('/').at(-1) ?? '';
};

describe("the demo's server", () => {
  let running: RunningServer;
  afterEach(() => running.close());

  roundTrips(async () => {
    running = await startServer([study('served')]);
    const { root, archive } = running;
    return {
      root,
      made: async () =>
        archive
          .find()
          .filter(({ seriesInstanceUID }) => seriesInstanceUID !== BRAIN.series)
          .map((instance) => readFileSync(instance.path)),
      store: async (file) => {
        await archive.store(file);
      },
    };
  });
});

describe('a server that changes attributes', () => {
  let running: RunningServer;
  beforeEach(async () => {
    running = await startServer([study('served')]);
  });
  afterEach(() => running.close());

  /** Changes the protected images, or the originals, where the server keeps them. */
  function change(which: 'protected' | 'originals'): void {
    for (const { path: file, seriesInstanceUID } of running.archive.find()) {
      if ((seriesInstanceUID === BRAIN.series) !== (which === 'originals')) continue;
      const name = encode(text(PATIENT_NAME, 'PN', 'Roe^Rick'), EXPLICIT);
      writeFileSync(file, splice(readFile(readFileSync(file)), [{ tag: PATIENT_NAME, bytes: name }]));
    }
  }

  test('is named as one, and what it keeps is gone on with', async () => {
    const source = study();
    expect(await protect([source], to(running))).toBe(0);
    expect(cli.results().map(({ attributesChanged }) => attributesChanged)).toEqual(Array(3).fill(undefined));
    change('protected');
    cli.errors();
    expect(await protect([source], to(running))).toBe(0);
    expect(cli.results().map(({ kept, attributesChanged }) => [kept, attributesChanged])).toEqual(
      Array(3).fill([true, true]),
    );
    expect(cli.errors().match(/the server changed attributes/g)).toHaveLength(3);
  });

  test('is not said to have the original, byte for byte', async () => {
    expect(await protect([study()], to(running))).toBe(0);
    change('originals');
    cli.output();
    expect(await cli.run('restore', ...on(running), ...to(running), ...FAST, ...key())).toBe(0);
    const told = cli.output();
    expect(told).toContain('the file there is not the original');
    expect(told).not.toContain('the file equals');
  });

  test('is noticed when what was stored is read back', async () => {
    const sent = made(1);
    const name = encode(text(PATIENT_NAME, 'PN', 'Roe^Rick'), EXPLICIT);
    const client = {
      nameOf: () => 'https://pacs.example/1',
      store: async () => {},
      retrieve: async () => splice(readFile(sent), [{ tag: PATIENT_NAME, bytes: name }]),
    };
    const destination = serverDestination(client as unknown as DicomWebClient);
    const uids = { study: '1.2.4', series: '1.2.5', instance: '1.2.5.1' };
    expect(await destination.write({} as Input, sent, uids)).toEqual({
      name: 'https://pacs.example/1',
      attributesChanged: true,
    });
  });
});

describeWithOrthanc('Orthanc', () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    // It lists fewer images at a time than there are.
    orthanc = await startOrthanc({ LimitFindInstances: 2 });
  });
  afterAll(() => orthanc.stop());
  beforeEach(() => orthanc.clear());

  roundTrips(async () => {
    await orthanc.store([10, 11, 12].map((number) => readFileSync(slice(number))));
    return {
      root: orthanc.root,
      made: async () => {
        const series = await orthanc.search(`/studies/${BRAIN.study}/series`);
        const uids = series.map((object) => String(object['0020000E']?.Value?.[0]));
        const made = uids.filter((uid) => uid !== BRAIN.series);
        return (
          await Promise.all(made.map((uid) => orthanc.retrieve(`/studies/${BRAIN.study}/series/${uid}`)))
        ).flat();
      },
      store: (file) => orthanc.store([file]),
    };
  });
});
