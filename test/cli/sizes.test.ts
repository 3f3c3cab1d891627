import { truncateSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { buildImage } from '../dicom/builder';
import { commandLine, REGION, slice } from './support';

/** Files that are larger than can be read or written. */

const cli = commandLine();
const { path } = cli;

const key = () => ['--passphrase-file', path('passphrase.txt')];
const protect = (input: string, output: string) =>
  cli.run('protect', input, '-o', output, '--region', REGION, '--work-factor', '10', '--json', ...key());

test('an input of more than 2 GiB is refused by name', async () => {
  writeFileSync(path('large.dcm'), buildImage());
  // Nothing is written behind what is there, where files may have holes.
  truncateSync(path('large.dcm'), 2200 * 2 ** 20);
  expect(await protect(path('large.dcm'), path('out.dcm'))).toBe(3);
  expect(cli.results()).toMatchObject([{ ok: false, code: 3, reason: 'too-large' }]);
  expect(cli.errors()).toContain(`${path('large.dcm')} is larger than 2 GiB`);
});

test('one that there is no memory for is refused by name', async () => {
  const { readFile } = promises;
  jest.spyOn(promises, 'readFile').mockImplementation((async (name: string, options: object) => {
    if (name !== slice(10)) return readFile(name, options);
    throw new RangeError('Array buffer allocation failed');
  }) as unknown as typeof readFile);
  expect(await protect(slice(10), path('out.dcm'))).toBe(3);
  expect(cli.results()).toMatchObject([{ ok: false, code: 3, reason: 'no-memory' }]);
  expect(cli.errors()).toContain(`${slice(10)} takes more memory than there is`);
});

test('an output larger than files may be is refused by name', async () => {
  const { writeFile } = promises;
  jest.spyOn(promises, 'writeFile').mockImplementation((async (name: string, ...more: [Uint8Array]) => {
    if (!name.endsWith('.partial')) return writeFile(name, ...more);
    throw Object.assign(new Error('EFBIG: file too large, write'), { code: 'EFBIG', syscall: 'write' });
  }) as unknown as typeof writeFile);
  expect(await protect(slice(10), path('out.dcm'))).toBe(3);
  expect(cli.results()).toMatchObject([{ ok: false, code: 3, reason: 'too-large' }]);
  expect(cli.errors()).toContain(`${path('out.dcm')} would be larger`);
});
