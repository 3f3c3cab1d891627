import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { localDestination } from '../../src/cli/destination';
import { listFiles } from '../../src/cli/inputs';
import { restoreFile } from '../../src/dicom/index';
import { createKeyring } from '../../src/engine/index';
import { commandLine, REGION, slice } from './support';

/** Outputs in a folder: none is replaced, whoever wrote it, and none is half written. */

const cli = commandLine();
const { path } = cli;

const key = () => ['--passphrase-file', path('passphrase.txt')];
const protect = (report: string) =>
  cli.run(
    ...['protect', slice(10), '-o', path('out/'), '--region', REGION, '--work-factor', '10', '--json'],
    ...['--report', path(report), ...key()],
  );

/** What a file system without links says. */
const withoutLinks = () =>
  jest.spyOn(promises, 'link').mockImplementation(async () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'link' });
  });

describe.each<[string, () => void]>([
  ['on a disk that has links', () => undefined],
  ['on a disk that has none', withoutLinks],
])('%s', (_, prepare) => {
  beforeEach(prepare);

  test('of two runs at the same time, one writes and the other one says so', async () => {
    writeFileSync(path('other.txt'), 'Another report.');
    const codes = await Promise.all([protect('report.txt'), protect('other.txt')]);
    expect(codes.sort()).toEqual([0, 3]);
    const results = cli.results();
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: 'output-exists' });
    expect(results.find(({ ok }) => ok)).toMatchObject({ output: path('out/brain_010.dcm') });
    expect(readdirSync(path('out'))).toEqual(['brain_010.dcm']);
    const output = readFileSync(path('out/brain_010.dcm'));
    expect((await restoreFile(output, createKeyring({ passphrase: 'right words' }))).pixelsVerified).toBe(
      true,
    );
  });

  test('of two runs that restore, both are done: they write the same', async () => {
    await protect('report.txt');
    const restore = () =>
      cli.run('restore', path('out/brain_010.dcm'), '-o', path('back/'), ...key(), '--json');
    expect(await Promise.all([restore(), restore()])).toEqual([0, 0]);
    expect(readFileSync(path('back/brain_010.dcm')).equals(readFileSync(slice(10)))).toBe(true);
  });

  test('what came there after it was looked for is not replaced, and neither is a report left', async () => {
    mkdirSync(path('out'));
    const inputs = await listFiles([slice(10)], { signal: new AbortController().signal });
    const { destination } = await localDestination(inputs, path('out/'));
    const placeReport = jest.fn(async () => undefined);
    writeFileSync(path('out/brain_010.dcm'), 'mine');
    const uids = { study: '', series: '', instance: '' };
    const writing = destination.write(inputs.images[0]!, Buffer.from('theirs'), uids, placeReport);
    await expect(writing).rejects.toMatchObject({ reason: 'output-exists' });
    expect(placeReport).not.toHaveBeenCalled();
    expect(readdirSync(path('out'))).toEqual(['brain_010.dcm']);
    expect(readFileSync(path('out/brain_010.dcm'), 'utf8')).toBe('mine');
  });
});

test('where a file cannot take its place, no empty one stays there', async () => {
  withoutLinks();
  jest.spyOn(fs, 'renameSync').mockImplementation(() => {
    throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'rename' });
  });
  expect(await protect('report.txt')).toBe(3);
  expect(cli.results()).toMatchObject([{ ok: false, reason: 'EIO' }]);
  expect(readdirSync(path('out'))).toEqual([]);
});

test('the empty file that keeps a place without links is seen by nothing else of the run', async () => {
  withoutLinks();
  const lengths = new Set<number>();
  let running = true;
  const look = () => {
    const there = statSync(path('out/brain_010.dcm'), { throwIfNoEntry: false });
    if (there !== undefined) lengths.add(there.size);
    if (running) setImmediate(look);
  };
  look();
  expect(await protect('report.txt')).toBe(0);
  running = false;
  look();
  expect([...lengths]).toEqual([statSync(path('out/brain_010.dcm')).size]);
});

test('what has its name is on the disk already', async () => {
  const steps: string[] = [];
  const handle = await promises.open(path('report.txt'));
  const handles = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync } = handles;
  jest.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handle) {
    steps.push('sync');
    return sync.call(this);
  });
  const { link } = promises;
  jest.spyOn(promises, 'link').mockImplementation(async (from, to) => {
    steps.push('name');
    return link(from, to);
  });
  expect(await protect('report.txt')).toBe(0);
  expect(steps).toEqual(['sync', 'name']);
});

test('a single output file is replaced', async () => {
  writeFileSync(path('out.dcm'), 'mine');
  const argv = ['protect', slice(10), '-o', path('out.dcm'), '--region', REGION, '--work-factor', '10'];
  expect(await cli.run(...argv, ...key())).toBe(0);
  expect(existsSync(path('out.dcm'))).toBe(true);
  expect(readFileSync(path('out.dcm'), 'latin1')).not.toBe('mine');
});
