import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { examine } from '../../src/cli/heading';
import { buildFile, buildImage, EXPLICIT, encode, imageNodes, join, type Node, text } from '../dicom/builder';
import { commandLine } from './support';

/** What belongs to a series, and in which order. */

const cli = commandLine();
const { path } = cli;

function put(name: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), bytes);
}

const protect = () =>
  cli.run(
    ...['protect', path('in'), '-o', path('out'), '--region', '20,20,60,60', '--work-factor', '10', '--json'],
    ...['--passphrase-file', path('passphrase.txt')],
  );
const verify = () => cli.run('verify', path('out'), '--json', '--passphrase-file', path('passphrase.txt'));
const findings = () => cli.results().filter(({ series }) => series !== undefined);

describe('a series of deflated files', () => {
  const deflated = (number: number, more: readonly Node[] = []) => {
    const nodes = imageNodes({
      bitsStored: 12,
      seed: number,
      nodes: [text(0x00080018, 'UI', `1.2.3.1.${number}`), text(0x00200013, 'IS', `${number}`), ...more],
    });
    const dataSet = join(nodes.map((node) => encode(node, EXPLICIT)));
    return buildFile({
      syntax: { uid: '1.2.840.10008.1.2.1.99', explicit: true },
      nodes: [],
      trailing: deflateRawSync(dataSet),
    });
  };
  const long: Node[] = [
    text(0x00190010, 'LO', 'OTHER'),
    { tag: 0x00191001, vr: 'OB', value: new Uint8Array(randomBytes(100_000)) },
  ];

  test.each([
    ['', []],
    [', with long elements before those that tell', long],
  ])('is one series, and what it lacks is told%s', async (_, more) => {
    for (const number of [1, 2, 3]) put(`in/${4 - number}.dcm`, deflated(number, more));
    expect(await protect()).toBe(0);
    const series = cli.results().map(({ output }) => examine(String(output)));
    const names = (await Promise.all(series)).map((file) => file.kind === 'image' && file.heading?.series);
    expect(new Set(names).size).toBe(1);
    rmSync(path('out/2.dcm'));
    expect(await verify()).toBe(5);
    expect(findings()).toMatchObject([{ missing: [2], duplicate: [], foreign: [], outOfPlace: [] }]);
  });

  test.each([
    ['cut off', (file: Uint8Array) => file.subarray(0, 400)],
    ['nonsense', (file: Uint8Array) => file.map((byte, index) => (index < 200 ? byte : 0xff))],
  ])('one that is %s is refused by name, and stops no other', async (_, spoil) => {
    put('in/1.dcm', deflated(1));
    put('in/2.dcm', spoil(deflated(2)));
    expect(await protect()).toBe(3);
    expect(cli.results().map(({ ok, reason }) => [ok, reason])).toEqual([
      [true, undefined],
      [false, 'truncated'],
    ]);
  });
});

describe('images whose files get other names', () => {
  const rename = () => {
    renameSync(path('out/1.dcm'), path('out/moved'));
    renameSync(path('out/2.dcm'), path('out/1.dcm'));
    renameSync(path('out/moved'), path('out/2.dcm'));
  };
  const image = (number: number, more: readonly Node[]) =>
    buildImage({
      bitsStored: 12,
      seed: number,
      nodes: [text(0x00080018, 'UI', `1.2.3.1.${number}`), ...more],
    });

  test('are in no other order where they have neither number nor position; what is missing is told', async () => {
    for (const number of [1, 2, 3]) put(`in/${number}.dcm`, image(number, []));
    expect(await protect()).toBe(0);
    rename();
    cli.results();
    expect(await verify()).toBe(0);
    expect(findings()).toEqual([]);
    rmSync(path('out/2.dcm'));
    expect(await verify()).toBe(5);
    expect(findings()).toMatchObject([{ missing: [1], duplicate: [], foreign: [], outOfPlace: [] }]);
  });

  test('are in the order of their numbers where they have them', async () => {
    for (const number of [1, 2, 3])
      put(`in/${number}.dcm`, image(number, [text(0x00200013, 'IS', `${number}`)]));
    expect(await protect()).toBe(0);
    rename();
    cli.results();
    expect(await verify()).toBe(0);
  });
});
