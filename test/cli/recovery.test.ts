import { writeFileSync } from 'node:fs';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
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

describe('what else the program was built with holds where an option says nothing else', () => {
  const protect = (...more: string[]) =>
    cli.run(
      ...['protect', slice(10), '-o', path('protected.dcm'), '--region', '120,110,24,20', '--json'],
      ...['--report', path('report.txt'), '--passphrase-file', path('passphrase.txt'), ...more],
    );
  const made = () => cli.results()[0]!;

  beforeEach(() => {
    jest.replaceProperty(defaults, 'extension', {
      ...defaults.extension,
      notice: 'Hidden.',
      contact: 'Ask extension 100.',
      carrier: 'surroundings',
      qr: 'notice',
      workFactor: 10,
    });
  });

  test('notice, contact, carrier, QR text and work factor', async () => {
    const cost = jest.spyOn(Encrypter.prototype, 'setScryptWorkFactor');
    expect(await protect()).toBe(0);
    expect(made()).toMatchObject({ qrText: 'Hidden. Ask extension 100.', carrier: 'surroundings' });
    expect(cost.mock.calls).toEqual([[10]]);
  });

  test('and options go over them', async () => {
    const more = ['--notice', 'Call us.', '--qr', 'open', '--carrier', 'automatic', '--work-factor', '11'];
    const cost = jest.spyOn(Encrypter.prototype, 'setScryptWorkFactor');
    expect(await protect(...more)).toBe(0);
    expect(cost.mock.calls).toEqual([[11]]);
    expect(made()).toMatchObject({ qrText: expect.stringContaining('Call us.'), carrier: 'qr' });
  });
});
