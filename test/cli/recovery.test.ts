import { writeFileSync } from 'node:fs';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import defaults from '../../.ohifrc';
import { commandLine, REGION, slice } from './support';

const cli = commandLine();
const { path } = cli;

/** An identity in a file, and its recipient. */
async function person(name: string): Promise<string> {
  const identity = await generateX25519Identity();
  writeFileSync(path(name), `${identity}\n`);
  return identityToRecipient(identity);
}

const protect = (...more: string[]) =>
  cli.run(
    ...['protect', slice(10), '-o', path('protected.dcm'), '--region', REGION, '--work-factor', '10'],
    ...['--passphrase-file', path('passphrase.txt'), ...more],
  );
const opens = async (identity: string) =>
  cli.run('verify', path('protected.dcm'), '--identity', path(identity));

test('a recovery recipient opens what is protected with a passphrase', async () => {
  const recovery = await person('recovery.txt');
  await person('stranger.txt');
  expect(await protect('--recovery', recovery)).toBe(0);
  expect(await opens('recovery.txt')).toBe(0);
  expect(await opens('stranger.txt')).toBe(4);
});

test('so do those that the program was built with, unasked', async () => {
  const key = await person('built-in.txt');
  const recovery = await person('recovery.txt');
  jest.replaceProperty(defaults.extension, 'recoveryRecipients', [{ name: 'Archive', key }]);
  expect(await protect()).toBe(0);
  expect(await opens('built-in.txt')).toBe(0);
  expect(await protect('--recovery', recovery)).toBe(0);
  expect(await opens('built-in.txt')).toBe(0);
  expect(await opens('recovery.txt')).toBe(0);
});
